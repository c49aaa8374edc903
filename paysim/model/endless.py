"""What would go on without end: steps that nobody gets out of."""

from collections.abc import Iterator, Mapping

import numpy as np

from paysim.model.limits import ROUNDING
from paysim.model.pathway import Step
from paysim.model.reach import Residents, ways_on
from paysim.model.system import System


def never_out(system: System, reached: Mapping[str, Residents]) -> Iterator[tuple[Step, int, int]]:
    """Yield each step that some who reach it never get out from, with the first of them: place and profile.

    The expected number of visits is finite if from every step reached, however long the waits, there is a chain of
    steps, each with a probability above 0, to one that not everybody goes on from. Nobody counts on being unserved:
    without a queue it does not happen.
    """
    leads_out = _steps_that_lead_out(system)
    for name, step in system.steps.items():
        caught = np.argwhere(reached[name] & ~leads_out[name])
        if len(caught):
            place, profile = (int(number) for number in caught[0])
            yield step, place, profile


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
