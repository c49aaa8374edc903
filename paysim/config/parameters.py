"""Every number that a config writes, with its source."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

from paysim.config.document import Document, KeyPath
from paysim.config.rows import Origin
from paysim.config.table import Row
from paysim.config.wording import nearest
from paysim.model.errors import InputError, dotted
from paysim.model.evidence import Parameter, Source, Status

_NO_PARAMETERS = ("study", "source")
"""Blocks whose numbers say how to run a study, or are evidence themselves."""

_STATUSES: Mapping[str, Status] = {status: status for status in get_args(Status)}


_Named = tuple[tuple[int, Source], ...]
"""The sources named around a key, each with the number of the layer that names it; the nearest one first."""


def parameters(document: Document, sources: Mapping[str, Source]) -> tuple[Parameter, ...]:
    """Return a Parameter for every number, list of numbers and table file written, in the order of the config.

    A number that a row of a CSV file gives belongs to the Parameter of its file. A table's `source` holds for the
    tables inside it that name none, but not for what a config that extends the one that names it writes there, nor for
    what has a source in the config that writes it. A CSV file whose rows have a `status` (and a `source`) of their own
    gives a Parameter for each. Raises InputError for unknown sources.
    """
    blocks = {key: value for key, value in document.data.items() if key not in _NO_PARAMETERS}
    return tuple(_walk(document, (), blocks, (), sources))


def _walk(
    document: Document, path: KeyPath, value: Any, named: _Named, sources: Mapping[str, Source]
) -> Iterator[Parameter]:
    if not isinstance(value, dict | list) and document.origin(path).row is not None:
        return
    match value:
        case bool():
            return
        case int() | float():
            yield Parameter(dotted(path), str(value), _source_of(document, document.origin(path), named, sources))
        case list() if value and all(is_number(item) for item in value):
            yield Parameter(dotted(path), str(value), _source_of(document, document.origin(path), named, sources))
        case list():
            for number, item in enumerate(value):
                yield from _walk(document, (*path, number), item, named, sources)
        case dict():
            for origin, id in document.sources.get(path, ()):
                named = ((document.layer(origin), _known(path, origin, id, sources)), *named)
            for rows in document.rows.get(path, ()):
                source = _source_of(document, rows.origin, named, sources)
                yield from _of_rows(path, rows.written, rows.with_numbers(), source, sources)
            if isinstance(value.get("file"), str):
                keys = [key for key in ("file", "column") if key in value]
                written = ": ".join(value[key] for key in keys)
                last = max((document.origin((*path, key)) for key in keys), key=document.layer)
                source = _source_of(document, last, named, sources)
                yield from _of_rows(path, written, document.table(path).rows, source, sources)
            for key, item in value.items():
                yield from _walk(document, (*path, key), item, named, sources)


def _known(path: KeyPath, origin: Origin, id: str, sources: Mapping[str, Source]) -> Source:
    if id in sources:
        return sources[id]
    where = origin.where or dotted((*path, "source"))
    raise InputError(str(origin.file), where, f"unknown source {id!r}", nearest(id, sources))


def _source_of(document: Document, origin: Origin, named: _Named, sources: Mapping[str, Source]) -> Source | None:
    """Return the source of what was written there: its row's, or else the nearest that its config names around it.

    Where its config names none, it is the nearest that the first one names of those that extend this config.
    """
    written = document.layer(origin)
    from_there_on = (each for each in named if each[0] >= written)
    _, source = min(from_there_on, key=lambda each: each[0], default=(written, None))
    return _source_of_row(origin.row, source, sources) if origin.row else source


def _of_rows(
    path: KeyPath, written: str, rows: Sequence[Row], source: Source | None, sources: Mapping[str, Source]
) -> Iterator[Parameter]:
    counts = Counter(_source_of_row(row, source, sources) for row in rows)
    for row_source, count in counts.items():
        share = f" ({count} of {counts.total()} rows)" if len(counts) > 1 else ""
        yield Parameter(dotted(path), written + share, row_source)


def _source_of_row(row: Row, source: Source | None, sources: Mapping[str, Source]) -> Source | None:
    """Return the source that a row names with its status, by id or in words; the table's where it names none."""
    if status := row.cells.get("status", ""):
        row.known("status", "status", _STATUSES)
        named = row.cells.get("source", "")
        own = sources.get(named) if named else source
        in_words = Source(named, named, row.cells.get("year", ""), "assumed", row.cells.get("note", ""))
        return replace(own or in_words, status=_STATUSES[status])
    return sources.get(row.cells.get("source", ""), source)


def is_number(value: object) -> bool:
    """Return whether a value of a config is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
