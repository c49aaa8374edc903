"""What all blocks share: strict values, known keys only, ids, sources, and alternatives told apart by their form."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from paysim.config.rows import ID
from paysim.model.evidence import Source
from paysim.model.limits import LARGEST_COUNT, LARGEST_NUMBER

_SOURCE = "Key of the [source.*] block that this table and the tables inside it come from."


def resting_on(source: Source, stands_for: str = "") -> dict[str, Any]:
    """Return what the JSON Schema says of a default beside its value: its source, and a number that it stands for.

    Every default number has one, and every default that is no number but stands for one.
    """
    said = {"default_source": {"citation": source.citation, "year": source.year, "status": source.status}}
    return said | ({"stands_for": stands_for} if stands_for else {})


def refusal(found: str, expected: str, *, key: str = "") -> PydanticCustomError:
    """Return the error that a validator raises: what was found (at `key` of its table) and what was expected."""
    return PydanticCustomError("refused", "refused", {"found": found, "expected": expected, "key": key})


class Strict(BaseModel):
    """A table with known keys only, and values of exactly the right type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _keys_are_known_and_complete(cls, data: Any) -> Any:
        if isinstance(data, dict):
            fields = {field.alias or name: field for name, field in cls.model_fields.items()}
            for key in data:
                if key not in fields:
                    raise PydanticCustomError("unknown_key", "unknown", {"key": key, "allowed": list(fields)})
            for key, field in fields.items():
                if field.is_required() and key not in data:
                    raise PydanticCustomError("missing_key", "missing", {"key": key, "meaning": field.description})
        return data


class Table(Strict):
    """A table that may name the source of its numbers."""

    source: str | None = Field(None, description=_SOURCE)


class FromRows(Strict):
    """Rows of a CSV table in place of keys, and keys beside them that win over those of the rows."""

    file: str = Field(description="CSV file, relative to the config that names it.")
    by: str = Field(description="Column that holds the ids.")
    column: str | None = Field(None, description="Column that holds the values; all columns, as keys, unless given.")


class FromColumn(Strict):
    """The ids in a column of a CSV table, as a list."""

    file: str = Field(description="CSV file, relative to the config that names it.")
    list: str = Field(description="Column that holds the ids.")


class _ById:
    """Says that a table by id may name rows, and a table of blocks the source of what they hold."""

    def __init__(self, blocks: bool) -> None:
        self.blocks = blocks

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        text = {"source": _SOURCE} if self.blocks else {}
        text |= {name: str(key.description) for name, key in FromRows.model_fields.items()}
        schema["properties"] = {name: {"type": "string", "description": meaning} for name, meaning in text.items()}
        schema["dependentRequired"] = {"file": ["by"], "by": ["file"], "column": ["by"]}
        schema["propertyNames"] = {"pattern": ID}
        return schema


class _Ids:
    """Says that a list of ids may be a column of a CSV table."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(core), handler(FromColumn.__pydantic_core_schema__)]}


def _keys(data: Any) -> Any:
    if isinstance(data, dict):
        for key in ("file", "by"):
            if isinstance(data.get(key), str):
                other = {"file": "by", "by": "file"}[key]
                raise refusal(f"found `{key}` without `{other}`", "expected both, or the keys themselves", key=other)
    return data


def _ids(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    blocks = {key: value for key, value in data.items() if not (key == "source" and isinstance(value, str))}
    for key in blocks:
        if not re.fullmatch(ID, key):
            raise refusal(f"found id {key!r}", "expected letters, digits, '_' and '-' only")
    return blocks


_T = TypeVar("_T")

Blocks = Annotated[dict[str, _T], BeforeValidator(_ids), BeforeValidator(_keys), _ById(blocks=True)]
"""A table of blocks by id, such as [service.*]."""

ById = Annotated[dict[str, _T], Field(min_length=1), BeforeValidator(_keys), _ById(blocks=False)]
"""A table of values by id, such as { hill = 0.4, vale = 0.6 }."""

Ids = Annotated[list[_T], Field(min_length=1), _Ids()]
"""A list of ids."""

Text = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Amount = Annotated[float, Field(ge=0, le=LARGEST_NUMBER)]
Positive = Annotated[float, Field(gt=0, le=LARGEST_NUMBER)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT)]
AtLeastOne = Annotated[int, Field(ge=1, le=LARGEST_COUNT)]


def told_apart(tag_of: Callable[[Any], str]) -> Discriminator:
    """Return the discriminator of alternatives that differ by their form.

    Tags are phrases that say what was expected, so a refusal can quote them.
    """
    return Discriminator(tag_of)


def by_table(table: str, otherwise: str) -> Discriminator:
    """Return the discriminator that picks the tag `table` for tables and `otherwise` for anything else."""
    return told_apart(lambda value: table if isinstance(value, dict) else otherwise)
