"""How organisations respond: expectations, equilibria and years, over replications."""
