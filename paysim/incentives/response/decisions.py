"""Decisions of a year: what each organisation sets its levers to, given what has been."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from paysim.incentives.outcome import Outcome, Point
from paysim.incentives.response.best import best
from paysim.incentives.response.objective import Payoff, objectives_of, payoff
from paysim.incentives.response.points import Design
from paysim.incentives.response.surface import Surface
from paysim.model.lever import Lever
from paysim.model.objective import Objective
from paysim.model.system import System

Decide = Callable[[Sequence[Point], Sequence[Outcome]], Point]
"""Returns the intensities of the next year from those of all years before, and from what was settled as each ended."""


@dataclass(frozen=True, eq=False)
class Deciding:
    """How organisations decide under an arrangement: everybody at once, knowing what the others did last.

    `best_response` is the best answer on the surface to last year's intensities, adjustment from them counted; before
    the first year everybody is at `now`. `rule_of_thumb` sees its own surplus alone, see `climbed`.
    """

    system: System
    design: Design
    payoffs: Mapping[str, Payoff]
    objectives: Mapping[str, Objective]

    @property
    def watches(self) -> bool:
        """Whether anybody goes by the surplus that came about."""
        return any(objective.rule == "rule_of_thumb" for objective in self.objectives.values())

    def __call__(self, points: Sequence[Point], settled: Sequence[Outcome]) -> Point:
        """Return the intensities of the next year."""
        last = self.design.vector(points[-1]) if points else self.design.now
        chosen = dict(self.design.point(last))
        for organisation, objective in self.objectives.items():
            numbers = [n for n, lever in enumerate(self.design.levers) if lever.owner == organisation]
            levers = [self.design.levers[number] for number in numbers]
            if not levers:
                continue
            if objective.rule == "best_response":
                answer = self.design.point(best(self.payoffs[organisation], numbers, last, last))
                chosen |= {lever.id: answer[lever.id] for lever in levers}
            elif objective.rule == "rule_of_thumb":
                place = list(self.system.organisations).index(organisation)
                surplus = [float(each.surplus(objective.horizon)[0, place, year]) for year, each in enumerate(settled)]
                chosen |= climbed(levers, points, surplus)
        return chosen


def deciding(surface: Surface, arrangement: str, objectives: Mapping[str, Objective] | None = None) -> Deciding:
    """Return how the organisations of the surface's system decide under an arrangement."""
    system = surface.design.system
    chosen = objectives_of(system) if objectives is None else objectives
    payoffs = {
        each: payoff(surface, arrangement, objective)
        for each, objective in chosen.items()
        if objective.rule == "best_response"
    }
    return Deciding(system, surface.design, payoffs, chosen)


def as_now(system: System) -> Decide:
    """Return the decision to leave all levers as they are."""
    return lambda points, settled: {}


def climbed(levers: Sequence[Lever], points: Sequence[Point], surplus: Sequence[float]) -> dict[str, float]:
    """Return next year's intensities of somebody who goes by its own surplus of the years before, all levers at once.

    The first year it watches. Then it goes a step upward on every lever, and on by as much in every year after one
    that brought more than the year before; after one that did not, it turns round with half the stride. It cannot tell
    what moved its surplus.
    """
    if not points:
        return {lever.id: lever.now for lever in levers}
    stride = np.array([lever.step for lever in levers])
    for before, after in pairwise(surplus):
        stride = stride if after > before else -stride / 2.0
    last = np.array([points[-1].get(lever.id, lever.now) for lever in levers])
    low, high = (np.array([getattr(lever, end) for lever in levers]) for end in ("low", "high"))
    return dict(zip((lever.id for lever in levers), np.clip(last + stride, low, high).tolist(), strict=True))
