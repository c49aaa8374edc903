"""What an observer of a queue would write down, from activity alone; times in hours."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

import paysim

SYSTEMS = Path(__file__).parent / "systems"
HOURS = 24.0
FINISHED = 30.0
"""Days before the end of a run after which no figure is taken: by then all that had begun has ended, and is logged."""

Figures = Mapping[str, float]


class Presence(NamedTuple):
    """Spans of time from request or start (`since`) to end (`until`), in hours."""

    since: NDArray[np.float64]
    until: NDArray[np.float64]


def in_service(activity: paysim.Activity, service: str) -> Presence:
    """Return who was in service, and when."""
    here = at(activity, service)
    return Presence(activity.start[here] * HOURS, activity.end[here] * HOURS)


def in_system(activity: paysim.Activity, service: str) -> Presence:
    """Return who was in the queue or in service, and when."""
    here = at(activity, service)
    return Presence((activity.start - activity.wait)[here] * HOURS, activity.end[here] * HOURS)


def at(activity: paysim.Activity, service: str) -> NDArray[np.bool_]:
    """Return which rows took place at a service."""
    chosen: NDArray[np.bool_] = activity.service == activity.system.service_ids.index(service)
    return chosen


def observed_hours(activity: paysim.Activity) -> float:
    """Return how long figures of presence are taken."""
    return (activity.days - FINISHED) * HOURS


def mean_number(presence: Presence, hours: float) -> float:
    """Return the mean number present over the first `hours` of the run: the area under the curve over its length."""
    overlap = np.clip(presence.until, 0, hours) - np.clip(presence.since, 0, hours)
    return float(overlap.sum() / hours)


def audit(presence: Presence, hours: float, every: float) -> NDArray[np.int64]:
    """Return how many audits, one `every` so many hours, found n present: shape (most present + 1,)."""
    moments = np.arange(every / 2, hours, every)
    came = np.searchsorted(np.sort(presence.since), moments, side="right")
    left = np.searchsorted(np.sort(presence.until), moments, side="right")
    return np.bincount(came - left)


def over_replications(
    system: paysim.System | str,
    observe: Callable[[paysim.Activity], Figures],
    replications: int,
    engine: str = "compiled",
) -> "Observations":
    """Return what is observed of a system, or of one of `SYSTEMS` by name, in independent replications."""
    if isinstance(system, str):
        system = paysim.load(SYSTEMS / f"{system}.toml")
    seen = [observe(paysim.simulate(system, replication=number, engine=engine)) for number in range(replications)]
    return Observations({figure: np.array([one[figure] for one in seen]) for figure in seen[0]})


class Observations(NamedTuple):
    """One value a replication of every figure."""

    values: Mapping[str, NDArray[np.float64]]

    def meet(self, expected: Figures, telling: float = 0.1) -> None:
        """Assert that every mean is within 3 standard errors of its closed form.

        And that the test could have failed: a figure off by a share `telling` would be further than that away.
        """
        assert self.values.keys() == expected.keys()
        misses = []
        for figure, values in self.values.items():
            error = values.std(ddof=1) / np.sqrt(len(values))
            line = f"{figure}: {values.mean():.6g} +- {error:.2g}, expected {expected[figure]:.6g}"
            if abs(values.mean() - expected[figure]) > 3 * error:
                misses.append(line)
            if 3 * error > telling * expected[figure]:
                misses.append(f"{line}; too uncertain to tell")
        if misses:
            pytest.fail("\n".join(misses))
