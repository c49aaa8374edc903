"""The ways on from a step: no more than certain together, for any kind of resident."""

import numpy as np

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.kinds import kind_of_resident
from paysim.model.pathway import Step
from paysim.model.population import ByResident
from paysim.model.system import System

ROUNDING = 1e-9
"""How far a sum of probabilities may miss 1 by rounding alone."""


def step_path(step: str) -> KeyPath:
    """Return the key path of a step's block."""
    pathway, _, name = step.partition(".")
    return "pathway", pathway, "step", name


def way_on(step: Step, system: System) -> ByResident:
    """Return the probability that a resident goes on from a step at all."""
    none = np.zeros((len(system.places), system.population.profiles))
    return sum((branch.probability for branch in step.branches), start=none)


def check_probabilities(document: Document, system: System) -> None:
    """Raise InputError where the probabilities of a step's branches add up to more than 1."""
    inhabited = system.population.counts() > 0
    for step in system.steps.values():
        total = way_on(step, system)
        too_many = np.argwhere(inhabited & (total > 1 + ROUNDING))
        if len(too_many):
            place, profile = (int(number) for number in too_many[0])
            who = kind_of_resident(system.population, place, profile)
            found = f"found probabilities that add up to {total[place, profile]:.6g} for {who}"
            raise document.refuse((*step_path(step.id), "next"), found, "expected at most 1")
