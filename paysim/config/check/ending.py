"""Whether episodes end: from every step that a resident reaches, some way must lead out."""

from collections.abc import Mapping

import numpy as np

from paysim.config.check.probabilities import ROUNDING, step_path, way_on
from paysim.config.check.reach import Residents
from paysim.config.document import Document
from paysim.config.resolve.kinds import kind_of_resident
from paysim.model.system import System


def check_pathways_end(document: Document, system: System, reached: Mapping[str, Residents]) -> None:
    """Raise InputError for a cycle that never ends for some kind of resident.

    The expected number of visits is finite exactly if from every step reached there is a chain of steps, each
    with a probability above 0, to one that not everybody goes on from.
    """
    leads_out = {step.id: way_on(step, system) < 1 - ROUNDING for step in system.steps.values()}
    leads_to: dict[str, list[tuple[str, Residents]]] = {step: [] for step in system.steps}
    for step in system.steps.values():
        for branch in step.branches:
            leads_to[branch.to].append((step.id, branch.probability > 0))
    ahead = list(system.steps)
    while ahead:
        after = ahead.pop()
        for before, possible in leads_to[after]:
            new = leads_out[after] & possible & ~leads_out[before]
            if new.any():
                leads_out[before] |= new
                ahead.append(before)
    for name in system.steps:
        caught = np.argwhere(reached[name] & ~leads_out[name])
        if len(caught):
            who = kind_of_resident(system.population, int(caught[0, 0]), int(caught[0, 1]))
            found = f"found a cycle that never ends for {who}"
            raise document.refuse((*step_path(name), "next"), found, "expected a way out with a probability above 0")
