"""Digests of expected values: by the traffic equations, with no queues, no waits and no chance."""

from collections.abc import Sequence
from dataclasses import replace
from math import floor, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.changes import care_with, costs_with, recoding_rules
from paysim.incentives.digest import Digest, payers
from paysim.incentives.expectable import refuse_midnights, refuse_prices, refuse_system, refuse_terms
from paysim.incentives.health import qalys_per_unit
from paysim.incentives.outcome import Floats, Point, Trial
from paysim.incentives.steady import Steady, codes_recorded, steady
from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.calendar import MONTHS_PER_YEAR, TICKS_PER_DAY, period_starts
from paysim.model.contract import Arrangement
from paysim.model.population import QUINTILES
from paysim.model.system import System
from paysim.payment.classes import classes_of
from paysim.payment.lookups import SPELL, STEP, Lookups, lookups_for
from paysim.payment.measures import FROM_SURVEY, measures_by_year
from paysim.payment.prices import Priced, priced_terms
from paysim.payment.records import RECORD
from paysim.payment.resident_order import by_resident
from paysim.payment.survey import Survey, expected_sorts

EXPECTED = "expected"
"""The name of the engine that is none."""

_LARGEST = 2.0**58
"""What the pence and clock ticks of a run come to at most, counted in tiny units: a digest may yet be settled at prices
some times as high, and that must fit into 64 bits."""

_FINEST = 2.0**40


def expected_digests(
    system: System, points: Sequence[Point], arrangements: Sequence[Arrangement], trial: Trial, replication: int
) -> tuple[Digest, ...]:
    """Return the digests of mean values at points whose care is the same; all replications are alike.

    Counts are those of a steady state, see `steady`: a year's visits, in proportion to the days of the months. They are
    kept as whole numbers of a tiny unit, a power of a half, which is the activity's weight: so they are settled and
    costed as any others.

    Raises InputError for a system whose expected values are not known in this way, and for terms that need more.
    """
    changed = care_with(system, points[0])
    costed = [costs_with(changed, point) for point in points]
    settled = payers(changed, points, arrangements)
    refuse_system(changed)
    refuse_terms(changed, settled)
    contracts = [contract for each in settled for contract in each.contracts]
    priced = priced_terms(changed, contracts, trial.years)
    recodings = [recoding_rules(changed, point) for point in points]
    sorts = expected_sorts(changed, [(rule.step, rule.becomes) for rules in recodings for rule in rules])
    classes = classes_of(changed.population, contracts)
    cared_for = steady(changed, sorts, classes)
    refuse_midnights(changed, sorts, np.asarray(cared_for.days.any(axis=1)), priced)
    run = Run(trial.years, trial.seed, replication, trial.sample, EXPECTED, months=MONTHS_PER_YEAR * trial.years)
    empty: dict[str, Any] = {column: np.zeros(0, dtype=dtype) for column, (dtype, _) in COLUMNS.items()}
    unit = 1.0 / min(_resolution(each, cared_for, priced, trial.years) for each in costed)
    activity = Activity(system=changed, run=run, weight=unit, **empty)
    lookups = _by_the_step(lookups_for(activity))

    def counted(expected: Steady) -> Survey:
        refuse_prices(changed, sorts, np.asarray(expected.steps.any(axis=1)), priced)
        steps, midnights = (_by_month(activity, annual) for annual in (expected.steps, expected.days))
        admitted = by_resident(np.empty(0, dtype=RECORD), changed.population.total)
        return Survey(lookups, classes, sorts, steps, midnights, admitted)

    survey = counted(cared_for)
    by_service = np.zeros(len(changed.services))
    np.add.at(by_service, sorts.service, cared_for.days.sum(axis=1) * TICKS_PER_DAY)
    kept = Digest(
        point={},
        replication=replication,
        activity=activity,
        survey=survey,
        recorded=survey,
        occupied=_by_month(activity, by_service).T,
        qalys=np.repeat(_annual_qalys(changed, cared_for)[:, None], trial.years, axis=1),
    )
    return tuple(
        replace(
            kept,
            point=point,
            activity=replace(activity, system=at_point),
            recorded=counted(codes_recorded(changed, cared_for, sorts, rules)) if rules else survey,
        )
        for point, at_point, rules in zip(points, costed, recodings, strict=True)
    )


def _resolution(system: System, expected: Steady, priced: Sequence[Priced], years: int) -> float:
    """Return how many tiny units make one: as many as fit, a power of two."""
    most = [each.rates.largest(1) * max(map(abs, each.factors)) / 1e6 for each in priced]
    for service in system.services.values():
        cost = service.cost
        by_code = max(map(abs, cost.by_code_pence.values()), default=0)
        most.append(abs(cost.per_step_pence) + abs(cost.per_day_pence) + by_code)
    steps, days = float(expected.steps.sum()), float(expected.days.sum())
    largest = years * max((steps + days) * max(most), days * TICKS_PER_DAY, 1.0)
    return min(_FINEST, 2.0 ** floor(log2(_LARGEST / largest)))


def _by_month(activity: Activity, annual: Floats) -> NDArray[np.int64]:
    """Return annual numbers by month in the activity's units; the last axis is added.

    A month has the difference of rounded running totals, so a year is right to a unit.
    """
    starts = period_starts(activity.system.start, activity.periods)
    days = np.diff(starts).reshape(-1, MONTHS_PER_YEAR)
    shares = (days / days.sum(axis=1, keepdims=True)).ravel()
    passed = np.concatenate(([0.0], np.cumsum(shares)))
    passed[::MONTHS_PER_YEAR] = np.arange(len(days) + 1)
    totals = np.rint(annual[..., None] * passed / activity.weight).astype(np.int64)
    return np.diff(totals, axis=-1)


def _by_the_step(lookups: Lookups) -> Lookups:
    """Return lookups in which steps that are priced by the spell count as such, each a spell of its own."""
    counted = np.where(lookups.counted_of_step == SPELL, STEP, lookups.counted_of_step).astype(np.int8)
    return replace(lookups, counted_of_step=counted)


def _annual_qalys(system: System, expected: Steady) -> Floats:
    """Return a year's QALYs by quintile; nobody waits."""
    per_step, _, per_day = qalys_per_unit(system).T
    by_kind = expected.visits @ (per_step + per_day * expected.mean_days)
    profiles = system.population.profile_labels() * len(system.population.places)
    quintile = np.array([quintile - 1 for _, _, quintile, _ in profiles])
    return np.asarray(np.bincount(quintile, weights=by_kind, minlength=len(QUINTILES)), dtype=np.float64)


def expected_measures(activity: Activity, survey: Survey) -> Floats:
    """Return the system's measures, NaN for those that look at single rows; one year is like another."""
    system = activity.system
    known = [id for id, measure in system.measures.items() if measure.kind in FROM_SURVEY]
    found = measures_by_year(activity, known, None, survey)
    values = {id: [float(value) for value in by_year if value is not None] for id, by_year in found.items()}
    return np.array([np.mean(values[id]) if values.get(id) else np.nan for id in system.measures], dtype=np.float64)
