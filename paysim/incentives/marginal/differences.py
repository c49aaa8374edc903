"""Paired differences: each lever's outcomes less the baseline's of the same replication, for everybody."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from paysim.incentives.marginal.change import ALL, BOTH, Change
from paysim.incentives.marginal.quality import measure_changes
from paysim.incentives.outcome import Floats, Outcome
from paysim.model.lever import Lever
from paysim.model.objective import HORIZONS
from paysim.model.system import System

POUNDS, QALYS, STEPS = "pounds a year", "QALYs a year", "steps a year"

HALF_A_PENNY = 0.005
"""Pounds a year: money is paid in whole pence, so what differs by less is the rounding of sums."""

ROUNDINGS = 0.5
"""Pounds a year: what sums of two thousand roundings to whole pence, by flow or service and month, differ by at most in
practice, four standard errors. Expected values are rounded so; a simulation of all residents counts in whole pence."""


def changes(
    system: System,
    levers: Sequence[Lever],
    arrangements: Sequence[str],
    outcomes: Sequence[Sequence[Outcome]],
    exact: bool = False,
) -> tuple[Change, ...]:
    """Return every change that each lever makes; `outcomes` are by replication and point, in the order of `points`.

    Of several years, those of money and health alike are discounted to the first at the system's rate and averaged:
    an annual equivalent, so that all sums of money still add up. Measures are of all years together.
    """
    weights = year_weights(outcomes[0][0].qalys.shape[-1], system.health.discount_rate)
    return tuple(
        change
        for position, lever in enumerate(levers, start=1)
        for change in (
            *_of_lever(system, lever, arrangements, _difference(system, lever, outcomes, position, weights), exact),
            *measure_changes(system, lever, outcomes, position, exact),
        )
    )


def year_weights(years: int, rate: float) -> Floats:
    """Return the weight of each year in an annual equivalent, each discounted to the first; they add up to 1.

    The reference case of the National Institute for Health and Care Excellence discounts costs and health effects alike
    at 3.5% a year: NICE health technology evaluations: the manual (PMG36, 2022), section 4.5; as before in the Guide to
    the methods of technology appraisal (PMG9, 2013), section 5.6.
    """
    weights = (1.0 + rate) ** -np.arange(years)
    return np.asarray(weights / weights.sum())


@dataclass(frozen=True, eq=False)
class _Difference:
    """Changes per unit of a lever, replications first; money by (arrangement,) organisation."""

    income: dict[str, Floats]
    spend: dict[str, Floats]
    cost: dict[str, Floats]
    lever_cost: Floats
    qalys: Floats
    events: Floats | None


def _difference(
    system: System, lever: Lever, outcomes: Sequence[Sequence[Outcome]], position: int, weights: Floats
) -> _Difference:
    moved = lever.stride

    def change(quantity: Callable[..., Floats], *horizon: str) -> Floats:
        pairs = [quantity(each[position], *horizon) - quantity(each[0], *horizon) for each in outcomes]
        return np.stack(pairs) @ weights / moved

    def by_horizon(quantity: Callable[[Outcome, str], Floats]) -> dict[str, Floats]:
        return {horizon: change(quantity, horizon) for horizon in HORIZONS}

    counted = [system.step_ids.index(step) for step in lever.counted]
    return _Difference(
        income=by_horizon(Outcome.earned),
        spend=by_horizon(Outcome.paid),
        cost=by_horizon(Outcome.cost),
        lever_cost=change(lambda outcome: outcome.lever_cost),
        qalys=change(lambda outcome: outcome.qalys),
        events=change(lambda outcome: outcome.steps)[:, counted].sum(axis=1) if counted else None,
    )


def _of_lever(
    system: System, lever: Lever, arrangements: Sequence[str], change: _Difference, exact: bool
) -> Iterator[Change]:
    ids = tuple(system.organisations)
    commissioners = [n for n, o in enumerate(system.organisations.values()) if o.kind == "commissioner"]
    least = (ROUNDINGS if exact else HALF_A_PENNY) / abs(lever.stride)

    def row(arrangement: str, horizon: str, party: str, quantity: str, unit: str, values: Floats) -> Change:
        if unit == POUNDS:
            values = np.where(np.abs(values) < least, 0.0, values)
        return Change(lever.id, arrangement, horizon, party, quantity, unit, values, lever.step, change.events, exact)

    for a, arrangement in enumerate(arrangements):
        for horizon in HORIZONS:
            surplus = change.income[horizon][:, a] - (change.cost[horizon] + change.lever_cost)
            for o, organisation in enumerate(ids):
                yield row(arrangement, horizon, organisation, "surplus", POUNDS, surplus[:, o])
        for when, income in _once(change.income, a).items():
            for o, organisation in enumerate(ids):
                yield row(arrangement, when, organisation, "income", POUNDS, income[:, o])
        for when, spend in _once(change.spend, a).items():
            of_commissioners = spend[:, commissioners].sum(axis=1)
            yield row(arrangement, when, "commissioners", "spend", POUNDS, of_commissioners)
    for horizon in HORIZONS:
        for o, organisation in enumerate(ids):
            yield row(ALL, horizon, organisation, "cost", POUNDS, change.cost[horizon][:, o])
    yield row(ALL, BOTH, lever.owner, "lever_cost", POUNDS, change.lever_cost.sum(axis=1))
    effort = np.full(len(change.qalys), lever.effort.change(lever.now, lever.now + lever.stride) / lever.stride)
    yield row(ALL, BOTH, lever.owner, "effort", POUNDS, effort)
    for quintile, qalys in enumerate(change.qalys.T, start=1):
        yield row(ALL, BOTH, "residents", f"qalys_quintile_{quintile}", QALYS, qalys)
    health = change.qalys.sum(axis=1)
    yield row(ALL, BOTH, "residents", "qalys", QALYS, health)
    if change.events is not None:
        yield row(ALL, BOTH, "residents", "counted_steps", STEPS, change.events)
    for horizon in HORIZONS:
        real = (change.cost[horizon] + change.lever_cost).sum(axis=1)
        worth = system.health.pounds_per_qaly * health
        yield row(ALL, horizon, "system", "real_cost", POUNDS, real)
        yield row(ALL, horizon, "system", "net_benefit", POUNDS, worth - real - effort)


def _once(by_horizon: Mapping[str, Floats], arrangement: int) -> dict[str, Floats]:
    """Return what there is under one arrangement by horizon, once under 'both' where the horizons are alike."""
    short_run, long_run = (by_horizon[horizon][:, arrangement] for horizon in HORIZONS)
    return {BOTH: short_run} if np.array_equal(short_run, long_run) else {"short_run": short_run, "long_run": long_run}
