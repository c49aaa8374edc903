"""Days between two steps of an episode."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.payment.records import number_of_rows
from paysim.radix_sort import sorted_by_bits

_ROW_BITS = 32


def days_between(
    activity: Activity, first: NDArray[np.bool_], until: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the days from the first request of a `first` step to the first end of an `until` step at or after it.

    One value for each episode that has both, in their order, and beside it the number of the row that ended. An end
    before the request belongs to one that came before the run. `first` and `until` say of every step whether it is one
    of them.
    """
    chosen = first | until
    # One more than there are: each row is written, and written over by the next one unless it is chosen.
    keys = np.empty(number_of_rows(activity.step, chosen) + 1, dtype=np.int64)
    keys = keys[: _keys(chosen, activity.step, activity.episode, keys)]
    keys = sorted_by_bits(keys, _ROW_BITS, (int(keys.max(initial=0)) >> _ROW_BITS).bit_length())
    days = np.empty(len(keys))
    count = _days_between(first, until, activity.step, activity.start, activity.wait, activity.stay, keys, days)
    return days[:count], keys[:count]


@kernel
def _keys(
    chosen: NDArray[np.bool_], step: NDArray[np.int16], episode: NDArray[np.int32], keys: NDArray[np.int64]
) -> int:
    """Write the episode and the number of each row of a chosen step; return how many there are."""
    count = 0
    for row in range(len(step)):
        keys[count] = np.int64(episode[row]) << _ROW_BITS | row
        at = np.uint16(step[row])
        if at < len(chosen):
            count += chosen[at]
    return count


@kernel
def _days_between(
    first: NDArray[np.bool_],
    until: NDArray[np.bool_],
    step: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    keys: NDArray[np.int64],
    days: NDArray[np.float64],
) -> int:
    """Write the days of each episode that has any, and the row that ended in place of a key; return how many there are.

    Of rows that end at once the one that starts first counts: a step without length ends when the one before it does.
    """
    rows = (1 << _ROW_BITS) - 1
    count = opening = 0
    while opening < len(keys):
        stop, requested = opening, np.inf
        while stop < len(keys) and keys[stop] >> _ROW_BITS == keys[opening] >> _ROW_BITS:
            row = keys[stop] & rows
            if first[step[row]]:
                requested = min(requested, start[row] - wait[row])
            stop += 1
        last, ended, begun = -1, np.inf, np.inf
        for position in range(opening, stop):
            row = keys[position] & rows
            end = start[row] + stay[row]
            if until[step[row]] and requested <= end and (end, start[row]) < (ended, begun):
                last, ended, begun = row, end, start[row]
        if last >= 0:
            days[count], keys[count] = ended - requested, last
            count += 1
        opening = stop
    return count
