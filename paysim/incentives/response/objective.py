"""What organisations make of intensities: their objectives on a surface, with slopes, ready to be maximised."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from paysim.incentives.outcome import Floats
from paysim.incentives.response.points import Design
from paysim.incentives.response.surface import Surface
from paysim.intervals import spread_of_all
from paysim.model.curve import Polynomial
from paysim.model.errors import InputError
from paysim.model.objective import Horizon, Objective, objectives_in_force
from paysim.model.system import System

LARGEST_EXPONENT = 500.0
"""Of exp in a utility: beyond this it would soon be more than a float holds."""

WORST_EXPONENT = 600.0
"""Losses that take a utility beyond exp of this are all as bad, and still finite."""

ROUNDING = 1e-12
"""Differences in payoffs smaller than this share of what they are made of are rounding."""


@dataclass(frozen=True, eq=False)
class Payoff:
    """A year's payoff of somebody, as a gain over that at `now`: weight U(surplus) + value of health - effort.

    `surplus` is what terms add to the surplus, by term and replication, over `surplus_now`; `health` the pounds that
    terms add, by term. What levers do beside the terms is in polynomials, a row per lever of (per unit, per unit
    squared), zeros where they do not count: `cost` in money, `other` their health less their effort, in pounds.
    `adjustment` is pounds for a whole range, by lever.
    """

    design: Design
    weight: float
    risk_aversion: float
    surplus_now: Floats
    surplus: Floats
    health: Floats
    cost: Floats
    other: Floats
    adjustment: Floats

    def gain(self, intensities: Floats, last: Floats | None = None) -> float:
        """Return the payoff less that at `now`; with `last`, less the adjustment from those intensities."""
        return float(self.gains(self.design.functions(intensities), intensities, last))

    def gains(self, functions: Floats, intensities: Floats, last: Floats | None = None) -> Floats:
        """Return the gain at each of several intensities, functions' values given: one less axis than those."""
        terms = self.design.terms(functions)
        surplus = terms @ self.surplus - self._added(self.cost, intensities)[..., None]
        gains = self.weight * self._utility(surplus) + terms @ self.health + self._added(self.other, intensities)
        if last is not None:
            gains = gains - ((intensities - last) / self._range) ** 2 @ self.adjustment
        return np.asarray(gains)

    def slopes(self, intensities: Floats, last: Floats | None = None) -> Floats:
        """Return the derivatives of the gain by every intensity."""
        design = self.design
        terms, slopes = design.terms(design.functions(intensities)), design.slopes(intensities).T
        surplus = terms @ self.surplus - self._added(self.cost, intensities)
        exponent = np.minimum(-self.risk_aversion * (self.surplus_now + surplus), WORST_EXPONENT)
        marginal = self.weight * np.exp(exponent)
        of_surplus = slopes @ self.surplus - _slopes(self.cost, intensities)[:, None]
        found = of_surplus @ marginal / len(marginal) + slopes @ self.health + _slopes(self.other, intensities)
        if last is not None:
            found = found - 2.0 * self.adjustment * (intensities - last) / self._range**2
        return np.asarray(found)

    @cached_property
    def rounding(self) -> float:
        """A gain that is too small to tell from rounding, with money at its marginal utility at `now`."""
        most = np.maximum(np.abs(self.design.low), np.abs(self.design.high))
        powers = np.stack([most, most**2], axis=1)
        money = (
            np.abs(self.surplus_now).max() + np.abs(self.surplus).sum(axis=0).max() + (np.abs(self.cost) * powers).sum()
        )
        marginal = np.exp(-self.risk_aversion * self.surplus_now).max()
        beside = np.abs(self.health).sum() + (np.abs(self.other) * powers).sum()
        return ROUNDING * float(marginal * money + beside)

    @cached_property
    def _range(self) -> Floats:
        return self.design.high - self.design.low

    def _added(self, polynomials: Floats, intensities: Floats) -> Floats:
        return _values(polynomials, intensities) - _values(polynomials, self.design.now)

    def _utility(self, surplus: Floats) -> Floats:
        """Return the expected gain in U from what is added to the surplus at `now`."""
        aversion = self.risk_aversion
        if aversion == 0.0:
            return np.asarray(surplus.mean(axis=-1))
        # U(y + d) - U(y), without the difference of two numbers that are nearly the same.
        exponent = -aversion * self.surplus_now
        more = np.minimum(-aversion * surplus, WORST_EXPONENT - np.maximum(exponent, 0.0))
        return np.asarray((np.exp(exponent) * -np.expm1(more) / aversion).mean(-1))


def objectives_of(system: System) -> Mapping[str, Objective]:
    """Return the objectives of organisations that set levers; passive ones have none."""
    return {each: objective for each, objective in objectives_in_force(system).items() if objective.rule != "passive"}


def strategic_levers(system: System) -> tuple[str, ...]:
    """Return the levers whose owners set them: those that are not passive."""
    objectives = objectives_of(system)
    return tuple(lever.id for lever in system.levers.values() if lever.owner in objectives)


def payoff(surface: Surface, arrangement: str, objective: Objective) -> Payoff:
    """Return what an organisation makes of intensities under an arrangement.

    Its risk is that of all residents, whatever sample of them was simulated.

    Raises InputError where its risk aversion is too large for surpluses of such a size.
    """
    design, organisation = surface.design, objective.organisation
    system = design.system
    place, paid = list(system.organisations).index(organisation), surface.arrangements.index(arrangement)
    earned, resources = surface.earned(objective.horizon), surface.resources(objective.horizon)
    surplus = earned.terms[:, :, paid, place] - resources.terms[:, :, place]
    now = surface.surplus({}, arrangement, organisation, objective.horizon)
    surplus, now = spread_of_all(surplus, surface.sample, axis=1), spread_of_all(now, surface.sample)
    if objective.risk_aversion * float(np.abs(now).max()) > LARGEST_EXPONENT:
        raise InputError(
            "",
            f"objective.{organisation}.risk_aversion",
            f"found {objective.risk_aversion} a pound, with a surplus of {float(now.mean()):,.0f} pounds a year",
            f"expected at most {LARGEST_EXPONENT / float(np.abs(now).max()):.3g}",
        )
    if objective.risk_aversion == 0.0:
        surplus, now = surplus.mean(axis=1, keepdims=True), now.mean(keepdims=True)
    owned = np.array([lever.owner == organisation for lever in design.levers])
    return Payoff(
        design=design,
        weight=objective.surplus_weight,
        risk_aversion=objective.risk_aversion,
        surplus_now=now,
        surplus=surplus,
        health=objective.health_weight * _worth(surface),
        cost=owned[:, None] * _polynomials(design, "cost"),
        other=objective.health_weight * _health(surface) - owned[:, None] * _polynomials(design, "effort"),
        adjustment=owned * objective.adjustment_cost,
    )


def system_payoff(surface: Surface, horizon: Horizon = "long_run") -> Payoff:
    """Return what the system makes of intensities: value of health less all resources, levers' cost and effort."""
    design = surface.design
    resources = surface.resources(horizon)
    return Payoff(
        design=design,
        weight=1.0,
        risk_aversion=0.0,
        surplus_now=-resources.now.sum(axis=1).mean(keepdims=True),
        surplus=-resources.terms.sum(axis=2).mean(axis=1, keepdims=True),
        health=_worth(surface),
        cost=_polynomials(design, "cost"),
        other=_health(surface) - _polynomials(design, "effort"),
        adjustment=np.zeros(len(design.levers)),
    )


def _worth(surface: Surface) -> Floats:
    """Return the pounds that the QALYs of each term are worth."""
    qalys = surface.qalys.terms.sum(axis=2).mean(axis=1)
    return np.asarray(surface.design.system.health.pounds_per_qaly * qalys)


def _health(surface: Surface) -> Floats:
    """Return the pounds that the QALYs of each lever beside the terms are worth, as polynomials."""
    return surface.design.system.health.pounds_per_qaly * _polynomials(surface.design, "health")


def _polynomials(design: Design, what: str) -> Floats:
    """Return (per unit, per unit squared) of levers' cost, effort or health, a row a lever."""
    curves: list[Polynomial] = [getattr(lever, what) for lever in design.levers]
    return np.array([(curve.per_unit, curve.per_unit_squared) for curve in curves]).reshape(-1, 2)


def _values(polynomials: Floats, intensities: Floats) -> Floats:
    return np.asarray(((polynomials[:, 0] + polynomials[:, 1] * intensities) * intensities).sum(axis=-1))


def _slopes(polynomials: Floats, intensities: Floats) -> Floats:
    return np.asarray(polynomials[:, 0] + 2.0 * polynomials[:, 1] * intensities)
