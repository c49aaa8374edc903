"""What a care system is: frozen values, units, money and calendar. Standard library and NumPy only."""
