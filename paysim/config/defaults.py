"""Every default number that a config leaves in force, with the source that the schema names for it."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from paysim.config.parameters import is_number
from paysim.config.schema.config import Config
from paysim.model.evidence import Parameter, Source


def defaults(config: Config) -> tuple[Parameter, ...]:
    """Return a Parameter for each default number in force, counted over the tables that leave it out.

    Tables of one form count together: `*` stands for their ids, a kind in brackets for terms and effects of that kind.
    """
    counts: dict[Parameter, int] = {}
    for parameter in _walk("", config):
        counts[parameter] = counts.get(parameter, 0) + 1
    return tuple(Parameter(p.path, p.value, p.source, by_default=count) for p, count in counts.items())


def _walk(path: str, value: Any) -> Iterator[Parameter]:
    match value:
        case BaseModel():
            for name, field in type(value).model_fields.items():
                here = f"{path}.{field.alias or name}".removeprefix(".")
                inner = getattr(value, name)
                default = "" if name in value.model_fields_set else _number_of(field, inner)
                if default:
                    yield Parameter(here, default, _source_of(field))
                else:
                    yield from _walk(here, inner)
        case dict():
            for item in value.values():
                yield from _walk(f"{path}.*", item)
        case list():
            for item in value:
                yield from _walk(f"{path}[{getattr(item, 'kind', '*')}]", item)


def _number_of(field: FieldInfo, default: Any) -> str:
    """Return a default number in words, '' for a default that is none and stands for none."""
    match default:
        case list() if default and all(is_number(item) for item in default):
            alike = all(item == default[0] for item in default)
            return f"{len(default)} times {default[0]}" if alike else str(default)
        case _ if is_number(default):
            return str(default)
        case _:
            return str(_said(field).get("stands_for", ""))


def _source_of(field: FieldInfo) -> Source | None:
    said = _said(field).get("default_source")
    return Source(id="", **said) if said else None


def _said(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
