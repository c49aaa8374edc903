"""Some of those whom a step sends one way go another way."""

from collections.abc import Iterator
from dataclasses import replace

from paysim.incentives.changes.moved import Changes, impossible, share_of
from paysim.incentives.changes.steps import step_of, with_steps
from paysim.model.lever import DivertEffect
from paysim.model.pathway import AfterWait, Branch
from paysim.model.population import ByResident
from paysim.model.system import System


def with_diverted(system: System, changes: Changes[DivertEffect]) -> System:
    """Return the system with a share of each effect's branch on a branch of its own.

    That branch comes next in order, so everybody else goes where the same uniform took them before, and whoever is
    diverted at one share is diverted at a larger one.
    """
    for change in changes:
        effect, step = change.effect, step_of(system, change, change.effect.step)
        if all(branch.to != effect.away for branch in step.branches):
            expected = f"expected a step that {effect.step!r} leads to"
            raise impossible(change, f"found step {effect.away!r} to divert from", expected)
        if effect.to is not None:
            step_of(system, change, effect.to)
        share = share_of(change, f"of {effect.away!r} diverted")
        branches = [
            part
            for branch in step.branches
            for part in (_split(branch, effect, share) if branch.to == effect.away and share > 0.0 else (branch,))
        ]
        system = with_steps(system, {step.id: replace(step, branches=tuple(branches))})
    return system


def _split(branch: Branch, effect: DivertEffect, share: float) -> Iterator[Branch]:
    """Yield what stays of a branch and what is diverted from it."""

    def kept(probability: ByResident) -> ByResident:
        return probability * (1.0 - (share if effect.residents is None else share * effect.residents))

    def lost(probability: ByResident) -> ByResident:
        return probability - kept(probability)

    stays = tuple(AfterWait(after.over, kept(after.probability)) for after in branch.after_wait)
    leaves = tuple(AfterWait(after.over, lost(after.probability)) for after in branch.after_wait)
    yield replace(branch, probability=kept(branch.probability), after_wait=stays)
    yield Branch(effect.to, lost(branch.probability), effect.delay, leaves, holds=False)
