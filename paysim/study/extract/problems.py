"""Problems of an extract, cell by cell: what was found, what was expected, and whether the row could still be used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

Reason = Literal[
    "wrong number of cells",
    "empty row",
    "empty cell",
    "bad date",
    "bad time",
    "bad number",
    "end before start",
    "outside the months",
    "unknown organisation",
    "unknown place",
    "unknown code",
    "unknown value",
    "unknown point of delivery",
    "no step",
    "no service",
    "duplicate",
    "unlike an earlier row",
    "no resident of that age",
    "no known age",
    "no resident left",
    "no contract",
    "no price",
]

NO_ROW = -1
"""Position of a row that could not be read at all."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Cells of one column with the same kind of problem.

    `position` is each row's place among the rows that were read, NO_ROW for those that could not be.
    """

    file: str
    reason: Reason
    column: str
    expected: str | NDArray[np.object_]
    left_out: bool
    row: NDArray[np.int64]
    position: NDArray[np.int64]
    found: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Problems:
    """The problems of an extract, in the order in which they were found."""

    batches: list[Batch] = field(default_factory=list)

    def add(self, batch: Batch) -> None:
        """Add a batch, unless it is empty."""
        if len(batch.row):
            self.batches.append(batch)


def problems_table(batches: Sequence[Batch], pence: NDArray[np.int64]) -> pa.Table:
    """Return the problems in order of file and row, with the price of each row in pence where it is known.

    `pence` is by position, below 0 where unknown.
    """
    parts = [_part(batch, pence) for batch in batches]
    table = pa.concat_tables([_part(None, pence), *parts])
    files = {name: number for number, name in enumerate(dict.fromkeys(batch.file for batch in batches))}
    number = np.concatenate([np.full(len(batch.row), files[batch.file]) for batch in batches] or [np.zeros(0)])
    row = np.concatenate([batch.row for batch in batches] or [np.zeros(0, dtype=np.int64)])
    return table.take(np.lexsort((row, number)))


def write_problems(table: pa.Table, path: Path) -> None:
    """Write the problems as CSV."""
    pacsv.write_csv(table, path, pacsv.WriteOptions(quoting_style="needed"))


def _part(batch: Batch | None, pence: NDArray[np.int64]) -> pa.Table:
    rows = 0 if batch is None else len(batch.row)
    price = np.full(rows, -1, dtype=np.int64)
    if batch is not None and len(pence):
        price = np.where(batch.position == NO_ROW, -1, pence[batch.position])
    expected = "" if batch is None else batch.expected
    columns = {
        "file": _repeated("" if batch is None else batch.file, rows),
        "row": pa.array(np.zeros(0) if batch is None else batch.row, pa.int64()),
        "column": _repeated("" if batch is None else batch.column, rows),
        "reason": _repeated("" if batch is None else batch.reason, rows),
        "found": pa.array([] if batch is None else batch.found, pa.string()),
        "expected": _repeated(expected, rows) if isinstance(expected, str) else pa.array(expected, pa.string()),
        "left_out": pa.array(np.full(rows, batch is not None and batch.left_out), pa.bool_()),
        "price_pence": pa.array(price, pa.int64(), mask=price < 0),
    }
    return pa.table(columns)


def _repeated(text: str, rows: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), rows)
