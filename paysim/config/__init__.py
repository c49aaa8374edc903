"""TOML and CSV in, System out: the form of a config, its tables, and every check before anything runs."""

from paysim.config.load import load, system_of
from paysim.config.schema.config import json_schema

__all__ = ["json_schema", "load", "system_of"]
