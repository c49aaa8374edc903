"""What all blocks share: strict values, known keys only, ids, sources, and alternatives told apart by their form."""

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from paysim.config.limits import LARGEST_COUNT, LARGEST_NUMBER

_ID = "^[A-Za-z0-9_-]+$"
_SOURCE = "Key of the [source.*] block that this table and the tables inside it come from."


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


class _Blocks:
    """Lets a table of blocks carry a `source` beside them, and checks that the other keys are ids."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        schema["properties"] = {"source": {"type": "string", "description": _SOURCE}}
        schema["propertyNames"] = {"pattern": _ID}
        return schema


def _ids(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    blocks = {key: value for key, value in data.items() if not (key == "source" and isinstance(value, str))}
    for key in blocks:
        if not re.fullmatch(_ID, key):
            raise refusal(f"found id {key!r}", "expected letters, digits, '_' and '-' only")
    return blocks


_T = TypeVar("_T")

Blocks = Annotated[dict[str, _T], BeforeValidator(_ids), _Blocks()]
"""A table of blocks by id, such as [service.*]."""

Text = Annotated[str, Field(min_length=1)]
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
