"""Steps of a system are put in the place of others."""

from collections.abc import Mapping
from dataclasses import replace

from paysim.incentives.changes.moved import Change, Some, impossible
from paysim.model.pathway import Step
from paysim.model.system import System


def with_steps(system: System, steps: Mapping[str, Step]) -> System:
    """Return the system with some of its steps, by id, as given."""
    if not steps:
        return system
    pathways = {
        id: replace(pathway, steps=tuple(steps.get(step.id, step) for step in pathway.steps))
        if any(step.id in steps for step in pathway.steps)
        else pathway
        for id, pathway in system.pathways.items()
    }
    return replace(system, pathways=pathways)


def step_of(system: System, change: Change[Some], id: str) -> Step:
    """Return a step that an effect is about. Raises InputError where the system lacks it."""
    if id not in system.steps:
        raise impossible(change, f"found step {id!r}", "expected a step of the system")
    return system.steps[id]
