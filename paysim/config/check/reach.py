"""Who gets where: the steps that lead to each other, and the residents who can reach a step."""

import numpy as np
from numpy.typing import NDArray

from paysim.config.check.probabilities import step_path
from paysim.config.document import Document
from paysim.model.system import System

Residents = NDArray[np.bool_]
"""Kinds of residents: shape (places, profiles)."""

Served = dict[tuple[str, str], list[str]]
"""Every (service, place) that occurs, each with the steps that make it occur."""


def check_steps_are_connected(document: Document, system: System) -> None:
    """Raise InputError for a step that no demand and no branch leads to, whatever the probabilities."""
    ways_from = {step.id: [branch.to for branch in step.branches] for step in system.steps.values()}
    connected: set[str] = set()
    ahead = [pathway.entry for pathway in system.pathways.values() if pathway.demand is not None]
    while ahead:
        step = ahead.pop()
        if step not in connected:
            connected.add(step)
            ahead.extend(ways_from[step])
    for step in system.steps:
        if step not in connected:
            expected = "expected a branch to it, or demand in a pathway that it is the entry of"
            raise document.refuse(step_path(step), "no way leads to this step", expected)


def residents_who_reach(system: System) -> dict[str, Residents]:
    """Return, for each step, the kinds of residents who come there with a probability above 0."""
    inhabited = system.population.counts() > 0
    reached: dict[str, Residents] = {step: np.zeros_like(inhabited) for step in system.steps}
    ahead = []
    for pathway in system.pathways.values():
        if pathway.demand is not None:
            reached[pathway.entry] |= inhabited & (pathway.demand.rate > 0)
            ahead.append(pathway.entry)
    while ahead:
        step = ahead.pop()
        for branch in system.steps[step].branches:
            new = reached[step] & (branch.probability > 0) & ~reached[branch.to]
            if new.any():
                reached[branch.to] |= new
                ahead.append(branch.to)
    return reached


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
