"""Surfaces: outcomes as functions of intensities, one for each replication, from a few points of each lever."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from paysim.incentives.health import shares_of_levers
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.incentives.response.points import Design
from paysim.incentives.response.worth import discounted, effort, health_of_levers, mean_year
from paysim.model.objective import Horizon
from paysim.model.system import System


@dataclass(frozen=True, eq=False)
class Fitted:
    """A quantity by replication: what it is at `now` and what each term adds; `terms` has one more axis, the first.

    Levers' own cost and health are not in it.
    """

    now: Floats
    terms: Floats

    def at(self, terms: Floats) -> Floats:
        """Return the quantity where the terms have these values."""
        return self.now + np.tensordot(terms, self.terms, axes=1)


@dataclass(frozen=True, eq=False)
class Surface:
    """A year of what decisions need, by replication; money in pounds, health in QALYs, see `mean_year`.

    - `income`, `spend`, and both of the long run: shape (replications, arrangements, organisations).
    - `short_run_cost`, `long_run_cost`: (replications, organisations).
    - `qalys`: by deprivation quintile (replications, quintiles).
    - `steps`: (replications, steps).

    `shares` by lever and quintile are of what levers do to health beside activity. `sample` is the share of residents
    that was simulated.
    """

    design: Design
    arrangements: tuple[str, ...]
    shares: Floats
    sample: float
    income: Fitted
    spend: Fitted
    long_run_income: Fitted
    long_run_spend: Fitted
    short_run_cost: Fitted
    long_run_cost: Fitted
    qalys: Fitted
    steps: Fitted

    @property
    def replications(self) -> int:
        """How many replications it was fitted to."""
        return len(self.income.now)

    def at(self, quantity: Fitted, point: Point) -> Floats:
        """Return a fitted quantity at a point."""
        design = self.design
        return quantity.at(design.terms(design.functions(design.vector(point))))

    def earned(self, horizon: Horizon) -> Fitted:
        """Return income where terms see the costs that count."""
        return self.long_run_income if horizon == "long_run" else self.income

    def resources(self, horizon: Horizon) -> Fitted:
        """Return the resources that count, those of levers not counted."""
        return self.long_run_cost if horizon == "long_run" else self.short_run_cost

    def outcomes(self, point: Point) -> tuple[Outcome, ...]:
        """Return the outcome of every replication at a point, of a single year that is like the mean of all."""
        system = self.design.system
        cost = np.array([[_cost_of(system, each, point)] for each in system.organisations])
        qalys, steps = self.health(point), self.at(self.steps, point)
        income, spend = self.at(self.income, point), self.at(self.spend, point)
        later, later_spend = self.at(self.long_run_income, point), self.at(self.long_run_spend, point)
        short_run, long_run = self.at(self.short_run_cost, point), self.at(self.long_run_cost, point)
        return tuple(
            Outcome(
                point=point,
                replication=replication,
                income=income[replication, ..., None],
                spend=spend[replication, ..., None],
                long_run_income=later[replication, ..., None],
                long_run_spend=later_spend[replication, ..., None],
                short_run_cost=short_run[replication, :, None],
                long_run_cost=long_run[replication, :, None],
                lever_cost=cost,
                qalys=qalys[replication, :, None],
                steps=steps[replication, :, None],
            )
            for replication in range(self.replications)
        )

    def surplus(self, point: Point, arrangement: str, organisation: str, horizon: Horizon) -> Floats:
        """Return what an organisation keeps, levers' cost paid, by replication."""
        place = list(self.design.system.organisations).index(organisation)
        income = self.at(self.earned(horizon), point)[:, self.arrangements.index(arrangement), place]
        of_levers = _cost_of(self.design.system, organisation, point)
        return income - self.at(self.resources(horizon), point)[:, place] - of_levers

    def health(self, point: Point) -> Floats:
        """Return all residents' QALYs, those of levers counted, by replication and quintile."""
        return self.at(self.qalys, point) + health_of_levers(self.design.system, point, self.shares)

    def net_benefit(self, point: Point, horizon: Horizon = "long_run") -> Floats:
        """Return the value of health less all resources, levers' cost and effort, by replication, in pounds."""
        system = self.design.system
        worth = system.health.pounds_per_qaly * self.health(point).sum(axis=1)
        resources = self.at(self.resources(horizon), point).sum(axis=1)
        of_levers = sum(_cost_of(system, each, point) for each in system.organisations)
        return np.asarray(worth - resources - of_levers - effort(system, point))


def fit(
    design: Design, arrangements: Sequence[str], outcomes: Sequence[Sequence[Outcome]], sample: float = 1.0
) -> Surface:
    """Return the surface through outcomes, those of each replication at the design's points, in order.

    It passes through `now` exactly, and through all other points as there are as many as terms.
    """
    system = design.system
    rate, shares = system.health.discount_rate, shares_of_levers(system)

    def fitted(quantity: Callable[[Outcome], Floats]) -> Fitted:
        return through(design, np.array([[quantity(each) for each in of_replication] for of_replication in outcomes]))

    return Surface(
        design=design,
        arrangements=tuple(arrangements),
        shares=shares,
        sample=sample,
        income=fitted(lambda outcome: mean_year(outcome.income, rate)),
        spend=fitted(lambda outcome: mean_year(outcome.spend, rate)),
        long_run_income=fitted(lambda outcome: mean_year(outcome.long_run_income, rate)),
        long_run_spend=fitted(lambda outcome: mean_year(outcome.long_run_spend, rate)),
        short_run_cost=fitted(lambda outcome: mean_year(outcome.short_run_cost, rate)),
        long_run_cost=fitted(lambda outcome: mean_year(outcome.long_run_cost, rate)),
        qalys=fitted(lambda outcome: discounted(system, outcome) - health_of_levers(system, outcome.point, shares)),
        steps=fitted(lambda outcome: mean_year(outcome.steps)),
    )


def through(design: Design, values: Floats) -> Fitted:
    """Return a quantity from its values by replication and point: shape (replications, points, ...)."""
    return Fitted(values[:, 0], np.tensordot(design.solver, values[:, 1:] - values[:, :1], axes=(1, 1)))


def _cost_of(system: System, organisation: str, point: Point) -> float:
    """Return what an organisation's levers cost it in a year."""
    own = (lever for lever in system.levers.values() if lever.owner == organisation)
    return float(sum(lever.cost.at(point.get(lever.id, lever.now)) for lever in own))
