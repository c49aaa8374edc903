"""Which levers are moved together, so that what one does may depend on how far the other is pulled."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    Effect,
    Lever,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.system import System

MOST_LEVERS_IN_ALL_PAIRS = 5
"""With more levers, all pairs would take more simulation than everything else."""


def pairs_of(system: System, levers: Sequence[Lever]) -> tuple[tuple[int, int], ...]:
    """Return the numbers of each two levers whose effects may depend on each other: all, or those on the same care.

    Up to five levers it is all pairs. Of more it is those with effects in the same pathway: shorter stays save fewer
    days where admissions are avoided, but not where referrals are. What levers do to each other through a queue that
    different pathways share, or through residents who go on from one pathway to another, is not looked for.
    """
    pairs = combinations(range(len(levers)), 2)
    if len(levers) <= MOST_LEVERS_IN_ALL_PAIRS:
        return tuple(pairs)
    touched = [pathways_touched(system, lever) for lever in levers]
    return tuple((one, other) for one, other in pairs if touched[one] & touched[other])


def pathways_touched(system: System, lever: Lever) -> frozenset[str]:
    """Return the pathways that a lever has effects in.

    A diverted share changes the pathway that it goes to as well, and a service all pathways with a step there. Who is
    on a list counts for whatever care they have, so an effect on a list is one on every pathway.
    """
    pathway = {step.id: each.id for each in system.pathways.values() for step in each.steps}
    touched: set[str] = set()
    for effect in lever.effects:
        match effect:
            case DemandEffect():
                touched.add(effect.pathway)
            case ReferAwayEffect():
                touched.update(system.pathways)
            case _:
                touched.update(pathway[step] for step in _steps(system, effect))
    return frozenset(touched)


def _steps(system: System, effect: Effect) -> Iterator[str]:
    """Yield the steps that an effect is on."""
    match effect:
        case DivertEffect(step=step, away=away, to=to):
            yield from (step, away, *(() if to is None else (to,)))
        case DelayEffect(step=step, to=to):
            yield from (step, to)
        case StayEffect(steps=steps) | RecodeEffect(steps=steps):
            yield from steps
        case CapacityEffect(service=service) | UnitCostEffect(service=service):
            yield from (step.id for step in system.steps.values() if service in step.service.services)
        case ChoiceEffect(choice=choice):
            yield from (step.id for step in system.steps.values() if step.service.group == choice)
