"""Circles that would stand still: steps that take each other's place at once, and services held for each other."""

from collections.abc import Iterator, Mapping

import numpy as np

from paysim.config.check.probabilities import step_path
from paysim.config.document import Document, KeyPath
from paysim.model.endless import circle_in, instant_circle, stand_ins
from paysim.model.pathway import Step
from paysim.model.reach import Residents, may_take
from paysim.model.system import System

Ways = dict[str, dict[str, KeyPath]]
"""Where each node leads to, each way with the key that makes it."""


def check_no_instant_circle(document: Document, system: System) -> None:
    """Raise InputError for steps that take each other's place in a circle: all of it would happen at one instant."""
    if circle := instant_circle(system):
        found = f"found steps that take each other's place in a circle: {' -> '.join(circle)}"
        key = stand_ins(system.steps[circle[0]])[circle[1]]
        raise document.refuse((*step_path(circle[0]), *key.split(".")), found, "expected a chain that ends")


def check_no_deadlock(document: Document, system: System, reached: Mapping[str, Residents]) -> None:
    """Raise InputError for services each held for the next in a circle: once all are full, nobody ever moves."""
    ways: Ways = {service: {} for service in system.services}
    for step in system.steps.values():
        for number, branch in enumerate(step.branches):
            if not branch.holds or branch.to is None:
                continue
            residents = reached[step.id] & may_take(branch)
            path = (*step_path(step.id), "next", number, "holds")
            for after in _step_and_stand_ins(system, branch.to):
                for held, awaited in _held_for(step, after, residents):
                    ways[held].setdefault(awaited, path)
    if circle := circle_in(ways):
        found = f"found services held for each other in a circle: {' -> '.join(circle)}"
        expected = "expected a chain that ends: once all of a circle are full, nobody moves"
        raise document.refuse(ways[circle[0]][circle[1]], found, expected)


def _step_and_stand_ins(system: System, name: str) -> list[Step]:
    """Return a step and all that may take its place at once."""
    found = [system.steps[name]]
    for step in found:
        found.extend(system.steps[other] for other in stand_ins(step) if system.steps[other] not in found)
    return found


def _held_for(step: Step, after: Step, residents: Residents) -> Iterator[tuple[str, str]]:
    """Yield the pairs of different services of which the first is held until the second starts."""
    same_choice = step.service.group != "" and step.service.group == after.service.group
    for place in np.flatnonzero(residents.any(axis=1)):
        for option, held in enumerate(step.service.services):
            for other, awaited in enumerate(after.service.services):
                both = step.service.shares[place, option] > 0 and after.service.shares[place, other] > 0
                if both and held != awaited and (option == other or not same_choice):
                    yield held, awaited
