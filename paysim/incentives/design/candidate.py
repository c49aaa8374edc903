"""Candidates: contracts with other numbers, where organisations end up under them, and what stands in their way."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from paysim.incentives.outcome import Floats, Point
from paysim.intervals import deviations, fifth_percentile

ROUNDING = 0.01
"""A penny: money has no smaller parts."""

_HEALTH_ROUNDING = 1e-6
"""QALYs a year that make no difference."""


@dataclass(frozen=True, eq=False)
class Ending:
    """Where organisations end up under a contract: the equilibrium, the worst one where there are several.

    By replication: `gap` is the net benefit lost against the joint optimum (pounds a year), `health` residents' QALYs
    a year, `surplus` what each partner keeps (replications, partners). Without `converged` it is where the search for
    an equilibrium was given up.
    """

    point: Point
    equilibria: int
    converged: bool
    gap: Floats
    health: Floats
    surplus: Floats


@dataclass(frozen=True, eq=False)
class Limits:
    """What a contract must keep to, for each of `partners`.

    On average a partner keeps no less than `now`, give or take its `tolerance` (infinite: no such limit); and in a year
    as bad as one in twenty no less than `floor` beside the average of `now` (None: no floor). `now` is what each keeps
    under the contract that others are held against, shape (replications, partners); money is pounds a year. `sample` is
    the share of residents simulated: the spread over replications of a sample is scaled to that of all residents.
    """

    partners: tuple[str, ...]
    now: Floats
    tolerance: Floats
    floor: float | None
    sample: float


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a partner is from a limit: pounds a year to spare, below zero pounds that are missing."""

    limit: Literal["no worse off", "floor"]
    organisation: str
    pounds: float

    @property
    def missed(self) -> bool:
        """Whether it is missed, by more than what rounding can be."""
        return self.pounds < -ROUNDING


@dataclass(frozen=True, eq=False)
class Candidate:
    """One contract that was tried: its number in the search, its values, its ending and its margins.

    `risk` is the largest standard deviation of a partner's surplus, in pounds a year; 0 where no chance is seen.
    """

    number: int
    values: tuple[float, ...]
    ending: Ending
    margins: tuple[Margin, ...]
    risk: float

    @cached_property
    def gap(self) -> float:
        """Pounds a year of net benefit lost against the joint optimum."""
        return float(self.ending.gap.mean())

    @cached_property
    def health(self) -> float:
        """Residents' QALYs a year."""
        return float(self.ending.health.mean())

    @cached_property
    def missing(self) -> float:
        """Pounds a year that all partners together miss their limits by."""
        return sum(-margin.pounds for margin in self.margins if margin.missed)

    @property
    def losses(self) -> tuple[int, int, int]:
        """What is better the smaller it is: gap and risk in pennies, health in the smallest QALYs that count."""
        return round(self.gap / ROUNDING), round(self.risk / ROUNDING), round(-self.health / _HEALTH_ROUNDING)

    @property
    def feasible(self) -> bool:
        """Whether it keeps to all limits."""
        return self.missing == 0.0


def candidate(number: int, values: Sequence[float], ending: Ending, limits: Limits) -> Candidate:
    """Return a candidate with its margins and its risk."""
    mean, now = ending.surplus.mean(axis=0), limits.now.mean(axis=0)
    spread = deviations(ending.surplus, limits.sample)
    margins: list[Margin] = []
    if np.isfinite(limits.tolerance).all():
        kept = mean - now + limits.tolerance
        margins = [Margin("no worse off", who, float(spare)) for who, spare in zip(limits.partners, kept, strict=True)]
    if limits.floor is not None:
        low = mean + fifth_percentile(spread, axis=0) - now - limits.floor
        margins += [Margin("floor", who, float(spare)) for who, spare in zip(limits.partners, low, strict=True)]
    risk = float(np.sqrt(np.square(spread).mean(axis=0).max(initial=0.0)))
    return Candidate(number, tuple(values), ending, tuple(margins), risk)


def best(candidates: Sequence[Candidate]) -> Candidate:
    """Return the candidate with the smallest gap of those that keep to all limits, or else the one that misses least.

    Of several with the same gap, to the penny, it is the one with the least risk, then the most health: so none that
    keeps to the limits beats the winner. Fractions of a penny come next, then the first that was tried.
    """
    return min(candidates, key=lambda each: (each.missing, each.losses, each.gap))


def binding(winner: Candidate, candidates: Sequence[Candidate]) -> tuple[Margin, ...]:
    """Return the limits that a winner misses, or those that keep it from a smaller gap; the least to spare first.

    The latter are those that the nearest of the contracts with a smaller gap misses: the one that misses least.
    """
    in_the_way = winner
    better = [each for each in candidates if each.gap < winner.gap]
    if winner.feasible and better:
        in_the_way = min(better, key=lambda each: each.missing)
    missed = {(margin.limit, margin.organisation) for margin in in_the_way.margins if margin.missed}
    found = [margin for margin in winner.margins if (margin.limit, margin.organisation) in missed]
    return tuple(sorted(found, key=lambda margin: margin.pounds))
