"""The log that an engine writes, column by column."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import COLUMNS

ROW = np.dtype([(name, dtype) for name, (dtype, _) in COLUMNS.items()])
"""A row as an engine writes it: the schema's columns side by side, 30 bytes."""


_OF_A_BLOCK = 1 << 21
"""Rows, at most, whose columns lie in one block. A block of some MB comes in large pages, of which each is one fault
for five hundred; but in hundreds of MB, large pages have taken longer to come by than small ones."""

_ALIGNED = 1 << 6
"""Columns of a multiple of so many rows all begin where the processor likes values to begin."""


class Rows(NamedTuple):
    """Rows of activity by column, see `paysim.model.activity.COLUMNS`."""

    resident: NDArray[np.int32]
    episode: NDArray[np.int32]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    code: NDArray[np.int16]
    start: NDArray[np.float64]
    wait: NDArray[np.float32]
    stay: NDArray[np.float32]


class Log:
    """Room for rows: columns side by side in one block, and once there are many, columns that grow where they are.

    Large columns are remapped, not copied. They grow by little, since NumPy writes zeros where there are no rows yet,
    and fresh memory can take longer to come by than its rows take to simulate.
    """

    def __init__(self) -> None:
        self._columns = _columns_of_a_block(0)

    def begin(self) -> None:
        """Begin without any rows."""
        self._columns = _columns_of_a_block(0)

    def expect(self, rows: int) -> None:
        """Take room for the first of so many rows, if there is none yet; what is never written takes no memory."""
        if len(self._columns[0]) == 0:
            self._columns = _columns_of_a_block(min(rows, _OF_A_BLOCK))

    def room(self, rows: int, more: int) -> Rows:
        """Return the rows that were written since rows were last taken, of which there are so many, and room for more.

        There may be room for more than these.
        """
        self._reach(rows, more)
        return Rows(*self._columns)

    def take(self, rows: int) -> Rows:
        """Return the rows since they were last taken, of which so many are written, and begin without any."""
        if self._in_a_block:
            self._columns = [column[:rows] for column in self._columns]
        else:
            self._resize(rows)
        taken = Rows(*self._columns)
        self.begin()
        return taken

    def _reach(self, rows: int, more: int) -> None:
        needed = rows + more
        if needed <= len(self._columns[0]):
            return
        if needed <= _OF_A_BLOCK:
            written, self._columns = self._columns, _columns_of_a_block(min(2 * needed, _OF_A_BLOCK))
            for column, before in zip(self._columns, written, strict=True):
                column[:rows] = before[:rows]
            return
        if self._in_a_block:
            self._columns = [column[:rows].copy() for column in self._columns]
        self._resize(needed + needed // 8)

    def _resize(self, length: int) -> None:
        for column in self._columns:
            column.resize(length, refcheck=False)

    @property
    def _in_a_block(self) -> bool:
        return self._columns[0].base is not None


class ReusedLog(Log):
    """A log for one run after another: each writes over the rows of the one before, which nobody may need any more.

    Memory that a process has used before costs nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._taken, self._lent = 0, False

    def begin(self) -> None:
        """Begin without any rows, in the same memory."""
        self._taken = 0

    def room(self, rows: int, more: int) -> Rows:
        """Return the rows that were written since rows were last taken, of which there are so many, and room for more.

        There may be room for more than these.
        """
        if self._lent and self._taken + rows + more > len(self._columns[0]):
            # Rows that were taken lie in these columns, which must stay where they are.
            self._columns, self._lent = [column.copy() for column in self._columns], False
        self._reach(self._taken + rows, more)
        return Rows(*(column[self._taken :] for column in self._columns))

    def take(self, rows: int) -> Rows:
        """Return the rows since they were last taken, of which so many are written."""
        first, self._taken, self._lent = self._taken, self._taken + rows, True
        return Rows(*(column[first : self._taken] for column in self._columns))


def _columns_of_a_block(rows: int) -> list[NDArray[Any]]:
    rows += -rows % _ALIGNED
    block, columns, begin = np.empty(rows * ROW.itemsize, dtype=np.uint8), [], 0
    for dtype, _ in COLUMNS.values():
        end = begin + rows * np.dtype(dtype).itemsize
        columns.append(block[begin:end].view(dtype))
        begin = end
    return columns


def joined(chunks: list[Rows]) -> Rows:
    """Return all rows of chunks in order of their end, then episode; the chunks are used up.

    Chunks come in order of the rows' end. Only rows that end at one instant may have to change places. One column
    after the other is joined and its chunks given up, so that the log is never in memory twice.
    """
    some = [chunk for chunk in chunks if len(chunk.start) > 0] or chunks[:1]
    chunks.clear()
    rows = some.pop() if len(some) == 1 else _joined(some)
    _put_in_order(rows)
    return rows


def _joined(chunks: list[Rows]) -> Rows:
    by_column: list[list[NDArray[Any]]] = [list(column) for column in zip(*chunks, strict=True)]
    chunks.clear()
    return Rows(*(_concatenated(by_column.pop(0)) for _ in COLUMNS))


def _concatenated(columns: list[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(columns)


@kernel
def _put_in_order(rows):  # type: ignore[no-untyped-def]
    """Sort, by insertion, the rows that end at one instant by episode."""
    for row in range(1, len(rows.start)):
        end, episode = rows.start[row] + rows.stay[row], rows.episode[row]
        # Few end at one instant, which the processor learns; of any two, either may be the earlier episode.
        if rows.start[row - 1] + rows.stay[row - 1] != end or episode >= rows.episode[row - 1]:
            continue
        at = row
        while at > 0 and rows.episode[at - 1] > episode and rows.start[at - 1] + rows.stay[at - 1] == end:
            at -= 1
        if at == row:
            continue
        resident, step, service, code = rows.resident[row], rows.step[row], rows.service[row], rows.code[row]
        start, wait, stay = rows.start[row], rows.wait[row], rows.stay[row]
        for moved in range(row, at, -1):
            rows.resident[moved], rows.episode[moved] = rows.resident[moved - 1], rows.episode[moved - 1]
            rows.step[moved], rows.service[moved] = rows.step[moved - 1], rows.service[moved - 1]
            rows.code[moved], rows.start[moved] = rows.code[moved - 1], rows.start[moved - 1]
            rows.wait[moved], rows.stay[moved] = rows.wait[moved - 1], rows.stay[moved - 1]
        rows.resident[at], rows.episode[at], rows.step[at] = resident, episode, step
        rows.service[at], rows.code[at], rows.start[at] = service, code, start
        rows.wait[at], rows.stay[at] = wait, stay
