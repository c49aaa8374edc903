"""Digests: what is kept of a replication, so that it can be settled again without its rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.outcome import Point
from paysim.model.activity import Activity
from paysim.payment.survey import Survey


@dataclass(frozen=True, eq=False)
class Digest:
    """One replication at a point. `survey` is of the care given, `recorded` of the codes that it is recorded with.

    `activity` has no rows unless terms of the arrangements that it was made for need them. `occupied` are clock ticks
    by month and service, `qalys` by quintile and year, `measures` those of the system.
    """

    point: Point
    replication: int
    activity: Activity
    survey: Survey
    recorded: Survey
    occupied: NDArray[np.int64]
    qalys: NDArray[np.float64]
    measures: NDArray[np.float64]
