"""Outcomes of digests: settled, costed and added up by organisation and financial year."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.digest import Digest
from paysim.incentives.health import lever_qalys
from paysim.incentives.long_run import long_run_pence
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Arrangement
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System
from paysim.payment.costs import costs
from paysim.payment.settlement import settle_many
from paysim.payment.survey import Survey


def outcome(digest: Digest, arrangements: Sequence[Arrangement]) -> Outcome:
    """Return what a replication comes to under each arrangement; budget-neutral amounts must be set."""
    activity, survey, point = digest.activity, digest.survey, digest.point
    system, weight = activity.system, activity.weight
    cost = costs(activity, survey, digest.occupied)
    ledgers = settle_many(activity, arrangements, survey=digest.recorded, cost=cost)
    spend = _by_arrangement([ledger.paid() for ledger in ledgers], activity.periods, system)
    return Outcome(
        point=point,
        replication=digest.replication,
        income=_by_arrangement([ledger.balance() for ledger in ledgers], activity.periods, system),
        spend=spend,
        short_run_cost=_by_organisation(system, cost.pence),
        long_run_cost=_by_organisation(system, long_run_pence(activity, survey, digest.occupied)),
        lever_cost=lever_cost(system, point, spend.shape[-1]),
        qalys=digest.qalys + lever_qalys(system, point, spend.shape[-1]),
        steps=np.asarray(steps_by_year(survey, len(system.steps)) * weight, dtype=np.float64),
        measures=digest.measures,
    )


def lever_cost(system: System, point: Point, years: int) -> Floats:
    """Return what levers cost their owners in pounds, a year like another: shape (organisations, years)."""
    annual = dict.fromkeys(system.organisations, 0.0)
    for lever in system.levers.values():
        annual[lever.owner] += lever.cost.at(point.get(lever.id, lever.now))
    return np.repeat(np.array(list(annual.values()))[:, None], years, axis=1)


def steps_by_year(survey: Survey, steps: int) -> NDArray[np.int64]:
    """Return the steps that ended, not scaled: shape (steps, years)."""
    of_sort = by_year(survey.steps.sum(axis=1))
    counts = np.zeros((steps, of_sort.shape[1]), dtype=np.int64)
    np.add.at(counts, survey.sorts.step, of_sort)
    return counts


def by_year(by_period: NDArray[Any]) -> NDArray[Any]:
    """Return the sums of each financial year over the last axis, the last year as far as it goes."""
    starts = np.arange(0, by_period.shape[-1], MONTHS_PER_YEAR)
    return np.asarray(np.add.reduceat(by_period, starts, axis=-1))


def _by_arrangement(pence: Sequence[NDArray[np.int64]], periods: int, system: System) -> Floats:
    """Return pounds: shape (arrangements, organisations, years)."""
    shape = len(pence), len(system.organisations), periods
    return np.asarray(by_year(np.array(pence, dtype=np.int64).reshape(shape)) / PENCE_PER_POUND)


def _by_organisation(system: System, pence: NDArray[Any]) -> Floats:
    """Return the pounds of each organisation's services, given as pence by period and service."""
    organisations = list(system.organisations)
    total = np.zeros((len(organisations), pence.shape[0]), dtype=pence.dtype)
    owners = [organisations.index(service.organisation) for service in system.services.values()]
    np.add.at(total, owners, pence.T)
    return np.asarray(by_year(total) / PENCE_PER_POUND)
