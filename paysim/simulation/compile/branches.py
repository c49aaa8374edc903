"""Branch probabilities become thresholds, by kind of resident and by band of the wait before."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.pathway import Step
from paysim.model.system import System
from paysim.simulation.compile.arrays import ints, offsets, thresholds
from paysim.simulation.compile.durations import DurationTable
from paysim.simulation.program import NOTHING, Branches


def compile_branches(system: System, table: DurationTable) -> Branches:
    """Return the ways on from every step."""
    steps = list(system.steps.values())
    numbers = {step: number for number, step in enumerate(system.steps)}
    branches = [branch for step in steps for branch in step.branches]
    inhabited = system.population.inhabited()
    threshold, shapes, until = [], [], [np.zeros(0)]
    position = 0
    for step in steps:
        for totals in _running_totals(step, inhabited):
            threshold.append(position)
            shapes.append(totals.shape)
            until.append(totals.ravel())
            position += totals.size
    return Branches(
        first=offsets(len(step.branches) for step in steps),
        to=ints(NOTHING if branch.to is None else numbers[branch.to] for branch in branches),
        delay=ints(table.number(branch.delay) for branch in branches),
        holds=ints(branch.holds and branch.to is not None for branch in branches),
        threshold=np.array(threshold, dtype=np.int64),
        width=ints(places * profiles for _, places, profiles in shapes),
        by_place=ints(profiles if places > 1 else 0 for _, places, profiles in shapes),
        by_profile=ints(int(profiles > 1) for _, _, profiles in shapes),
        until=np.concatenate(until),
        first_over=offsets(len(step.wait_limits) - 1 for step in steps),
        over=np.array([limit for step in steps for limit in step.wait_limits[1:]], dtype=np.float64),
    )


def _running_totals(step: Step, inhabited: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Return each branch's thresholds: shape (bands, places, profiles), 1 where places, or profiles, are alike."""
    if not step.branches:
        return []
    by_band = [
        np.stack([branch.probability_after(limit) for branch in step.branches], axis=-1) for limit in step.wait_limits
    ]
    probability = np.stack(by_band)  # (bands, places, profiles, branches)
    for axis in (1, 2):
        probability, inhabited = _merged_where_alike(probability, inhabited, axis)
    totals = thresholds(probability)
    return [totals[..., number] for number in range(len(step.branches))]


def _merged_where_alike(
    probability: NDArray[np.float64], inhabited: NDArray[np.bool_], axis: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return probabilities with places (axis 1) or profiles (axis 2) merged into one if residents are alike there."""
    first = np.expand_dims(inhabited.argmax(axis=axis - 1), axis - 1)
    someone = np.take_along_axis(probability, first[None, ..., None], axis=axis)
    if np.all((probability == someone) | ~inhabited[None, ..., None]):
        return someone, np.any(inhabited, axis=axis - 1, keepdims=True)
    return probability, inhabited
