"""Whether episodes end: from every step that a resident reaches, some way must lead out."""

from collections.abc import Mapping

from paysim.config.check.probabilities import step_path
from paysim.config.document import Document
from paysim.config.resolve.kinds_of_resident import kind_of_resident
from paysim.model.endless import never_out
from paysim.model.reach import Residents
from paysim.model.system import System


def check_pathways_end(document: Document, system: System, reached: Mapping[str, Residents]) -> None:
    """Raise InputError for a cycle that never ends for some kind of resident."""
    for step, place, profile in never_out(system, reached):
        found = f"found a cycle that never ends for {kind_of_resident(system.population, place, profile)}"
        comes = step.not_attending is None or step.not_attending.probability[place, profile] < 1
        path = (*step_path(step.id), "next" if comes else "not_attending")
        raise document.refuse(path, found, "expected a way out with a probability above 0")
