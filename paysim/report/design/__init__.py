"""A contract design, as tables, words and pictures."""
