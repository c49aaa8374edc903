"""Rows of a CSV table in place of keys: `{ file, by }`, `{ file, by, column }` and `{ file, list }`.

Wherever a config has a table by id, a CSV file may stand in: its rows become keys before anything is merged or
validated, so whatever holds for keys that are written out holds for rows too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paysim.config.table import NOTES, CsvTable, Row
from paysim.config.wording import nearest
from paysim.model.errors import InputError

ID = "^[A-Za-z0-9_-]+$"
"""What an id is made of."""

_NO_KEYS = tuple(column for column in NOTES if column != "name")
_MOST_DIGITS = 40
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a key was written: in a config, or in a row of a table that it names, in a column unless it is the row."""

    config: Path
    row: Row | None = None
    column: str = ""

    def below(self, key: str | int) -> "Origin":
        """Return the origin of a key under this one: in a row, a column of that name."""
        return Origin(self.config, self.row, f"{self.column}.{key}".removeprefix(".")) if self.row else self

    @property
    def file(self) -> Path:
        """The file that holds the key: the config's, or the table's."""
        return self.row.file if self.row else self.config

    @property
    def where(self) -> str:
        """Row and column as a refusal names them; '' in a TOML file."""
        if self.row is None:
            return ""
        return f"row {self.row.number}, column {self.column!r}" if self.column else f"row {self.row.number}"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that give a table its keys, and where they are named.

    `written` is the table's file, with its column if only one is read.
    """

    origin: Origin
    written: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...]

    def with_numbers(self) -> tuple[Row, ...]:
        """Return the rows that hold a number in a column that is read."""
        return tuple(row for row in self.rows if any(_NUMBER.fullmatch(row.cells[column]) for column in self.columns))


def names_rows(value: Mapping[str, Any]) -> bool:
    """Return whether a table of the config names rows that give it its keys: it has `file` and `by`."""
    return isinstance(value.get("file"), str) and isinstance(value.get("by"), str)


def names_list(value: object) -> bool:
    """Return whether a value of the config is `{ file, list }`: a list of the ids in a column."""
    return isinstance(value, dict) and value.keys() == {"file", "list"} and all(map(_is_text, value.values()))


def columns_read(table: CsvTable, value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of a table that give keys or values: all but ids and notes, or the one that is named.

    Raises InputError for a column `by` or `column` that the table lacks, placed at that key.
    """
    offered = [column for column in table.columns if column not in _NO_KEYS]
    _known_column(table, "by", value["by"], offered)
    if "column" in value:
        _known_column(table, "column", value["column"], offered)
        return (value["column"],)
    return tuple(column for column in offered if column != value["by"])


def keys_of(
    config: Path, table: CsvTable, by: str, columns: tuple[str, ...], single: bool
) -> Iterator[tuple[str, Any, Origin]]:
    """Yield id, value and origin of every row: the cell of a single column, or a table with the columns as keys.

    'cost.fixed' is key `fixed` of table `cost`. A cell that reads as a number is one, 'true' and 'false' are what they
    say, an empty cell gives no key, and anything else is text. Raises InputError for an id that is given twice.
    """
    seen: dict[str, Row] = {}
    for row in table.rows:
        name = _id(row, by)
        if name in seen:
            raise row.refuse(by, f"found {name!r} again", f"expected each {by} once")
        seen[name] = row
        if not single:
            yield name, _block(row, columns), Origin(config, row)
        elif row.cells[columns[0]]:
            yield name, _value(row.cells[columns[0]]), Origin(config, row, columns[0])


def ids_of(config: Path, table: CsvTable, column: str) -> list[tuple[str, Origin]]:
    """Return the ids in a column, each with its origin.

    An id here may be that of a step, 'pathway.step'. Raises InputError for a column that the table lacks, placed at key
    `list`, and for an empty cell.
    """
    _known_column(table, "list", column, [name for name in table.columns if name not in _NO_KEYS])
    return [(row.text(column), Origin(config, row, column)) for row in table.rows]


def _id(row: Row, column: str) -> str:
    name = row.text(column)
    if not re.fullmatch(ID, name):
        raise row.refuse(column, f"found id {name!r}", "expected letters, digits, '_' and '-' only")
    return name


def _known_column(table: CsvTable, key: str, column: object, offered: list[str]) -> None:
    if column not in offered:
        found = f"found no column {column!r} in {table.file}"
        raise InputError("", key, found, nearest(str(column), offered, "its columns"))


def _block(row: Row, columns: tuple[str, ...]) -> dict[str, Any]:
    block: dict[str, Any] = {}
    for column in columns:
        if not row.cells[column]:
            continue
        *outer, last = column.split(".")
        inner = block
        for key in outer:
            inner = inner.setdefault(key, {})
            if not isinstance(inner, dict):
                raise _contradiction(row, column, key)
        if last in inner:
            raise _contradiction(row, column, last)
        inner[last] = _value(row.cells[column])
    return block


def _contradiction(row: Row, column: str, key: str) -> InputError:
    return row.refuse(column, f"found {key!r} both with a value and with columns of its own", "expected one of them")


def _value(text: str) -> Any:
    if len(text) <= _MOST_DIGITS and _NUMBER.fullmatch(text):
        return float(text) if set(text) & set(".eE") else int(text)
    return {"true": True, "false": False}.get(text, text)


def _is_text(value: object) -> bool:
    return isinstance(value, str)
