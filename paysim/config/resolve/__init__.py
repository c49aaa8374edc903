"""From the form of a config to the values of the model: names looked up, tables read, units converted."""
