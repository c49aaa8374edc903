"""A config as written: TOML files and rows merged along `extends`, knowing where each key came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from paysim.config.paths import inside
from paysim.config.rows import Origin, Rows
from paysim.config.table import CsvTable
from paysim.config.wording import nearest
from paysim.model.errors import InputError, dotted

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The merged content of a config and its bases, and the tables that it names.

    `layers` are the config and its bases, bases first. `origins` holds where each key was last written. `rows` holds
    the tables' rows that gave the keys at a path, `sources` the source that each config names for the table at a path,
    bases first, and `tables` every CSV file by path.
    """

    file: Path
    layers: tuple[Path, ...]
    data: Mapping[str, Any]
    origins: Mapping[KeyPath, Origin]
    rows: Mapping[KeyPath, tuple[Rows, ...]]
    sources: Mapping[KeyPath, tuple[tuple[Origin, str], ...]]
    tables: Mapping[Path, CsvTable]

    def origin(self, path: KeyPath) -> Origin:
        """Return where a key was written: where the nearest table around it was, if it was not."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.origins:
                origin = self.origins[path[:length]]
                for key in path[length:]:
                    origin = origin.below(key)
                return origin
        return Origin(self.file)

    def layer(self, origin: Origin) -> int:
        """Return the place among the layers of the config that wrote a key, or named the table that it is in."""
        return self.layers.index(origin.config)

    def refuse(self, path: KeyPath, found: str, expected: str) -> InputError:
        """Return the exception for what was found at a key."""
        origin = self.origin(path)
        return InputError(str(origin.file), origin.where or dotted(path), found, expected)

    def known(self, path: KeyPath, kind: str, name: str, known: Mapping[str, object]) -> str:
        """Return `name` if it is among the ids of that kind; raise InputError with the nearest one if not."""
        if name in known:
            return name
        raise self.refuse(path, f"unknown {kind} {name!r}", nearest(name, known))

    def table(self, path: KeyPath) -> CsvTable:
        """Return the CSV table that the `{file = ...}` at a key names."""
        key = (*path, "file")
        return self.tables[inside(self.origin(key).file, value_at(self.data, key), dotted(key))]

    @cached_property
    def columns_named(self) -> Mapping[Path, frozenset[str]]:
        """The columns that `{file = ..., column = ...}` anywhere in the config name, by the table's file."""
        named: dict[Path, frozenset[str]] = {}
        for path, value in nodes(self.data):
            match value:
                case {"file": str(), "column": str(column)}:
                    file = self.table(path).file
                    named[file] = named.get(file, frozenset()) | {column}
        return named


def value_at(data: Any, path: KeyPath) -> Any:
    """Return what stands at a key path."""
    for part in path:
        data = data[part]
    return data


def nodes(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every key path with its value, tables and lists before what they hold."""
    yield path, data
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        yield from nodes(value, (*path, key))
