"""What outcomes are worth: means of a year, discounted health, and the net benefit of the whole system."""

import numpy as np

from paysim.incentives.health import health_by_lever
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.model.objective import Horizon
from paysim.model.population import QUINTILES
from paysim.model.system import System

HORIZONS: tuple[Horizon, ...] = ("short_run", "long_run")


def mean_year(by_year: Floats) -> Floats:
    """Return the mean over years, the last axis; money is not discounted."""
    return np.asarray(by_year.mean(axis=-1))


def discounted(system: System, outcome: Outcome) -> Floats:
    """Return a year's QALYs by quintile, those of later years discounted to the first."""
    return mean_year(outcome.qalys * discount_factors(system, outcome.qalys.shape[-1]))


def discount_factors(system: System, years: int) -> Floats:
    """Return what a QALY of each year is worth in the first."""
    return np.asarray((1.0 + system.health.discount_rate) ** -np.arange(years), dtype=np.float64)


def health_of_levers(system: System, point: Point, years: int, shares: Floats) -> Floats:
    """Return a year's QALYs by quintile that levers bring beside activity, discounted as those of outcomes are.

    `shares` are those of `shares_of_levers`.
    """
    return np.asarray(health_by_lever(system, point) @ shares * discount_factors(system, years).mean())


def effort(system: System, point: Point) -> float:
    """Return the pounds' worth of all levers' effort in a year."""
    return float(sum(lever.effort.at(point.get(lever.id, lever.now)) for lever in system.levers.values()))


def net_benefit(system: System, outcome: Outcome, horizon: Horizon = "long_run") -> float:
    """Return the pounds that a year's health is worth, less all resources, levers' cost and effort.

    Payments between organisations cancel out. Resources are those of the long run unless told otherwise: what is best
    for the system is judged by what capacity ends up as, not by how late it follows.
    """
    resources = mean_year(outcome.cost(horizon) + outcome.lever_cost).sum()
    worth = system.health.pounds_per_qaly * discounted(system, outcome).sum()
    return float(worth - resources - effort(system, outcome.point))


Figure = tuple[str, str, str]
"""Whom a figure is about (an organisation, 'residents' or 'system'), what it is, and its unit."""

POUNDS, QALYS = "pounds a year", "QALYs a year"


def figures(system: System, outcome: Outcome, arrangement: int = 0) -> dict[Figure, float]:
    """Return what an outcome comes to for everybody in the mean of a year, under one of its arrangements.

    Of an organisation: `income`, `lever_cost`, and by horizon `cost` and `surplus`. Of the residents `qalys`, those of
    later years discounted, in all and by deprivation quintile, 1 the most deprived. Of the system: real cost, levers'
    cost among it, by horizon; `effort`; `net_benefit` with long-run cost.
    """
    found: dict[Figure, float] = {}
    costs = {horizon: mean_year(outcome.cost(horizon)) for horizon in HORIZONS}
    income, lever_cost = mean_year(outcome.income)[arrangement], mean_year(outcome.lever_cost)
    for place, organisation in enumerate(system.organisations):
        own = {"income": income[place], "lever_cost": lever_cost[place]}
        own |= {f"cost_{horizon}": cost[place] for horizon, cost in costs.items()}
        own |= {f"surplus_{h}": income[place] - cost[place] - lever_cost[place] for h, cost in costs.items()}
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
