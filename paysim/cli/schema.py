"""`paysim schema`."""

from paysim.cli.terminal import print_json


def schema() -> None:
    """Print the JSON Schema of a config."""
    from paysim.config import json_schema

    print_json(json_schema())
