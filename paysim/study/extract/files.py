"""Several files as one: their rows one after the other, and problems told by the file that they are in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.study.extract.columns import Table
from paysim.study.extract.problems import Batch, Problems, Reason
from paysim.study.extract.rows import Rows


@dataclass(frozen=True, eq=False)
class Files:
    """The tables of some files, all their `rows`, and the problems found so far."""

    tables: Sequence[Table]
    rows: Rows
    problems: Problems

    @property
    def lengths(self) -> list[int]:
        """How many rows each file has."""
        return [len(table.row) for table in self.tables]

    def named(self, at: NDArray[np.int64], beside: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return how to call each of some rows beside another one: with its file where that is not the same."""
        file = np.repeat(np.arange(len(self.tables)), self.lengths)
        names = np.array([f" of {table.file}" for table in self.tables], dtype=np.object_)
        elsewhere = np.where(file[at] == file[beside], "", names[file[at]])
        return np.asarray("row " + self.rows.row[at].astype(np.str_).astype(np.object_) + elsewhere, dtype=np.object_)

    def refuse(
        self,
        at: NDArray[np.int64],
        role: str,
        reason: Reason,
        expected: NDArray[np.object_],
        *,
        left_out: bool,
        found: NDArray[np.object_] | None = None,
    ) -> None:
        """Note a problem of some rows, each with its text in the column of a role unless told otherwise."""
        first = 0
        for table in self.tables:
            here = (at >= first) & (at < first + len(table.row))
            column, row = table.by_role.get(role), at[here]
            texts = np.full(len(row), "", dtype=np.object_) if column is None else column.texts(row - first)
            texts = texts if found is None else found[here]
            name = "" if column is None else column.name
            self.problems.add(Batch(table.file, reason, name, expected[here], left_out, self.rows.row[row], row, texts))
            first += len(table.row)
        if left_out:
            self.rows.usable[at] = False
