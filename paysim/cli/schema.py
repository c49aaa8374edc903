"""`paysim schema`."""

from typing import Annotated

import typer

from paysim.cli.terminal import print_json
from paysim.model.errors import refuse_unknown


def schema(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="config, or map: how an extract is read.")] = "config",
) -> None:
    """Print the JSON Schema of a config or of a map."""
    from paysim.config import json_schema
    from paysim.config.schema.extract import map_json_schema

    schemas = {"config": json_schema, "map": map_json_schema}
    refuse_unknown("schema", [what], tuple(schemas))
    print_json(schemas[what]())
