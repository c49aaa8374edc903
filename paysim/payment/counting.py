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

PIECE = 256
"""Rows whose parts are looked at one after the other: few enough to stay in the processor's fastest cache."""

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
    classes: int,
    first_sort: NDArray[np.int32],
    slot: NDArray[np.int32],
    sorts: int,
    cell_of_day: NDArray[np.int64],
    admitted_step: NDArray[np.bool_],
    table: NDArray[np.int64],
    midnights: NDArray[np.int64],
    cell: NDArray[np.int64],
    rows: NDArray[np.int64],
    admitted: Records,
) -> tuple[int, int]:
    """Count rows piece by piece; return where a piece with a bad row begins, or NONE, and how many were admitted."""
    found = 0
    for begin in range(first, last, len(cell)):
        end = min(begin + len(cell), last)
        if not good(
            resident[begin:end],
            step[begin:end],
            service[begin:end],
            code[begin:end],
            start[begin:end],
            stay[begin:end],
            len(class_of_resident),
            first_sort.shape[0],
            first_sort.shape[1],
            slot.shape[1],
            len(cell_of_day),
        ):
            return begin, found
        chosen = 0
        _look_at_ends(start[begin:end], stay[begin:end], cell_of_day, midnights, cell)
        for position in range(end - begin):
            row = np.uint64(begin + position)
            at = np.uint16(step[row])
            # A service or code that the step is not known to have adds `sorts`: such rows count as one sort after all.
            sort = min(sorts, first_sort[at, np.uint16(service[row])] + slot[at, np.uint16(code[row] + np.int16(1))])
            group = class_at(np.uint32(resident[row]), class_of_block, class_of_resident)
            counted = np.uint64(cell[position] + sort * classes + group)
            table[counted, 0] += 1
            table[counted, 1] += midnights[position]
            # Written in any case and kept if admitted: a branch that nobody can predict takes longer than a write.
            rows[chosen] = row
            chosen += admitted_step[at]
        for row in rows[:chosen]:
            record(admitted, found, row, resident, episode, step, service, code, start, wait, stay)
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
    cell_of_day: NDArray[np.int64],
    midnights: NDArray[np.int64],
    cell: NDArray[np.int64],
) -> None:
    """Write the midnights that steps cross, and where the counts of the period begin in which they end."""
    for row in range(len(start)):
        day = int(start[row] + stay[row])
        midnights[row] = day - int(np.floor(start[row]))
        cell[row] = cell_of_day[np.uint64(day)]
