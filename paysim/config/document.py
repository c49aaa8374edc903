"""A config as written: TOML files merged along `extends`, knowing which file each key came from."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paysim.config.paths import inside, read_text
from paysim.config.table import Table, read_table
from paysim.config.wording import nearest, shown
from paysim.model.errors import InputError

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The merged content of a config and its bases, and the tables that it names.

    `origins` holds the file that wrote each key last; what is inside a list belongs to the list's file.
    `tables` holds every CSV file by path.
    """

    file: Path
    data: Mapping[str, Any]
    origins: Mapping[KeyPath, Path]
    tables: Mapping[Path, Table]

    def origin(self, path: KeyPath) -> Path:
        """Return the file that a key was written in, or the file of the nearest table around it."""
        while path and path not in self.origins:
            path = path[:-1]
        return self.origins.get(path, self.file)

    def refuse(self, path: KeyPath, found: str, expected: str) -> InputError:
        """Return the exception for what was found at a key."""
        return InputError(str(self.origin(path)), dotted(path), found, expected)

    def known(self, path: KeyPath, kind: str, name: str, known: Mapping[str, object]) -> str:
        """Return `name` if it is among the ids of that kind; raise InputError with the nearest one if not."""
        if name in known:
            return name
        raise self.refuse(path, f"unknown {kind} {name!r}", nearest(name, known))

    def table(self, path: KeyPath) -> Table:
        """Return the CSV table that the `{file = ...}` at a key names."""
        key = (*path, "file")
        return self.tables[inside(self.origin(key), value_at(self.data, key), dotted(key))]


def dotted(path: KeyPath) -> str:
    """Return a key path as text: 'pathway.emergency.step.ward.next[0].to'."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


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


def read_document(file: Path) -> Document:
    """Return a config file merged over the chain of configs that it extends, with its tables read.

    Tables merge key by key; everything else replaces. Raises InputError for text that is not TOML, chains that
    bite their tail, and files that are missing or outside the folder.
    """
    data: dict[str, Any] = {}
    origins: dict[KeyPath, Path] = {}
    for layer in reversed(_chain(file)):
        _merge(data, layer[1], layer[0], (), origins)
    return Document(file, data, origins, _tables(data, origins))


def _chain(file: Path) -> list[tuple[Path, dict[str, Any]]]:
    chain: list[tuple[Path, dict[str, Any]]] = []
    seen: set[Path] = set()
    while True:
        data = _parse(file)
        base = data.pop("extends", None)
        chain.append((file, data))
        seen.add(file.resolve())
        if base is None:
            return chain
        if not isinstance(base, str):
            raise InputError(str(file), "extends", f"found {shown(base)}", "expected the name of a config in quotes")
        base_file = inside(file, base, "extends")
        if base_file.resolve() in seen:
            way = " -> ".join([*(str(config) for config, _ in chain), str(base_file)])
            raise InputError(str(file), "extends", f"found a circle: {way}", "expected a chain of bases that ends")
        file = base_file


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        raise InputError(str(file), place.removesuffix(")"), message, "expected valid TOML") from None


def _merge(
    into: dict[str, Any], layer: Mapping[str, Any], file: Path, path: KeyPath, origins: dict[KeyPath, Path]
) -> None:
    for key, value in layer.items():
        here = (*path, key)
        origins[here] = file
        if isinstance(value, dict):
            if not isinstance(into.get(key), dict):
                into[key] = {}
            _merge(into[key], value, file, here, origins)
        else:
            into[key] = value


def _tables(data: Mapping[str, Any], origins: Mapping[KeyPath, Path]) -> dict[Path, Table]:
    tables: dict[Path, Table] = {}
    for path, value in nodes(data):
        if path and path[-1] == "file" and isinstance(value, str):
            owner = path
            while owner not in origins:
                owner = owner[:-1]
            file = inside(origins[owner], value, dotted(path))
            if file not in tables:
                tables[file] = read_table(file)
    return tables
