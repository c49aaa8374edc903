"""Digests: what is kept of a replication, so that it can be settled again without its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.health import activity_qalys
from paysim.incentives.outcome import Point
from paysim.model.activity import COLUMNS, Activity
from paysim.model.contract import Arrangement
from paysim.payment.measures import take_measures
from paysim.payment.resources import occupied_ticks
from paysim.payment.rows_needed import rows_needed
from paysim.payment.survey import Survey, survey_of


@dataclass(frozen=True, eq=False)
class Digest:
    """One replication at a point. `survey` is of the care given, `recorded` of the codes that it is recorded with.

    `activity` has no rows unless terms of the arrangements that it was made for need them: then those as recorded. Its
    system is the one at the point. `occupied` are clock ticks by month and service, `qalys` those of activity, by
    quintile and year, `measures` those of the system.
    """

    point: Point
    replication: int
    activity: Activity
    survey: Survey
    recorded: Survey
    occupied: NDArray[np.int64]
    qalys: NDArray[np.float64]
    measures: NDArray[np.float64]


def digest_of(activity: Activity, point: Point, arrangements: Sequence[Arrangement]) -> Digest:
    """Return the digest of an activity, whose rows may then be written over."""
    survey = survey_of(activity, arrangements)
    return Digest(
        point=point,
        replication=activity.run.replication,
        activity=with_rows_needed(activity, arrangements),
        survey=survey,
        recorded=survey,
        occupied=occupied_ticks(activity, survey.lookups),
        qalys=activity_qalys(activity, survey.lookups),
        measures=take_measures(activity, survey),
    )


def with_rows_needed(activity: Activity, arrangements: Sequence[Arrangement]) -> Activity:
    """Return an activity with a copy of its rows where settling needs them, else without rows."""
    rows = len(activity) if rows_needed(activity.system, arrangements) else 0
    return replace(activity, **{column: getattr(activity, column)[:rows].copy() for column in COLUMNS})
