"""Whether episodes end: from every step that a resident reaches, some way must lead out."""

from collections.abc import Mapping

import numpy as np

from paysim.config.check.probabilities import step_path, ways_on
from paysim.config.check.reach import Residents
from paysim.config.document import Document
from paysim.config.resolve.kinds_of_resident import kind_of_resident
from paysim.model.limits import ROUNDING
from paysim.model.pathway import Step
from paysim.model.system import System


def check_pathways_end(document: Document, system: System, reached: Mapping[str, Residents]) -> None:
    """Raise InputError for a cycle that never ends for some kind of resident.

    The expected number of visits is finite if from every step reached, however long the waits, there is a chain of
    steps, each with a probability above 0, to one that not everybody goes on from. Nobody counts on being unserved:
    without a queue it does not happen.
    """
    leads_out = _steps_that_lead_out(system)
    for name, step in system.steps.items():
        caught = np.argwhere(reached[name] & ~leads_out[name])
        if len(caught):
            place, profile = (int(number) for number in caught[0])
            found = f"found a cycle that never ends for {kind_of_resident(system.population, place, profile)}"
            comes = step.not_attending is None or step.not_attending.probability[place, profile] < 1
            path = (*step_path(name), "next" if comes else "not_attending")
            raise document.refuse(path, found, "expected a way out with a probability above 0")


def _steps_that_lead_out(system: System) -> dict[str, Residents]:
    """Return, for each step, the kinds of residents for whom a chain leads out; found backwards from the ends."""
    nobody = np.zeros((len(system.places), system.population.profiles), dtype=np.bool_)
    leads_out = dict.fromkeys(system.steps, nobody)
    grown = True
    while grown:
        grown = False
        for step in reversed([*system.steps.values()]):
            now = _leads_out(step, leads_out, system)
            if (now & ~leads_out[step.id]).any():
                leads_out[step.id] = now
                grown = True
    return leads_out


def _leads_out(step: Step, leads_out: Mapping[str, Residents], system: System) -> Residents:
    attending = np.ones_like(leads_out[step.id])
    for limit in step.wait_limits:
        ways, total = ways_on(step, limit, system)
        out = total < 1 - ROUNDING
        for to, probability in ways:
            out |= (probability > 0) & leads_out[to]
        attending &= out
    if step.not_attending is None:
        return attending
    missing = step.not_attending.probability
    return np.asarray((attending & (missing < 1)) | (leads_out[step.not_attending.instead] & (missing > 0)))
