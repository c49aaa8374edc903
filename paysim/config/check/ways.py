"""The system with every way open that its levers open."""

from dataclasses import replace

from paysim.config.check.extremes import extremes
from paysim.model.lever import DivertEffect, Lever
from paysim.model.pathway import AfterWait, Branch, Step
from paysim.model.population import ByResident
from paysim.model.system import System


def opens_ways(system: System) -> bool:
    """Return whether any lever sends residents where they would not go without it."""
    return any(isinstance(effect, DivertEffect) for lever in system.levers.values() for effect in lever.effects)


def with_ways_open(system: System) -> System:
    """Return the system as far as its levers divert residents at most.

    So a way that is open at some intensity is open here, or in the system as it is: levers on a choice open none.
    """
    steps = dict(system.steps)
    for lever in system.levers.values():
        for effect in lever.effects:
            if isinstance(effect, DivertEffect):
                steps[effect.step] = _diverted(steps[effect.step], effect, _most(effect, lever))
    pathways = {
        name: replace(pathway, steps=tuple(steps[step.id] for step in pathway.steps))
        for name, pathway in system.pathways.items()
    }
    return replace(system, pathways=pathways)


def _most(effect: DivertEffect, lever: Lever) -> float:
    _, most = extremes(effect.curve, lever)
    return min(max(most.change, 0.0), 1.0)


def _diverted(step: Step, effect: DivertEffect, share: float) -> Step:
    """Return a step with the diverted ways after all others, so that these keep their numbers."""
    diverted = share if effect.residents is None else share * effect.residents

    def part(branch: Branch, of: ByResident | float) -> Branch:
        bands = tuple(AfterWait(band.over, band.probability * of) for band in branch.after_wait)
        return replace(branch, probability=branch.probability * of, after_wait=bands)

    stay = [part(branch, 1.0 - diverted) if branch.to == effect.away else branch for branch in step.branches]
    leave = [
        replace(part(branch, diverted), to=effect.to, delay=effect.delay, holds=False)
        for branch in step.branches
        if branch.to == effect.away
    ]
    return replace(step, branches=(*stay, *leave))
