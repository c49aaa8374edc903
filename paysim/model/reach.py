"""Who gets where: the ways on from a step, and the residents who can reach one."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.pathway import Branch, Step
from paysim.model.population import ByResident
from paysim.model.system import System

Residents = NDArray[np.bool_]
"""Kinds of residents: shape (places, profiles)."""


def may_take(branch: Branch) -> Residents:
    """Return the kinds of residents who take a branch with a probability above 0, after some wait at least."""
    bands = [band.probability > 0 for band in branch.after_wait]
    return np.asarray(np.logical_or.reduce([branch.probability > 0, *bands]))


def leads_to(step: Step) -> list[tuple[str, Residents]]:
    """Return the steps that may follow a step or take its place, and for whom they may."""
    ways = [(branch.to, may_take(branch)) for branch in step.branches if branch.to is not None]
    if step.not_attending is not None:
        ways.append((step.not_attending.instead, step.not_attending.probability > 0))
    if step.unserved is not None:
        ways.append((step.unserved, np.ones(1, dtype=np.bool_)))
    return ways


def ways_on(step: Step, limit: float, system: System) -> tuple[list[tuple[str, ByResident]], ByResident]:
    """Return the steps that branches lead to with their probabilities beyond a limit of waits, and the sum of these."""
    ways = [(branch.to, branch.probability_after(limit)) for branch in step.branches]
    none = np.zeros((len(system.places), system.population.profiles))
    total = sum((probability for _, probability in ways), start=none)
    return [(to, probability) for to, probability in ways if to is not None], total


def residents_who_reach(system: System) -> dict[str, Residents]:
    """Return, for each step, the kinds of residents who ask for it with a probability above 0.

    Where segments change, whoever asks for one step may be in any other segment by the next.
    """
    there = system.population.inhabited()
    reached: dict[str, Residents] = {step: np.zeros_like(there) for step in system.steps}
    ahead = []
    for pathway in system.pathways.values():
        if pathway.demand is not None:
            reached[pathway.entry] |= _over_years(system, there & (pathway.demand.rate > 0))
            ahead.append(pathway.entry)
    while ahead:
        step = ahead.pop()
        for to, possible in leads_to(system.steps[step]):
            new = _over_years(system, reached[step] & possible) & ~reached[to]
            if new.any():
                reached[to] |= new
                ahead.append(to)
    return reached


def _over_years(system: System, residents: Residents) -> Residents:
    return residents if system.need is None else system.population.in_any_segment(residents)
