"""Whether steps lead to each other, and which residents occur at which services."""

import numpy as np

from paysim.config.check.probabilities import step_path
from paysim.config.document import Document
from paysim.model.reach import Residents, leads_to
from paysim.model.system import System

Served = dict[tuple[str, str], list[str]]
"""Every (service, place) that occurs, each with the steps that make it occur."""


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
