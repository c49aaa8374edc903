"""Settlement, costs and accounts: what activity earns and uses, in integer pence."""
