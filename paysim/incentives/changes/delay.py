"""The next step comes sooner or later."""

from dataclasses import replace

from paysim.incentives.changes.moved import Changes, factor_of, impossible
from paysim.incentives.changes.stay import scaled
from paysim.incentives.changes.steps import step_of, with_steps
from paysim.model.lever import DelayEffect
from paysim.model.system import System


def with_delay(system: System, changes: Changes[DelayEffect]) -> System:
    """Return the system with the mean delays between two steps times 1 + the change."""
    for change in changes:
        effect, step = change.effect, step_of(system, change, change.effect.step)
        if all(branch.to != effect.to for branch in step.branches):
            raise impossible(change, f"found step {effect.to!r}", f"expected a step that {effect.step!r} leads to")
        factor = factor_of(change, "delay")
        branches = tuple(
            replace(branch, delay=scaled(branch.delay, factor)) if branch.to == effect.to else branch
            for branch in step.branches
        )
        system = with_steps(system, {step.id: replace(step, branches=branches)})
    return system
