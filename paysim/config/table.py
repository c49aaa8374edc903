"""CSV tables: text cells by column, read strictly, each cell knowing where it stands."""

import csv
import io
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from paysim.config.paths import read_text
from paysim.config.wording import nearest
from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_COUNT, LARGEST_NUMBER

NOTES = ("name", "description", "source", "year", "status", "note")
"""Columns that any table may have: they tell where its rows come from."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV table; rows are numbered as a spreadsheet does, the header being row 1."""

    file: Path
    number: int
    cells: Mapping[str, str]

    def refuse(self, column: str, found: str, expected: str) -> InputError:
        """Return the exception for what was found in a cell of this row."""
        return InputError(str(self.file), f"row {self.number}, column {column!r}", found, expected)

    def known(self, column: str, kind: str, known: Collection[str]) -> str:
        """Return the cell's text if it is one of the ids of that kind; raise InputError if not."""
        text = self.cells[column]
        if text in known:
            return text
        raise self.refuse(column, f"unknown {kind} {text!r}", nearest(text, known))

    def text(self, column: str) -> str:
        """Return the cell's text; raise InputError if it is empty."""
        if text := self.cells[column]:
            return text
        raise self.refuse(column, "found an empty cell", "expected text")

    def number_from(self, column: str, least: float = 0.0, most: float = LARGEST_NUMBER) -> float:
        """Return the cell's number; raise InputError unless it is in [least, most]."""
        text = self.cells[column]
        value = _number(text)
        if not least <= value <= most:
            near = f"of at most {most:g}" if value > most else f"of at least {least:g}"
            bounds = near if most == LARGEST_NUMBER else f"between {least:g} and {most:g}"
            raise self.refuse(column, _found(text), f"expected a number {bounds}{_plainly(text)}")
        return value

    def count(self, column: str) -> int:
        """Return the cell's whole number; raise InputError if it is none or negative."""
        text = self.cells[column]
        if not re.fullmatch("[0-9]+", text):
            raise self.refuse(column, _found(text), f"expected a whole number of at least 0{_plainly(text)}")
        if len(text) > len(str(LARGEST_COUNT)) or int(text) > LARGEST_COUNT:
            raise self.refuse(column, _found(text), f"expected at most {LARGEST_COUNT}")
        return int(text)


@dataclass(frozen=True)
class CsvTable:
    """A CSV file: its columns and its rows."""

    file: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def require(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Raise InputError unless the table has the required columns and none but these, the optional and NOTES."""
        for column in required:
            if column not in self.columns:
                found = f"found no column {column!r}"
                raise InputError(str(self.file), "row 1", found, f"expected columns {', '.join(required)}")
        for column in self.columns:
            if column not in (allowed := (*required, *optional, *NOTES)):
                raise InputError(
                    str(self.file), "row 1", f"unknown column {column!r}", nearest(column, allowed, "allowed")
                )

    @cached_property
    def columns_of_numbers(self) -> frozenset[str]:
        """The columns that have a number in every row."""
        return frozenset(
            column for column in self.columns if all(math.isfinite(_number(row.cells[column])) for row in self.rows)
        )


def read_table(file: Path) -> CsvTable:
    """Return a CSV file's header and rows, cells stripped of blanks around them; empty lines are skipped.

    Raises InputError for files that are not UTF-8 or not CSV, that have no header, a column twice, no row, or
    a row with too few or too many cells.
    """
    reader = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise InputError(str(file), f"line {reader.line_num}", str(error), "expected valid CSV") from None
    columns = tuple(cell.strip() for cell in lines[0]) if lines else ()
    if not all(columns) or len(set(columns)) < len(columns) or not columns:
        raise InputError(str(file), "row 1", f"found columns {list(columns)}", "expected a header of distinct names")
    rows = []
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(columns):
            raise InputError(
                str(file), f"row {number}", f"found {len(line)} cells", f"expected {len(columns)}, as in the header"
            )
        cells = dict(zip(columns, (cell.strip() for cell in line), strict=True))
        rows.append(Row(file, number, cells))
    if not rows:
        raise InputError(str(file), "", "found no rows", "expected at least one row under the header")
    return CsvTable(file, columns, tuple(rows))


def _number(text: str) -> float:
    """Return the number that a cell says, NaN if it says none."""
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def _plainly(text: str) -> str:
    """Return how else to write a number that stands as spreadsheets show it, '' where the text is none."""
    shown = re.fullmatch(r"£?[0-9]{1,3}(,[0-9]{3})*([.][0-9]+)?", text)
    return ", without £ and commas" if shown and not math.isfinite(_number(text)) else ""


def _found(text: str) -> str:
    return f"found {text!r}" if text else "found an empty cell"
