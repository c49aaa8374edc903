"""Outcomes of digests: settled, costed and added up by organisation and financial year."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.changes import relisted
from paysim.incentives.digest import Digest, by_id
from paysim.incentives.health import lever_qalys
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Arrangement
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System
from paysim.payment.costs import Costs
from paysim.payment.costs_needed import pays_by_cost
from paysim.payment.ledger import Ledger
from paysim.payment.settlement import settle_many
from paysim.payment.survey import Survey


def outcome(digest: Digest, arrangements: Sequence[Arrangement]) -> Outcome:
    """Return what a replication comes to under each arrangement; budget-neutral amounts must be set.

    Where a lever takes some residents off a list, what arrangements pay with and without them there is mixed by their
    share, see `relisted`. Where a term looks at costs it is settled twice, with those of the short and of the long run.
    """
    activity, survey, point = digest.activity, digest.survey, digest.point
    system = activity.system
    instead = by_id(system, arrangements)
    listed = [relisted(arrangement, system, point, instead) for arrangement in arrangements]
    paying = list({id(each.arrangement): each.arrangement for parts in listed for each in parts}.values())

    def settled(some: Sequence[Arrangement], cost: Costs) -> dict[int, Ledger]:
        return dict(zip(map(id, some), settle_many(activity, some, survey=digest.recorded, cost=cost), strict=True))

    def mixed(side: Callable[[Ledger], NDArray[np.int64]], ledgers: Mapping[int, Ledger]) -> Floats:
        """Return pounds by arrangement, organisation and year."""
        pence = [sum(each.share * side(ledgers[id(each.arrangement)]) for each in parts) for parts in listed]
        shape = len(listed), len(system.organisations), activity.periods
        return by_year(np.array(pence, dtype=np.float64).reshape(shape)) / PENCE_PER_POUND

    ledgers = settled(paying, digest.cost)
    income, spend = mixed(Ledger.balance, ledgers), mixed(Ledger.paid, ledgers)
    long_run_income, long_run_spend = income, spend
    by_cost = [each for each in paying if pays_by_cost(each)]
    if by_cost:
        ledgers |= settled(by_cost, digest.long_run_cost)
        long_run_income, long_run_spend = mixed(Ledger.balance, ledgers), mixed(Ledger.paid, ledgers)
    return Outcome(
        point=point,
        replication=digest.replication,
        income=income,
        spend=spend,
        long_run_income=long_run_income,
        long_run_spend=long_run_spend,
        short_run_cost=_by_organisation(system, digest.cost.pence),
        long_run_cost=_by_organisation(system, digest.long_run_pence),
        lever_cost=lever_cost(system, point, spend.shape[-1]),
        qalys=digest.qalys + lever_qalys(system, point, spend.shape[-1]),
        steps=by_year(_by_step(survey, len(system.steps)).astype(np.float64)) * activity.weight,
        measures=digest.measures,
    )


def lever_cost(system: System, point: Point, years: int) -> Floats:
    """Return what levers cost their owners in pounds, a year like another: shape (organisations, years)."""
    annual = dict.fromkeys(system.organisations, 0.0)
    for lever in system.levers.values():
        annual[lever.owner] += lever.cost.at(point.get(lever.id, lever.now))
    return np.repeat(np.array(list(annual.values()))[:, None], years, axis=1)


def by_year(by_period: NDArray[np.float64]) -> Floats:
    """Return the sums of each financial year over the last axis, the last year as far as it goes."""
    starts = np.arange(0, by_period.shape[-1], MONTHS_PER_YEAR)
    return np.asarray(np.add.reduceat(by_period, starts, axis=-1))


def _by_step(survey: Survey, steps: int) -> NDArray[np.int64]:
    """Return the steps that ended, not scaled: shape (steps, periods)."""
    of_sort = survey.steps.sum(axis=1)
    counts = np.zeros((steps, of_sort.shape[1]), dtype=np.int64)
    np.add.at(counts, survey.sorts.step, of_sort)
    return counts


def _by_organisation(system: System, pence: NDArray[np.int64] | Floats) -> Floats:
    """Return the pounds of each organisation's services by year, given as pence by period and service."""
    organisations = list(system.organisations)
    total = np.zeros((len(organisations), pence.shape[0]))
    owners = [organisations.index(service.organisation) for service in system.services.values()]
    np.add.at(total, owners, pence.T)
    return by_year(total) / PENCE_PER_POUND
