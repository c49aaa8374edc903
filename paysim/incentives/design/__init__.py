"""Contract design: the parameters of a contract that bring what organisations do close to what is best for all."""
