"""Rows of some steps, episode after episode: nothing as long as the activity is made on the way."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity

_HALF_BITS = 16


def rows_by_episode(activity: Activity, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the rows of the chosen steps, episode after episode, each episode's in the order in which they stand.

    `chosen` says of every step whether it is.
    """
    rows = _rows_of(activity.step, chosen)
    # NumPy has a radix sort for 16 bits, many times faster than its sort for 32: first by the lower half.
    for shift in (0, _HALF_BITS):
        half = (activity.episode[rows] >> shift).astype(np.uint16)
        rows = rows[np.argsort(half, kind="stable")]
    return rows


def days_between(activity: Activity, first: NDArray[np.bool_], until: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the days from the first request of a `first` step to the first end of an `until` step at or after it.

    One value for each episode that has both. An end before the request belongs to one that came before the run.
    `first` and `until` say of every step whether it is one of them.
    """
    rows = rows_by_episode(activity, first | until)
    days = np.empty(len(rows))
    count = _days_between(
        rows,
        activity.episode,
        activity.step,
        activity.start,
        activity.wait,
        activity.stay,
        first,
        until,
        days,
    )
    return days[:count]


@kernel
def _rows_of(step: NDArray[np.int16], chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    count = 0
    for row in range(len(step)):
        count += chosen[step[row]]
    rows = np.empty(count, dtype=np.int64)
    count = 0
    for row in range(len(step)):
        if chosen[step[row]]:
            rows[count] = row
            count += 1
    return rows


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
) -> int:
    """Write the answer for each episode into `days` and return how many there are."""
    count = 0
    opening = 0
    while opening < len(rows):
        stop = opening
        request = np.inf
        while stop < len(rows) and episode[rows[stop]] == episode[rows[opening]]:
            row = rows[stop]
            if first[step[row]]:
                request = min(request, start[row] - wait[row])
            stop += 1
        end = np.inf
        for position in range(opening, stop):
            row = rows[position]
            if until[step[row]] and start[row] + stay[row] >= request:
                end = min(end, start[row] + stay[row])
        if end < np.inf:
            days[count] = end - request
            count += 1
        opening = stop
    return count
