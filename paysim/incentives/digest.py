"""Digests: what is kept of a replication, so that it can be settled again without its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.changes import costs_with, recorded, relisted
from paysim.incentives.health import activity_qalys
from paysim.incentives.long_run import long_run_pence
from paysim.incentives.outcome import Point
from paysim.model.activity import COLUMNS, Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.costs import Costs, costs
from paysim.payment.resources import occupied_ticks
from paysim.payment.rows_needed import rows_needed
from paysim.payment.survey import Survey, survey_of


@dataclass(frozen=True, eq=False)
class Digest:
    """One replication at a point. `survey` is of the care given, `recorded` of the codes that it is recorded with.

    `activity` has no rows unless terms of the arrangements that it was made for need them: then those as recorded. Its
    system is the one at the point. `occupied` are clock ticks by month and service, `qalys` those of activity, by
    quintile and year, `measures` those of the system, none where they were not wanted.
    """

    point: Point
    replication: int
    activity: Activity
    survey: Survey
    recorded: Survey
    occupied: NDArray[np.int64]
    qalys: NDArray[np.float64]
    measures: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @cached_property
    def cost(self) -> Costs:
        """What services cost, whoever pays: counted once, however often it is settled."""
        return costs(self.activity, self.survey, self.occupied)

    @cached_property
    def long_run_pence(self) -> NDArray[np.float64]:
        """The same in the long run, by period and service, see `long_run_pence`."""
        return long_run_pence(self.activity, self.survey, self.occupied)

    @cached_property
    def long_run_cost(self) -> Costs:
        """The same in whole pence, for terms that pay by what services cost."""
        return replace(self.cost, pence=np.rint(self.long_run_pence).astype(np.int64))


def digests_of(activity: Activity, points: Sequence[Point], arrangements: Sequence[Arrangement]) -> tuple[Digest, ...]:
    """Return the digests of one activity at points whose care is the same; its rows may then be written over.

    The activity's system is the one at these points but for unit costs, see `care_with`.
    """
    system = activity.system
    settled = payers(system, points, arrangements)
    survey = survey_of(activity, settled)
    kept = Digest(
        point={},
        replication=activity.run.replication,
        activity=_with_rows_needed(activity, settled),
        survey=survey,
        recorded=survey,
        occupied=occupied_ticks(activity, survey.lookups),
        qalys=activity_qalys(activity, survey.lookups),
    )
    return tuple(_recorded_at(point, activity, settled, kept) for point in points)


def payers(system: System, points: Sequence[Point], arrangements: Sequence[Arrangement]) -> list[Arrangement]:
    """Return all that may pay at some points in place of these arrangements, and these."""
    instead = by_id(system, arrangements)
    listed = (
        each.arrangement
        for point in points
        for arrangement in arrangements
        for each in relisted(arrangement, system, point, instead)
    )
    return list({id(each): each for each in (*arrangements, *listed)}.values())


def by_id(system: System, arrangements: Sequence[Arrangement]) -> dict[str, Arrangement]:
    """Return the system's arrangements by id, these in the place of those of the same id."""
    return {**system.arrangements, **{each.id: each for each in arrangements}}


def _recorded_at(point: Point, activity: Activity, settled: Sequence[Arrangement], kept: Digest) -> Digest:
    system = costs_with(activity.system, point)
    as_recorded = recorded(activity, activity.system, point)
    if as_recorded is activity:
        return replace(kept, point=point, activity=replace(kept.activity, system=system))
    return replace(
        kept,
        point=point,
        activity=replace(_with_rows_needed(as_recorded, settled), system=system),
        recorded=survey_of(as_recorded, settled),
    )


def _with_rows_needed(activity: Activity, arrangements: Sequence[Arrangement]) -> Activity:
    """Return an activity with a copy of its rows where settling needs them, else without rows."""
    rows = len(activity) if rows_needed(activity.system, arrangements) else 0
    return replace(activity, **{column: getattr(activity, column)[:rows].copy() for column in COLUMNS})
