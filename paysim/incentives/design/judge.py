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
    surface = fit(rules.design, [arrangement], outcomes, rules.sample)
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
    surface = fit(rules.design, [arrangement], outcomes, rules.sample)
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


def spread_over_replications(
    rules: Rules, than: tuple[str, Outcomes], arrangement: str, contenders: Sequence[tuple[Candidate, Outcomes]]
) -> tuple[Floats, Floats]:
    """Return contenders' gaps and margins by replication: shapes (replications, contenders) and (..., limits).

    They are jackknife pseudo-values: without each replication in turn everything is found anew, surfaces, joint optimum
    and equilibria. So their spread holds the doubt about where organisations end up, and not only that about what it
    is worth; their mean is what all replications say. What a bad year is worse than an average one is held. Tukey,
    "Bias and confidence in not-quite large samples", Annals of Mathematical Statistics 29 (1958).
    """
    name, of_than = than
    replications = len(of_than)
    without = []
    for left_out in range(replications):
        rest = [number for number in range(replications) if number != left_out]
        others = [[outcomes[number] for number in rest] for _, outcomes in contenders]
        without.append(_gaps_and_changes(rules, (name, [of_than[number] for number in rest]), arrangement, others))
    one_less = np.array(without)
    deviations = -(replications - 1) * (one_less - one_less.mean(axis=0))
    gaps = deviations[:, :, 0] + [each.gap for each, _ in contenders]
    partners = [partner.organisation for partner in rules.partners]
    places = [1 + partners.index(margin.organisation) for margin in contenders[0][0].margins]
    now = [[margin.pounds for margin in each.margins] for each, _ in contenders]
    return gaps, deviations[:, :, places] + np.array(now).reshape(len(contenders), len(places))


def _gaps_and_changes(
    rules: Rules, than: tuple[str, Outcomes], arrangement: str, contenders: Sequence[Outcomes]
) -> Floats:
    """Return each contender's gap and mean changes of surplus by partner, from these replications alone."""
    against = reference(rules, *than)
    found = []
    for outcomes in contenders:
        at_rest = judged(rules, against, arrangement, outcomes, 0, ()).ending
        found.append([at_rest.gap.mean(), *(at_rest.surplus - against.ending.surplus).mean(axis=0)])
    return np.array(found)
