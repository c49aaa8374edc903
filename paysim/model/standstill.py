"""Circles that would stand still: steps that take each other's place at once, and services held for each other."""

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import numpy as np

from paysim.model.pathway import Step
from paysim.model.reach import Residents, may_take
from paysim.model.system import System


class Standstill(NamedTuple):
    """A circle as it is refused: the step and the keys in it that lead on, what was found and what was expected."""

    step: str
    keys: tuple[str | int, ...]
    found: str
    expected: str


Held = Mapping[tuple[str, str], tuple[str, int]]
"""Pairs of services of which the first is held for the second, each with a step and the number of its branch."""

NOTHING_HELD: Held = {}


def instant_circle(system: System) -> Standstill | None:
    """Return steps that take each other's place in a circle, all of it at one instant; None if there are none."""
    ways = {step.id: _stand_ins(step) for step in system.steps.values()}
    if not (circle := _circle_in(ways)):
        return None
    found = f"found steps that take each other's place in a circle: {' -> '.join(circle)}"
    return Standstill(circle[0], ways[circle[0]][circle[1]], found, "expected a chain that ends")


def deadlock(held: Held) -> Standstill | None:
    """Return services held for each other in a circle: once all are full, nobody ever moves. None if there are none."""
    ways: dict[str, list[str]] = {}
    for service, awaited in held:
        ways.setdefault(service, []).append(awaited)
    if not (circle := _circle_in(ways)):
        return None
    step, number = held[circle[0], circle[1]]
    found = f"found services held for each other in a circle: {' -> '.join(circle)}"
    expected = "expected a chain that ends: once all of a circle are full, nobody moves"
    return Standstill(step, ("next", number, "holds"), found, expected)


def services_held(system: System, reached: Mapping[str, Residents]) -> Held:
    """Return which services are held until a step at another one starts, for residents who get there."""
    held: dict[tuple[str, str], tuple[str, int]] = {}
    for step in system.steps.values():
        for number, branch in enumerate(step.branches):
            if not branch.holds or branch.to is None:
                continue
            places = np.asarray((reached[step.id] & may_take(branch)).any(axis=1))
            for after in _step_and_stand_ins(system, branch.to):
                for pair in _held_for(step, after, places):
                    held.setdefault(pair, (step.id, number))
    return held


def _stand_ins(step: Step) -> dict[str, tuple[str, ...]]:
    """Return the steps that may take a step's place at once, each with the keys that say so."""
    found: dict[str, tuple[str, ...]] = {}
    if step.not_attending is not None:
        found[step.not_attending.instead] = "not_attending", "instead"
    if step.unserved is not None:
        found[step.unserved] = ("unserved",)
    return found


def _step_and_stand_ins(system: System, name: str) -> list[Step]:
    """Return a step and all that may take its place at once."""
    found = [system.steps[name]]
    for step in found:
        found.extend(system.steps[other] for other in _stand_ins(step) if system.steps[other] not in found)
    return found


def _held_for(step: Step, after: Step, places: Residents) -> Iterator[tuple[str, str]]:
    """Yield the pairs of different services of which the first is held until the second starts, at these places."""
    same_choice = step.service.group != "" and step.service.group == after.service.group
    leaving, coming = step.service.shares[places] > 0, after.service.shares[places] > 0
    for option, other in np.argwhere((leaving[:, :, None] & coming[:, None, :]).any(axis=0)).tolist():
        held, awaited = step.service.services[option], after.service.services[other]
        if held != awaited and (option == other or not same_choice):
            yield held, awaited


def _circle_in(ways: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the nodes of a circle, the first again at the end, or nothing if there is none."""
    try:
        TopologicalSorter({node: list(onward) for node, onward in ways.items()}).prepare()
    except CycleError as error:
        # The sorter takes what a node leads to for what comes before it, so it tells the circle backwards.
        circle: list[str] = error.args[1][::-1]
        return circle
    return []
