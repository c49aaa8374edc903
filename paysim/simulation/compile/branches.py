"""Branch probabilities become thresholds, by kind of resident and by band of the wait before."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.pathway import Branch, Step
from paysim.model.system import System
from paysim.simulation.compile.arrays import ints, offsets, thresholds
from paysim.simulation.compile.durations import DurationTable
from paysim.simulation.program import Branches


def compile_branches(system: System, table: DurationTable) -> Branches:
    """Return the ways on from every step."""
    steps = list(system.steps.values())
    numbers = {step: number for number, step in enumerate(system.steps)}
    branches = [branch for step in steps for branch in step.branches]
    limits = [wait_limits(step) for step in steps]
    threshold, width, varies, until = [], [], [], [np.zeros(0)]
    position = 0
    for step, over in zip(steps, limits, strict=True):
        for totals in _running_totals(step, over):
            threshold.append(position)
            width.append(totals.shape[1])
            varies.append(int(totals.shape[1] > 1))
            until.append(totals.ravel())
            position += totals.size
    return Branches(
        first=offsets(len(step.branches) for step in steps),
        to=ints(numbers[branch.to] for branch in branches),
        delay=ints(table.number(branch.delay) for branch in branches),
        holds=ints(branch.holds for branch in branches),
        threshold=np.array(threshold, dtype=np.int64),
        width=ints(width),
        varies=ints(varies),
        until=np.concatenate(until),
        first_over=offsets(len(over) for over in limits),
        over=np.array([limit for over in limits for limit in over], dtype=np.float64),
    )


def wait_limits(step: Step) -> tuple[float, ...]:
    """Return the waits, in days and ascending, beyond which some probability of the step's branches changes."""
    return tuple(sorted({after.over for branch in step.branches for after in branch.after_wait}))


def probability_after(branch: Branch, limit: float | None) -> NDArray[np.float64]:
    """Return a branch's probability by resident after a wait just beyond `limit` (None: no limit was exceeded)."""
    passed = [after.probability for after in branch.after_wait if limit is not None and after.over <= limit]
    return passed[-1] if passed else branch.probability


def _running_totals(step: Step, limits: tuple[float, ...]) -> list[NDArray[np.float64]]:
    """Return for each branch its thresholds: shape (bands, kinds), or (bands, 1) where all residents are alike."""
    if not step.branches:
        return []
    by_band = [
        np.stack([probability_after(branch, limit).ravel() for branch in step.branches], axis=-1)
        for limit in (None, *limits)
    ]
    probability = np.stack(by_band)  # (bands, kinds, branches)
    if np.all(probability == probability[:, :1]):
        probability = probability[:, :1]
    totals = thresholds(probability)
    return [totals[..., number] for number in range(len(step.branches))]
