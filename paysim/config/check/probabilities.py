"""The ways on from a step: no more than certain together, for any kind of resident, however long the wait was."""

from collections.abc import Iterator

import numpy as np

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.kinds_of_resident import kind_of_resident
from paysim.model.limits import ROUNDING
from paysim.model.pathway import ANY_WAIT, Step
from paysim.model.population import ByResident
from paysim.model.system import System


def step_path(step: str) -> KeyPath:
    """Return the key path of a step's block."""
    pathway, _, name = step.partition(".")
    return "pathway", pathway, "step", name


def ways_on(step: Step, limit: float, system: System) -> tuple[list[tuple[str, ByResident]], ByResident]:
    """Return the steps that branches lead to with their probabilities beyond a limit of waits, and the sum of these."""
    ways = [(branch.to, branch.probability_after(limit)) for branch in step.branches]
    none = np.zeros((len(system.places), system.population.profiles))
    total = sum((probability for _, probability in ways), start=none)
    return [(to, probability) for to, probability in ways if to is not None], total


def check_probabilities(document: Document, system: System) -> None:
    """Raise InputError where the probabilities of a step's branches add up to more than 1, whatever the wait."""
    for step, limit in _steps_and_limits(system):
        _, total = ways_on(step, limit, system)
        too_many = np.argwhere(system.population.inhabited() & (total > 1 + ROUNDING))
        if len(too_many):
            place, profile = (int(number) for number in too_many[0])
            who = kind_of_resident(system.population, place, profile)
            waited = f" after a wait of more than {limit:g} days" if limit > ANY_WAIT else ""
            found = f"found probabilities that add up to {total[place, profile]:.6g} for {who}{waited}"
            raise document.refuse((*step_path(step.id), "next"), found, "expected at most 1")


def _steps_and_limits(system: System) -> Iterator[tuple[Step, float]]:
    for step in system.steps.values():
        for limit in step.wait_limits:
            yield step, limit
