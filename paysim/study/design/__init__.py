"""The search for a contract: simulated once, settled as often as the search asks."""
