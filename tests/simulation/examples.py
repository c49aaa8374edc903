"""The examples of `configs/examples`, each run once an engine, and how to look at their episodes."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import stats

import paysim

FOLDER = Path(__file__).parents[2] / "configs" / "examples"
NAMES = sorted(file.stem for file in FOLDER.glob("*.toml"))
BOTH_ENGINES = ("compiled", "simpy")

THREE_ERRORS = 0.0027
"""How rarely a normal variable is further than three standard errors from its mean."""


@cache
def example(name: str) -> paysim.System:
    """Return an example's system."""
    return paysim.load(FOLDER / f"{name}.toml")


@cache
def run(name: str, engine: str) -> paysim.Activity:
    """Return an example's first replication, at full size over the years that it says."""
    return paysim.simulate(example(name), engine=engine)


def at_step(activity: paysim.Activity, step: str) -> NDArray[np.bool_]:
    """Return which rows are of a step."""
    return np.asarray(activity.step == activity.system.step_ids.index(step))


def requested(activity: paysim.Activity) -> NDArray[np.float64]:
    """Return when each step was asked for."""
    return np.asarray(activity.start - activity.wait)


def followed_by(activity: paysim.Activity, steps: NDArray[np.bool_], onward: str) -> NDArray[np.int64]:
    """Return, for each of `steps`, the row that follows it in its episode if that is of step `onward`, else -1."""
    order = np.lexsort((activity.end, activity.start, requested(activity), activity.episode))
    after = np.full(len(activity), -1)
    same = activity.episode[order[1:]] == activity.episode[order[:-1]]
    after[order[:-1]] = np.where(same, order[1:], -1)
    rows = after[steps]
    return np.where((rows >= 0) & at_step(activity, onward)[rows], rows, -1)


def by_chance(count: int, of: int, probability: float) -> bool:
    """Tell whether a count is within what chance explains, as three standard errors do."""
    return bool(stats.binomtest(int(count), int(of), probability).pvalue > THREE_ERRORS)


def poisson_by_chance(count: int, mean: float) -> bool:
    """Tell whether a Poisson count is within three standard errors of its mean."""
    return bool(abs(count - mean) < 3 * np.sqrt(mean))
