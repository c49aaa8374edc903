"""Years of response: one replication that runs on while organisations set their levers anew before each year."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from paysim.incentives.changes import care_with, recorded, system_with
from paysim.incentives.digest import Digest, payers
from paysim.incentives.evaluate import evaluate, outcome
from paysim.incentives.expected import EXPECTED
from paysim.incentives.health import activity_qalys
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.response.decisions import Decide
from paysim.model.activity import COLUMNS, Activity
from paysim.model.calendar import MONTHS_PER_YEAR, period_starts
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.resources import occupied_ticks
from paysim.payment.survey import survey_of
from paysim.simulation.log import Log
from paysim.simulation.running import Running

BY_YEAR = tuple(field.name for field in fields(Outcome) if field.name not in ("point", "replication", "measures"))
"""The parts of an outcome that have a value for each year, on the last axis."""


@dataclass(frozen=True, eq=False)
class Course:
    """One replication's years: the intensities of each, and the outcome, every year's at its own intensities."""

    points: tuple[Point, ...]
    outcome: Outcome

    def year(self, number: int) -> Outcome:
        """Return the outcome of one year alone."""
        columns = {name: getattr(self.outcome, name)[..., number : number + 1] for name in BY_YEAR}
        return Outcome(point=self.points[number], replication=self.outcome.replication, **columns)


def course(
    system: System,
    arrangement: Arrangement,
    decide: Decide,
    trial: Trial,
    replication: int,
    *,
    watched: bool,
    log: Log | None = None,
) -> Course:
    """Return one replication in which `decide` sets the levers before each year.

    The engine runs on from where it was, at first from a warm-up with everything at `now`: whoever waits, waits on. All
    years are settled together in the end, so contracts that look back over years do; `watched` settles what there is so
    far before each decision too. A unit cost, a code recorded, a list hold for what ends in the year. With everything
    at `now` throughout, it is the plain simulation. Expected values know no state to run on from: there a year is as if
    it had been so from the beginning.
    """
    if trial.engine == EXPECTED:
        return _expected(system, arrangement, decide, trial, replication, watched)
    running = Running(
        system,
        years=trial.years,
        seed=trial.seed,
        replication=replication,
        sample=trial.sample,
        engine=trial.engine,
        log=log,
    )
    points: list[Point] = []
    settled: list[Outcome] = []
    last: Point = {}
    for year in range(trial.years):
        point = decide(points, settled)
        if _moved(system, point) != _moved(system, last):
            running.warm_up()
            running.change(care_with(system, point))
        running.advance(MONTHS_PER_YEAR)
        points.append(point)
        last = point
        if watched and year + 1 < trial.years:
            settled.append(outcome_by_year(running.activity(), points, arrangement))
    return Course(tuple(points), outcome_by_year(running.activity(), points, arrangement))


def outcome_by_year(activity: Activity, points: Sequence[Point], arrangement: Arrangement) -> Outcome:
    """Return what an activity of whole years comes to, each year at its own intensities.

    The whole run is settled at the intensities of each year, of which that year counts.
    """
    system = activity.system
    moved = {_moved(system, point): point for point in points}
    paying = payers(system, list(moved.values()), [arrangement])
    as_recorded = _recorded(activity, points)
    survey = survey_of(activity, paying)
    digest = Digest(
        point={},
        replication=activity.run.replication,
        activity=as_recorded,
        survey=survey,
        recorded=survey if as_recorded is activity else survey_of(as_recorded, paying),
        occupied=occupied_ticks(activity, survey.lookups),
        qalys=activity_qalys(activity, survey.lookups),
    )
    at = {
        key: outcome(
            replace(digest, point=point, activity=replace(as_recorded, system=system_with(system, point))),
            [arrangement],
        )
        for key, point in moved.items()
    }
    return _by_year([at[_moved(system, point)] for point in points])


def _expected(
    system: System, arrangement: Arrangement, decide: Decide, trial: Trial, replication: int, watched: bool
) -> Course:
    points: list[Point] = []
    found: list[Outcome] = []
    for year in range(trial.years):
        settled = [_by_year(found[: number + 1]) for number in range(year)] if watched else []
        points.append(decide(points, settled))
        found += evaluate(system, [arrangement], points[-1:], trial, replication)
    return Course(tuple(points), _by_year(found))


def _moved(system: System, point: Point) -> tuple[tuple[str, float], ...]:
    """Return the intensities that are not `now`."""
    return tuple((id, point[id]) for id, lever in system.levers.items() if point.get(id, lever.now) != lever.now)


def _recorded(activity: Activity, points: Sequence[Point]) -> Activity:
    """Return the activity with the codes that each year's steps are recorded with."""
    starts = period_starts(activity.system.start, activity.periods)[::MONTHS_PER_YEAR]
    bounds = np.searchsorted(activity.end, starts[1:], side="left")
    codes = []
    for point, first, stop in zip(points, [0, *bounds[:-1]], bounds, strict=True):
        of_year = replace(activity, **{column: getattr(activity, column)[first:stop] for column in COLUMNS})
        codes.append(recorded(of_year, activity.system, point).code)
    code = np.concatenate(codes)
    return activity if np.array_equal(code, activity.code) else replace(activity, code=code)


def _by_year(found: Sequence[Outcome]) -> Outcome:
    """Return the outcome whose first year is that of the first, whose second is that of the second, and so on."""
    columns = {
        name: np.stack([getattr(each, name)[..., year] for year, each in enumerate(found)], axis=-1) for name in BY_YEAR
    }
    return Outcome(point={}, replication=found[0].replication, **columns)
