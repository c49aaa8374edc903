"""Who gets where: the steps that lead to each other, and the residents who can reach a step."""

import numpy as np
from numpy.typing import NDArray

from paysim.config.check.probabilities import step_path
from paysim.config.document import Document
from paysim.model.pathway import Branch, Step
from paysim.model.system import System

Residents = NDArray[np.bool_]
"""Kinds of residents: shape (places, profiles)."""

Served = dict[tuple[str, str], list[str]]
"""Every (service, place) that occurs, each with the steps that make it occur."""


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


def check_steps_are_connected(document: Document, system: System) -> None:
    """Raise InputError for a step that no demand and no other step leads to, whatever the probabilities."""
    connected: set[str] = set()
    ahead = [pathway.entry for pathway in system.pathways.values() if pathway.demand is not None]
    while ahead:
        step = ahead.pop()
        if step not in connected:
            connected.add(step)
            ahead.extend(to for to, _ in leads_to(system.steps[step]))
    for step in system.steps:
        if step not in connected:
            expected = "expected a branch to it, or demand in a pathway that it is the entry of"
            raise document.refuse(step_path(step), "no way leads to this step", expected)


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


def places_served(system: System, reached: dict[str, Residents]) -> Served:
    """Return every (service, place) that occurs, each with the steps that make it occur."""
    served: Served = {}
    places = list(system.places)
    for step in system.steps.values():
        chosen = (step.service.shares > 0) & reached[step.id].any(axis=1, keepdims=True)
        for number, option in np.argwhere(chosen):
            steps = served.setdefault((step.service.services[option], places[number]), [])
            if step.id not in steps:
                steps.append(step.id)
    return served
