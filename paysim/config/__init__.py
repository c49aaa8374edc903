"""TOML and CSV in, a System out."""
