"""The pass over an activity's rows: the one thing in payment whose time goes with the number of rows.

Memory is read faster than rows can be looked up and counted one by one, so what needs no tables is done apart, in loops
that the processor takes many rows of at once; each table has a loop of its own, which has the registers and the first
cache to itself; and a piece of the rows is done at a time, so that they are still at hand when the next loop comes.
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
    classes: np.int32,
    first_sort: NDArray[np.unsignedinteger],
    sorts_on: NDArray[np.unsignedinteger],
    services: np.int32,
    slots: np.int32,
    admitted_sorts: np.uint32,
    sorts: np.uint32,
    cell_of_day: NDArray[np.int32],
    table: NDArray[np.int64],
    midnights: NDArray[np.int32],
    served: NDArray[np.int32],
    coded: NDArray[np.int32],
    sort: NDArray[np.unsignedinteger],
    group: NDArray[np.int16],
    cell: NDArray[np.int32],
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
            len(first_sort) // int(services),
            int(services),
            int(slots),
            len(cell_of_day),
        ):
            return begin, found
        earliest, latest = _cross_midnights(start[begin:end], stay[begin:end], midnights)
        _find_places(step[begin:end], service[begin:end], code[begin:end], services, slots, served, coded)
        _find_sorts(served[:number], coded[:number], first_sort, sorts_on, sorts, sort)
        _find_classes(resident[begin:end], class_of_block, class_of_resident, group)
        of_earliest = cell_of_day[earliest]
        for position in range(number):
            cell[position] = of_earliest + np.int32(sort[position]) * classes + np.int32(group[position])
        if cell_of_day[latest] != of_earliest:
            # Rarely: rows come in order of their end.
            for position in range(number):
                day = np.int32(start[begin + position] + stay[begin + position])
                cell[position] += cell_of_day[day] - of_earliest
        _add(cell[:number], midnights, table)
        for position in rows[: _choose(sort[:number], admitted_sorts, rows)]:
            row = np.uint64(begin + position)
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
def _cross_midnights(
    start: NDArray[np.float64], stay: NDArray[np.float32], midnights: NDArray[np.int32]
) -> tuple[int, int]:
    """Write how many midnights steps cross; return the days on which the first and the last of them end."""
    earliest, latest = np.int32(2**31 - 1), np.int32(0)
    for row in range(len(start)):
        day = np.int32(start[row] + stay[row])
        midnights[row] = day - np.int32(np.floor(start[row]))
        earliest, latest = min(earliest, day), max(latest, day)
    return int(earliest), int(latest)


@kernel
def _find_places(
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    services: np.int32,
    slots: np.int32,
    served: NDArray[np.int32],
    coded: NDArray[np.int32],
) -> None:
    """Write where in the tables the sort of each row is to be found."""
    for row in range(len(step)):
        served[row] = np.int32(step[row]) * services + np.int32(service[row])
        coded[row] = np.int32(step[row]) * slots + np.int32(code[row]) + np.int32(1)


@kernel
def _find_sorts(
    served: NDArray[np.int32],
    coded: NDArray[np.int32],
    first_sort: NDArray[np.unsignedinteger],
    sorts_on: NDArray[np.unsignedinteger],
    sorts: np.uint32,
    sort: NDArray[np.unsignedinteger],
) -> None:
    """Write the sort of each row.

    A service or code that the step is not known to have is all `sorts` further on: such rows are one sort after all.
    """
    for row in range(len(served)):
        on = np.uint32(first_sort[np.uint32(served[row])]) + np.uint32(sorts_on[np.uint32(coded[row])])
        sort[row] = min(sorts, on)


@kernel
def _find_classes(
    resident: NDArray[np.int32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    group: NDArray[np.int16],
) -> None:
    """Write the class of each row's resident."""
    for row in range(len(resident)):
        group[row] = class_at(np.uint32(resident[row]), class_of_block, class_of_resident)


@kernel
def _add(cell: NDArray[np.int32], midnights: NDArray[np.int32], table: NDArray[np.int64]) -> None:
    """Add each row and its midnights to the counts of its cell, which stand side by side."""
    for row in range(len(cell)):
        rows = np.uint32(2) * np.uint32(cell[row])
        table[rows] += 1
        table[rows + np.uint32(1)] += midnights[row]


@kernel
def _choose(sort: NDArray[np.unsignedinteger], sorts: np.uint32, rows: NDArray[np.int32]) -> int:
    """Write which rows are of the first so many `sorts`; return how many are."""
    chosen = 0
    for row in range(len(sort)):
        # Written in any case and kept if chosen: a branch that nobody can predict takes longer than a write.
        rows[chosen] = row
        chosen += sort[row] < sorts
    return chosen
