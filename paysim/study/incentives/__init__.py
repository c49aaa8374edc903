"""What one step of each lever does: every lever and replication simulated, paid for and compared."""
