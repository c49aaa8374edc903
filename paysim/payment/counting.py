"""The pass over an activity's rows: the one thing in payment whose time goes with the number of rows.

Memory is read faster than rows can be looked up and counted one by one, so what needs no tables is done apart, in loops
that the processor takes many rows of at once; and a piece of the rows at a time, so that they are still at hand when
the next loop comes to them.
"""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.payment.classes import class_at
from paysim.payment.records import Records, record

PIECE = 8192
"""Rows whose parts are looked at one after the other: few enough to stay in the processor's second cache, and enough
for it to read ahead of them in every column."""

EARLIEST = -1e9
"""No step begins so many days before the run: days are counted in whole numbers."""

NONE = -1


@kernel
def mark(
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    served: NDArray[np.bool_],
    coded: NDArray[np.bool_],
) -> None:
    """Mark the services and codes of each step's rows; rows beyond the tables are left for the count to refuse."""
    for row in range(len(step)):
        at, where, what = step[row], service[row], code[row]
        if 0 <= at < len(served) and 0 <= where < served.shape[1] and 0 <= what + 1 < coded.shape[1]:
            served[at, where] = True
            coded[at, what + 1] = True


@kernel
def count(
    first: int,
    last: int,
    resident: NDArray[np.int32],
    episode: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    first_cell: NDArray[np.int32],
    cells_on: NDArray[np.int32],
    services: np.int32,
    slots: np.int32,
    admitted_cells: np.int32,
    cells: np.int32,
    cell_of_day: NDArray[np.int32],
    table: NDArray[np.int64],
    day: NDArray[np.int32],
    midnights: NDArray[np.int32],
    cell: NDArray[np.int32],
    served: NDArray[np.int32],
    coded: NDArray[np.int32],
    rows: NDArray[np.int32],
    admitted: Records,
) -> tuple[int, int]:
    """Count rows piece by piece; return where a piece with a bad row begins, or NONE, and how many were admitted."""
    found = 0
    for begin in range(first, last, PIECE):
        end = min(begin + PIECE, last)
        number = end - begin
        if not good(
            resident[begin:end],
            step[begin:end],
            service[begin:end],
            code[begin:end],
            start[begin:end],
            stay[begin:end],
            len(class_of_resident),
            len(first_cell) // int(services),
            int(services),
            int(slots),
            len(cell_of_day),
        ):
            return begin, found
        _look_at_ends(start[begin:end], stay[begin:end], cell_of_day, day, midnights, cell)
        chosen = _look_up(
            resident[begin:end],
            step[begin:end],
            service[begin:end],
            code[begin:end],
            class_of_block,
            class_of_resident,
            first_cell,
            cells_on,
            services,
            slots,
            admitted_cells,
            cells,
            cell,
            served,
            coded,
            rows,
        )
        for position in range(number):
            counted = np.uint32(cell[position])
            table[counted, 0] += 1
            table[counted, 1] += midnights[position]
        for row in rows[:chosen]:
            record(admitted, found, begin + row, resident, episode, step, service, code, start, wait, stay)
            found += 1
    return NONE, found


@kernel
def good(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    residents: int,
    steps: int,
    services: int,
    slots: int,
    days: int,
) -> bool:
    """Return whether all rows can be. As unsigned numbers those below zero are beyond all others.

    Loops without tables and without a way out: the processor does many rows of them at once.
    """
    good: np.bool_ = np.bool_(True)
    for row in range(len(resident)):
        good &= np.uint32(resident[row]) < np.uint32(residents)
    for row in range(len(step)):
        good &= np.uint16(step[row]) < np.uint16(steps)
        good &= np.uint16(service[row]) < np.uint16(services)
        good &= np.uint16(code[row] + np.int16(1)) < np.uint16(slots)
    for row in range(len(start)):
        end = start[row] + stay[row]
        good &= (start[row] > EARLIEST) & (stay[row] >= 0.0) & (end >= 0.0) & (end < days)
    return bool(good)


@kernel
def _look_at_ends(
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    cell_of_day: NDArray[np.int32],
    day: NDArray[np.int32],
    midnights: NDArray[np.int32],
    cell: NDArray[np.int32],
) -> None:
    """Write the midnights that steps cross, and where the counts of the period begin in which they end."""
    earliest, latest = np.int32(len(cell_of_day) - 1), np.int32(0)
    for row in range(len(start)):
        day[row] = np.int32(start[row] + stay[row])
        midnights[row] = day[row] - np.int32(np.floor(start[row]))
        earliest, latest = min(earliest, day[row]), max(latest, day[row])
    if cell_of_day[earliest] == cell_of_day[latest]:
        # As nearly always: rows come in order of their end.
        cell[:] = cell_of_day[earliest]
    else:
        for row in range(len(start)):
            cell[row] = cell_of_day[day[row]]


@kernel
def _look_up(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    first_cell: NDArray[np.int32],
    cells_on: NDArray[np.int32],
    services: np.int32,
    slots: np.int32,
    admitted_cells: np.int32,
    cells: np.int32,
    cell: NDArray[np.int32],
    served: NDArray[np.int32],
    coded: NDArray[np.int32],
    rows: NDArray[np.int32],
) -> int:
    """Move each row's cell on to that of its sort and class; write which rows are admitted, return how many.

    Where to look is worked out apart, again many rows at once, in `served` and `coded`.
    """
    for row in range(len(step)):
        served[row] = np.int32(step[row]) * services + np.int32(service[row])
        coded[row] = np.int32(step[row]) * slots + np.int32(code[row]) + np.int32(1)
    chosen = 0
    for row in range(len(step)):
        # A service or code that the step is not known to have adds all `cells`: such rows count as one sort after all.
        on = min(cells, first_cell[np.uint32(served[row])] + cells_on[np.uint32(coded[row])])
        cell[row] += on + np.int32(class_at(np.uint32(resident[row]), class_of_block, class_of_resident))
        # Written in any case and kept if admitted: a branch that nobody can predict takes longer than a write.
        rows[chosen] = row
        chosen += on < admitted_cells
    return chosen
