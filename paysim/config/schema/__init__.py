"""The form of a config: pydantic models of every block, one subject a file."""
