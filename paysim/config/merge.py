"""Reading a config: the files that it extends, the rows that it names, all merged into one document."""

import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from paysim.config.document import Document, KeyPath, nodes
from paysim.config.paths import inside, read_text
from paysim.config.rows import Origin, Rows, columns_read, ids_of, keys_of, names_list, names_rows
from paysim.config.table import CsvTable, read_table
from paysim.config.wording import shown
from paysim.model.errors import InputError, dotted


@dataclass(frozen=True, slots=True)
class _Merged:
    """What has been read so far."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[KeyPath, Origin] = field(default_factory=dict)
    rows: dict[KeyPath, tuple[Rows, ...]] = field(default_factory=dict)
    sources: dict[KeyPath, tuple[tuple[Origin, str], ...]] = field(default_factory=dict)
    tables: dict[Path, CsvTable] = field(default_factory=dict)


def read_document(file: Path) -> Document:
    """Return a config file merged over the configs that it extends, with its tables read.

    Bases come in the order that they are named, each once, before the file that names them. Tables merge key by key;
    everything else replaces. Keys beside `file` and `by` replace those of the rows. Raises InputError for text that is
    not TOML, configs that extend each other in a circle, files that are missing or outside the folder, and rows that
    cannot be keys.
    """
    merged = _Merged()
    layers: dict[Path, dict[str, Any]] = {}
    _read_layers(file, (), layers)
    for layer, data in layers.items():
        for key, value in data.items():
            _put(merged, merged.data, (key,), value, Origin(layer))
    _read_tables(merged)
    return Document(file, tuple(layers), merged.data, merged.origins, merged.rows, merged.sources, merged.tables)


def _read_layers(file: Path, extending: tuple[Path, ...], layers: dict[Path, dict[str, Any]]) -> None:
    """Add the content of a file to `layers`, after that of those of its bases that are not there.

    `extending` are the files on the way to it.
    """
    data = _parse(file)
    bases = data.pop("extends", [])
    for number, base in enumerate(bases if isinstance(bases, list) else [bases]):
        where = f"extends[{number}]" if isinstance(bases, list) else "extends"
        if not isinstance(base, str):
            raise InputError(str(file), where, f"found {shown(base)}", "expected the name of a config in quotes")
        base_file = inside(file, base, where)
        way = (*extending, file)
        if base_file.resolve() in [config.resolve() for config in way]:
            found = f"found a circle: {' -> '.join(map(str, (*way, base_file)))}"
            raise InputError(str(file), where, found, "expected a chain of bases that ends")
        if base_file not in layers:
            _read_layers(base_file, way, layers)
    layers[file] = data


_DEEPEST = 64
"""Tables and lists around another: many times what a config has, and far from where Python stops following."""

_LINE_BREAK_IN_TABLE = "Invalid initial character for a key part"
"""What tomllib says, among other things, of a table in braces that goes on in the next line."""


def _parse(file: Path) -> dict[str, Any]:
    text = read_text(file)
    try:
        data = tomllib.loads(text)
        too_deep = _deeper_than(_DEEPEST, data)
    except tomllib.TOMLDecodeError as error:
        message, _, place = str(error).rpartition(" (at ")
        hint = "; a table in { } must stand on one line" if message == _LINE_BREAK_IN_TABLE else ""
        raise InputError(str(file), place.removesuffix(")"), message, f"expected valid TOML{hint}") from None
    except ValueError:
        # Python reads no longer ones, and tomllib passes on what it says.
        found = f"found a whole number of more than {sys.get_int_max_str_digits():,} digits"
        raise InputError(str(file), "", found, "expected numbers of fewer digits") from None
    except RecursionError:
        too_deep = True
    if too_deep:
        found = f"found a table or list within more than {_DEEPEST} others"
        raise InputError(str(file), "", found, "expected none as deep")
    return data


def _deeper_than(levels: int, data: dict[str, Any]) -> bool:
    """Return whether a document has tables or lists within more than so many others."""
    level: list[Any] = [data]
    for _ in range(levels + 1):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [value for values in held for value in values if isinstance(value, dict | list)]
    return bool(level)


def _put(merged: _Merged, into: dict[str, Any], path: KeyPath, value: Any, origin: Origin) -> None:
    """Set the key that a path ends with, or merge a table into the one that stands there."""
    key = str(path[-1])
    merges = isinstance(value, dict) and not names_list(value)
    if key in into and not (merges and isinstance(into[key], dict)):
        _forget(merged, path)
        del into[key]
    merged.origins[path] = origin
    if merges:
        _merge(merged, into.setdefault(key, {}), path, value, origin)
    else:
        into[key] = _plain(merged, path, value, origin)


def _merge(merged: _Merged, into: dict[str, Any], path: KeyPath, value: dict[str, Any], origin: Origin) -> None:
    if names_rows(value):
        table = _table(merged, origin, (*path, "file"), value["file"])
        try:
            columns = columns_read(table, value)
        except InputError as refusal:
            raise _at(refusal, origin, path) from None
        written = ": ".join(value[name] for name in ("file", "column") if name in value)
        merged.rows[path] = (*merged.rows.get(path, ()), Rows(origin, written, table.rows, columns))
        for name, row_value, row_origin in keys_of(origin.config, table, value["by"], columns, "column" in value):
            _put(merged, into, (*path, name), row_value, row_origin)
        value = {name: item for name, item in value.items() if name not in ("file", "by", "column")}
    for name, item in value.items():
        _put(merged, into, (*path, name), item, origin.below(name))
        if name == "source" and isinstance(item, str):
            # Beside those that bases name for this table: their numbers still come from these.
            merged.sources[path] = (*merged.sources.get(path, ()), (origin.below(name), item))


def _plain(merged: _Merged, path: KeyPath, value: Any, origin: Origin) -> Any:
    """Return a value that is not merged; tables in lists get the rows that they name."""
    if names_list(value):
        table = _table(merged, origin, (*path, "file"), value["file"])
        try:
            ids = ids_of(origin.config, table, value["list"])
        except InputError as refusal:
            raise _at(refusal, origin, path) from None
        for number, (_, row_origin) in enumerate(ids):
            merged.origins[(*path, number)] = row_origin
        return [name for name, _ in ids]
    if isinstance(value, list):
        return [_plain(merged, (*path, number), item, origin) for number, item in enumerate(value)]
    if isinstance(value, dict):
        table_in_list: dict[str, Any] = {}
        _merge(merged, table_in_list, path, value, origin)
        return table_in_list
    return value


def _forget(merged: _Merged, path: KeyPath) -> None:
    """Drop what is known of the keys below one that is replaced."""
    by_path: tuple[dict[KeyPath, Any], ...] = (merged.origins, merged.rows, merged.sources)
    for known in by_path:
        for stale in [below for below in known if below[: len(path)] == path]:
            del known[stale]


def _at(refusal: InputError, origin: Origin, path: KeyPath) -> InputError:
    """Return a refusal placed at a key of the table at `path`; one of a CSV file's own stays where it is."""
    if refusal.file:
        return refusal
    where = origin.where or dotted((*path, refusal.key_path))
    return InputError(str(origin.file), where, refusal.found, refusal.expected)


def _table(merged: _Merged, origin: Origin, path: KeyPath, named: str) -> CsvTable:
    file = inside(origin.file, named, origin.where or dotted(path))
    if file not in merged.tables:
        merged.tables[file] = read_table(file)
    return merged.tables[file]


def _read_tables(merged: _Merged) -> None:
    """Read the tables that keys `file` name and that give no keys themselves."""
    for path, value in nodes(merged.data):
        if path and path[-1] == "file" and isinstance(value, str):
            owner = path
            while owner not in merged.origins:
                owner = owner[:-1]
            _table(merged, merged.origins[owner], path, value)
