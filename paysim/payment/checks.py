"""What must hold of an activity before anything is computed from its rows."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.errors import InputError
from paysim.payment.lookups import NONE, Lookups, place_at

LARGEST_PENCE = 2**63 - 1


def rows_by_service_and_place(activity: Activity, lookups: Lookups) -> NDArray[np.int64]:
    """Return the number of rows by service and place: shape (services, places).

    Raises InputError for a row that names a resident, step, service or code that the system lacks, has a stay below
    zero, or ends outside the run.
    """
    system = activity.system
    counts = np.zeros((len(system.services), len(system.places)), dtype=np.int64)
    bad_row = _count(
        activity.resident,
        activity.step,
        activity.service,
        activity.code,
        activity.start,
        activity.stay,
        lookups.place_of_block,
        lookups.place_of_resident,
        len(system.steps),
        len(system.codes),
        activity.days,
        counts,
    )
    if bad_row != NONE:
        raise InputError(
            "",
            f"activity row {bad_row}",
            f"found resident {activity.resident[bad_row]}, step {activity.step[bad_row]}, service "
            f"{activity.service[bad_row]}, code {activity.code[bad_row]}, start {activity.start[bad_row]}, stay "
            f"{activity.stay[bad_row]}",
            f"expected a resident below {system.population.total}, a step below {len(system.steps)}, a service below "
            f"{len(system.services)}, a code below {len(system.codes)}, a stay of at least 0 and an end from day 0 to "
            f"before day {activity.days}",
        )
    return counts


def refuse_overflow(largest_pence: int, terms: int, where: str) -> None:
    """Raise InputError where adding up so many terms, none beyond the largest, might not fit into 64 bits."""
    if largest_pence * terms > LARGEST_PENCE:
        found = f"found amounts of up to {largest_pence} pence, {terms} of them"
        raise InputError("", where, found, f"expected amounts whose sum is at most {LARGEST_PENCE} pence")


@kernel
def _count(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    place_of_block: NDArray[np.int16],
    place_of_resident: NDArray[np.int16],
    steps: int,
    codes: int,
    days: int,
    counts: NDArray[np.int64],
) -> int:
    """Count the rows by service and place up to the first bad one, and return that row, or NONE."""
    residents, services = len(place_of_resident), len(counts)
    for row in range(len(resident)):
        end = start[row] + stay[row]
        good = 0 <= resident[row] < residents and 0 <= step[row] < steps and 0 <= service[row] < services
        if not (good and -1 <= code[row] < codes and stay[row] >= 0 and 0 <= end < days):
            return row
        counts[service[row], place_at(resident[row], place_of_block, place_of_resident)] += 1
    return NONE
