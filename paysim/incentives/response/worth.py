"""What outcomes are worth: a year's money and health, later years discounted, and the whole system's net benefit."""

import numpy as np

from paysim.incentives.health import health_by_lever
from paysim.incentives.marginal.differences import POUNDS, QALYS, year_weights
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.model.objective import HORIZONS, Horizon
from paysim.model.population import QUINTILES
from paysim.model.system import System


def mean_year(by_year: Floats, rate: float = 0.0) -> Floats:
    """Return the mean over years, the last axis, each weighed by what it is worth in the first: an annual equivalent.

    Money and health are discounted alike, see `year_weights`: what is the same every year stays as it is.
    """
    return np.asarray(by_year @ year_weights(by_year.shape[-1], rate))


def discounted(system: System, outcome: Outcome) -> Floats:
    """Return a year's QALYs by quintile, an annual equivalent."""
    return mean_year(outcome.qalys, system.health.discount_rate)


def health_of_levers(system: System, point: Point, shares: Floats) -> Floats:
    """Return a year's QALYs by quintile that levers bring beside what activity does.

    `shares` are those of `shares_of_levers`.
    """
    return np.asarray(health_by_lever(system, point) @ shares)


def effort(system: System, point: Point) -> float:
    """Return the pounds' worth of all levers' effort in a year."""
    return float(sum(lever.effort.at(point.get(lever.id, lever.now)) for lever in system.levers.values()))


def net_benefit(system: System, outcome: Outcome, horizon: Horizon = "long_run") -> float:
    """Return the pounds that a year's health is worth, less all resources, levers' cost and effort.

    Payments between organisations cancel out. Resources are those of the long run unless told otherwise: what is best
    for the system is judged by what capacity ends up as, not by how late it follows.
    """
    resources = mean_year(outcome.cost(horizon) + outcome.lever_cost, system.health.discount_rate).sum()
    worth = system.health.pounds_per_qaly * discounted(system, outcome).sum()
    return float(worth - resources - effort(system, outcome.point))


Figure = tuple[str, str, str]
"""Whom a figure is about (an organisation, 'residents' or 'system'), what it is, and its unit."""


def figures(system: System, outcome: Outcome, arrangement: int = 0) -> dict[Figure, float]:
    """Return what an outcome comes to for everybody in a year, under one of its arrangements.

    Of several years, money and health of later ones are discounted alike, see `mean_year`. Of an organisation:
    `income` (terms that look at costs see those of the short run), `lever_cost`, and by horizon `cost` and `surplus`.
    Of the residents `qalys`, in all and by deprivation quintile, 1 the most deprived. Of the system: real cost, levers'
    cost among it, by horizon; `effort`; `net_benefit` with long-run cost.
    """
    found: dict[Figure, float] = {}
    rate = system.health.discount_rate
    costs = {horizon: mean_year(outcome.cost(horizon), rate) for horizon in HORIZONS}
    earned = {horizon: mean_year(outcome.earned(horizon), rate)[arrangement] for horizon in HORIZONS}
    lever_cost = mean_year(outcome.lever_cost, rate)
    for place, organisation in enumerate(system.organisations):
        own = {"income": earned["short_run"][place], "lever_cost": lever_cost[place]}
        own |= {f"cost_{horizon}": cost[place] for horizon, cost in costs.items()}
        own |= {f"surplus_{h}": earned[h][place] - cost[place] - lever_cost[place] for h, cost in costs.items()}
        found |= {(organisation, quantity, POUNDS): float(value) for quantity, value in own.items()}
    qalys = discounted(system, outcome)
    found["residents", "qalys", QALYS] = float(qalys.sum())
    for quintile, each in zip(QUINTILES, qalys, strict=True):
        found["residents", f"qalys_quintile_{quintile}", QALYS] = float(each)
    for horizon, cost in costs.items():
        found["system", f"real_cost_{horizon}", POUNDS] = float(cost.sum() + lever_cost.sum())
    found["system", "effort", POUNDS] = effort(system, outcome.point)
    found["system", "net_benefit", POUNDS] = net_benefit(system, outcome)
    return found
