"""Every number of a config with its source."""

from collections.abc import Iterator, Mapping
from typing import Any

from paysim.config.document import Document, KeyPath, dotted
from paysim.model.evidence import Parameter, Source

_NO_PARAMETERS = ("study", "source")
"""Blocks whose numbers say how to run a study, or are evidence themselves."""


def parameters(document: Document, sources: Mapping[str, Source]) -> tuple[Parameter, ...]:
    """Return a Parameter for every number, list of numbers and table file, in the order of the config.

    A table's `source` holds for the tables inside it that name none. Raises InputError for unknown sources.
    """
    blocks = {key: value for key, value in document.data.items() if key not in _NO_PARAMETERS}
    return tuple(_walk(document, (), blocks, None, sources))


def _walk(
    document: Document, path: KeyPath, value: Any, source: Source | None, sources: Mapping[str, Source]
) -> Iterator[Parameter]:
    match value:
        case bool():
            return
        case int() | float():
            yield Parameter(dotted(path), str(value), source)
        case list() if value and all(_is_number(item) for item in value):
            yield Parameter(dotted(path), str(value), source)
        case list():
            for number, item in enumerate(value):
                yield from _walk(document, (*path, number), item, source, sources)
        case dict():
            if isinstance(named := value.get("source"), str):
                source = sources[document.known((*path, "source"), "source", named, sources)]
            if isinstance(file := value.get("file"), str):
                column = value.get("column")
                yield Parameter(dotted(path), f"{file}: {column}" if column else file, source)
            for key, item in value.items():
                yield from _walk(document, (*path, key), item, source, sources)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
