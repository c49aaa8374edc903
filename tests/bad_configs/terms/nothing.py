"""A file that registers nothing."""
