"""Rows of some steps, episode after episode: nothing as long as the activity is made on the way."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.radix_sort import sorted_by_bits

_ROW_BITS = 32


def rows_of_steps(activity: Activity, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of the chosen steps, in order; `chosen` says of every step whether it is."""
    rows = np.empty(number_of_rows(activity.step, chosen) + 1, dtype=np.int64)
    return rows[: _find(activity.step, chosen, rows)]


def by_episode(activity: Activity, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return some rows episode after episode, each episode's in order of their end, then start.

    A step without length ends when the one before it does, so the start decides between the two.
    """
    keys = activity.episode[rows].astype(np.int64) << _ROW_BITS | rows
    most = int(activity.episode[rows].max(initial=0))
    keys = sorted_by_bits(keys, _ROW_BITS, most.bit_length())
    rows = np.bitwise_and(keys, (1 << _ROW_BITS) - 1, out=keys)
    _put_in_order(rows, activity.episode, activity.start, activity.stay)
    return rows


def days_between(
    activity: Activity, first: NDArray[np.bool_], until: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the days from the first request of a `first` step to the first end of an `until` step at or after it.

    One value for each episode that has both, and beside it the row that ended. An end before the request belongs to one
    that came before the run. `first` and `until` say of every step whether it is one of them.
    """
    rows = by_episode(activity, rows_of_steps(activity, first | until))
    days, last = np.empty(len(rows)), np.empty(len(rows), dtype=np.int64)
    count = _days_between(
        rows, activity.episode, activity.step, activity.start, activity.wait, activity.stay, first, until, days, last
    )
    return days[:count], last[:count]


@kernel
def number_of_rows(step: NDArray[np.int16], chosen: NDArray[np.bool_]) -> int:
    """Return how many rows are of the chosen steps."""
    count = 0
    for row in range(len(step)):
        count += chosen[step[row]]
    return count


@kernel
def _find(step: NDArray[np.int16], chosen: NDArray[np.bool_], rows: NDArray[np.int64]) -> int:
    """Write each chosen row, with room for one more, and return how many there are."""
    count = 0
    for row in range(len(step)):
        # Written in any case and kept if chosen: a branch that nobody can predict takes longer than a write.
        rows[count] = row
        count += chosen[step[row]]
    return count


@kernel
def _put_in_order(
    rows: NDArray[np.int64], episode: NDArray[np.int32], start: NDArray[np.float64], stay: NDArray[np.float32]
) -> None:
    """Put the rows of each episode, which stand together, in order of their end, then of their start.

    Activity comes in order of end, so each row is compared once and nothing moves; activity in another order still
    gives the same answer.
    """
    for position in range(1, len(rows)):
        row = rows[position]
        end = start[row] + stay[row]
        at = position
        while at > 0:
            before = rows[at - 1]
            end_before = start[before] + stay[before]
            if episode[before] != episode[row] or (end_before, start[before]) <= (end, start[row]):
                break
            rows[at] = before
            at -= 1
        rows[at] = row


@kernel
def _days_between(
    rows: NDArray[np.int64],
    episode: NDArray[np.int32],
    step: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    first: NDArray[np.bool_],
    until: NDArray[np.bool_],
    days: NDArray[np.float64],
    last: NDArray[np.int64],
) -> int:
    """Write the days and last row of each episode that has any, from the front, and return how many there are."""
    count = 0
    opening = 0
    while opening < len(rows):
        stop = opening
        requested = np.inf
        while stop < len(rows) and episode[rows[stop]] == episode[rows[opening]]:
            row = rows[stop]
            if first[step[row]]:
                requested = min(requested, start[row] - wait[row])
            stop += 1
        ended = np.inf
        for row in rows[opening:stop]:
            end = start[row] + stay[row]
            if until[step[row]] and requested <= end < ended:
                ended = end
                last[count] = row
        if ended < np.inf:
            days[count] = ended - requested
            count += 1
        opening = stop
    return count
