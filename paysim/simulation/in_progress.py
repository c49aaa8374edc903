"""Steps in progress: the servers that they have kept busy until now."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.program import Floats


class BusyServers(NamedTuple):
    """Servers that serve or are kept, one an entry: of which service, and since which day."""

    service: NDArray[np.int64]
    since: Floats


def ticks_in_progress(busy: BusyServers, starts: Floats, service_ids: Sequence[str]) -> Mapping[str, tuple[int, ...]]:
    """Return the clock ticks by month for which busy servers have been so, for the services that have any.

    Months are the spans between days `starts`, the last of which is now; time before the first does not count.
    """
    if len(starts) < 2:
        return {}
    until = float(starts[-1])
    # All are whole ticks, and so few that sums of floats are exact.
    remaining = [
        np.bincount(
            busy.service,
            weights=(until - np.maximum(busy.since, start)) * TICKS_PER_DAY,
            minlength=len(service_ids),
        )
        for start in starts.tolist()
    ]
    ticks = -np.diff(remaining, axis=0).astype(np.int64)
    return {id: tuple(ticks[:, number].tolist()) for number, id in enumerate(service_ids) if ticks[:, number].any()}
