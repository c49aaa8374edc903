"""A comparison made readable: figures, the HTML report, terminal tables and the machine-readable answer."""
