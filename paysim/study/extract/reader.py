"""What is known while the rows of a file are read."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import period_starts
from paysim.model.extract import ExtractMap
from paysim.model.system import System
from paysim.study.extract.columns import Column, Table
from paysim.study.extract.problems import Batch, Problems, Reason


class Reader:
    """A file, how it is read, and the problems found so far.

    `offset` is the number of rows of the files before it.
    """

    def __init__(
        self, system: System, extract_map: ExtractMap, table: Table, months: int, problems: Problems, offset: int
    ) -> None:
        self.system = system
        self.map = extract_map
        self.table = table
        self.run_days = float(period_starts(system.start, months)[-1])
        self.problems = problems
        self.offset = offset
        self.usable = np.ones(len(table.row), dtype=np.bool_)

    def role(self, role: str) -> Column | None:
        """Return the file's column for a role, if it has one."""
        return self.table.by_role.get(role)

    def refuse(
        self,
        bad: NDArray[np.bool_],
        column: Column,
        reason: Reason,
        expected: str,
        *,
        left_out: bool = True,
        found: Callable[[NDArray[np.int64]], NDArray[np.object_]] | None = None,
    ) -> None:
        """Note a problem of some rows, each with its text in a column unless told otherwise."""
        at = np.flatnonzero(bad)
        texts = column.texts(at) if found is None else found(at)
        self.problems.add(
            Batch(self.table.file, reason, column.name, expected, left_out, self.table.row[at], self.offset + at, texts)
        )
        if left_out:
            self.usable[at] = False

    def refuse_empty(self, column: Column, expected: str, *, left_out: bool = True) -> None:
        """Note the rows whose cell is empty."""
        self.refuse(column.empty, column, "empty cell", expected, left_out=left_out)
