"""Where organisations end up under a contract, how far that is from what is best for all, and whether all agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from paysim.incentives.design.candidate import ROUNDING, Candidate, Ending, Limits, candidate
from paysim.incentives.outcome import Floats, Outcome, Point
from paysim.incentives.response.equilibrium import Equilibria, equilibria
from paysim.incentives.response.optimum import optimum
from paysim.incentives.response.points import Design
from paysim.incentives.response.surface import Surface, fit
from paysim.model.objective import Horizon, Objective
from paysim.model.system import System

Outcomes = Sequence[Sequence[Outcome]]
"""By replication, those at the points of a design."""


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that must agree to a contract, and the costs that its surplus counts."""

    organisation: str
    horizon: Horizon


@dataclass(frozen=True, eq=False)
class Rules:
    """How contracts are judged: the points that outcomes are known at, who responds, who must agree, and to what.

    `tolerance` is the share of what a partner receives that it may lose on average; `floor` and `sample` as in Limits.
    """

    design: Design
    objectives: Mapping[str, Objective]
    partners: tuple[Partner, ...]
    tolerance: float
    floor: float | None
    sample: float


@dataclass(frozen=True, eq=False)
class Reference:
    """What contracts are held against: the joint optimum, and where organisations end up under another contract."""

    best_for_all: Point
    ending: Ending
    limits: Limits


def partners_of(system: System) -> tuple[Partner, ...]:
    """Return every provider, commissioner and council; each counts costs as its objective does, else short-run."""
    return tuple(
        Partner(each.id, system.objectives[each.id].horizon if each.id in system.objectives else "short_run")
        for each in system.organisations.values()
        if each.kind != "funder"
    )


def reference(rules: Rules, arrangement: str, outcomes: Outcomes) -> Reference:
    """Return the joint optimum, which is the same under every contract, and what partners keep under this one."""
    surface = fit(rules.design, [arrangement], outcomes)
    best_for_all = optimum(surface).intensities
    at_rest = ending(rules, surface, best_for_all)
    received = surface.at(surface.income, at_rest.point) + surface.at(surface.spend, at_rest.point)
    places = [list(rules.design.system.organisations).index(each.organisation) for each in rules.partners]
    limits = Limits(
        partners=tuple(each.organisation for each in rules.partners),
        now=at_rest.surplus,
        # In this order, so that an infinite share of nothing is infinite too.
        tolerance=np.maximum(received[:, 0, places].mean(axis=0), ROUNDING) * rules.tolerance,
        floor=rules.floor,
        sample=rules.sample,
    )
    return Reference(best_for_all, at_rest, limits)


def judged(
    rules: Rules, against: Reference, arrangement: str, outcomes: Outcomes, number: int, values: Sequence[float]
) -> Candidate:
    """Return what comes of an arrangement with some values, from its outcomes."""
    surface = fit(rules.design, [arrangement], outcomes)
    return candidate(number, values, ending(rules, surface, against.best_for_all), against.limits)


def ending(rules: Rules, surface: Surface, best_for_all: Point) -> Ending:
    """Return where organisations end up under a surface's only arrangement: the worst place, if there are several.

    Where best responses go round in circles, the middle of the circle stands for it.
    """
    (arrangement,) = surface.arrangements
    found = equilibria(surface, arrangement, rules.objectives)
    best_net = surface.net_benefit(best_for_all)
    places = [(each.intensities, True) for each in found.rests] + [(each, False) for each in _middles(found)]
    gaps = [best_net - surface.net_benefit(point) for point, _ in places]
    worst = int(np.argmax([gap.mean() for gap in gaps]))
    point, at_rest = places[worst]
    return Ending(
        point=dict(point),
        equilibria=len(found.rests),
        converged=at_rest,
        gap=gaps[worst],
        health=surface.health(point).sum(axis=1),
        surplus=_surplus(surface, arrangement, point, rules.partners),
    )


def _surplus(surface: Surface, arrangement: str, point: Point, partners: Sequence[Partner]) -> Floats:
    """Return what each partner keeps at a point: shape (replications, partners)."""
    kept = [surface.surplus(point, arrangement, each.organisation, each.horizon) for each in partners]
    return np.array(kept).reshape(len(partners), surface.replications).T


def _middles(found: Equilibria) -> list[Point]:
    return [{lever: (low + each.highest[lever]) / 2 for lever, low in each.lowest.items()} for each in found.cycles]


def statistics(rules: Rules, than: tuple[str, Outcomes], arrangement: str, contenders: Sequence[Outcomes]) -> Floats:
    """Return each contender's gap and margins, all judged anew from these replications: (contenders, 1 + limits)."""
    against = reference(rules, *than)
    found = [judged(rules, against, arrangement, outcomes, 0, ()) for outcomes in contenders]
    return np.array([[each.gap, *(margin.pounds for margin in each.margins)] for each in found])


def pseudo_values(rules: Rules, than: tuple[str, Outcomes], arrangement: str, contenders: Sequence[Outcomes]) -> Floats:
    """Return the jackknife's pseudo-values of gap and margins by replication: (replications, contenders, 1 + limits).

    For each replication everything is found anew without it: surfaces, joint optimum and equilibria. So their spread
    holds the doubt about where organisations end up, and not only that about what it is worth. Tukey, "Bias and
    confidence in not-quite large samples", Annals of Mathematical Statistics 29 (1958).
    """
    name, of_than = than
    replications = len(of_than)
    whole = statistics(rules, than, arrangement, contenders)

    def without(replication: int) -> Floats:
        rest = [number for number in range(replications) if number != replication]
        others = [[outcomes[number] for number in rest] for outcomes in contenders]
        return statistics(rules, (name, [of_than[number] for number in rest]), arrangement, others)

    return np.array([replications * whole - (replications - 1) * without(each) for each in range(replications)])
