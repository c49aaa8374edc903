"""Days between two steps of an episode."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.payment.records import Records, records_of_steps, resident_by_resident, residents_of


def days_between(
    activity: Activity, first: NDArray[np.bool_], until: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], Records]:
    """Return the days from the first request of a `first` step to the first end of an `until` step at or after it.

    One value for each episode that has both, and beside it the row that ended. An end before the request belongs to one
    that came before the run. `first` and `until` say of every step whether it is one of them.
    """
    found = [records_of_steps(activity, first | until)]
    records = resident_by_resident(found, *residents_of(found))
    days = np.empty(len(records))
    count = _days_between(records, first, until, days)
    return days[:count], records[:count]


@kernel
def _days_between(
    records: Records,
    first: NDArray[np.bool_],
    until: NDArray[np.bool_],
    days: NDArray[np.float64],
) -> int:
    """Write the days of each episode that has any, and move its last record, to the front; return how many there are.

    Records of an episode stand together, in order of their end, then start.
    """
    count = 0
    opening = 0
    while opening < len(records):
        stop = opening
        requested = np.inf
        while stop < len(records) and records[stop]["episode"] == records[opening]["episode"]:
            here = records[stop]
            if first[here["step"]]:
                requested = min(requested, here["start"] - here["wait"])
            stop += 1
        for position in range(opening, stop):
            here = records[position]
            end = here["start"] + here["stay"]
            if until[here["step"]] and requested <= end:
                days[count] = end - requested
                records[count] = here
                count += 1
                break
        opening = stop
    return count
