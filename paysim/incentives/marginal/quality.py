"""Quality: how far the system's measures move with a lever, such as the four-hour standard or delayed transfers."""

from collections.abc import Iterator, Sequence

import numpy as np

from paysim.incentives.marginal.change import ALL, BOTH, Change
from paysim.incentives.outcome import Floats, Outcome
from paysim.model.lever import Lever
from paysim.model.measure import Measure
from paysim.model.system import System

POINTS, DAYS, A_HEAD = "percentage points", "days", "a resident and year"

_PERCENT = 100.0

_ROUNDING = 1e-9
"""Of a measure's size: what differs by less is the rounding of sums."""


def quantity_of(measure: Measure) -> str:
    """Return the quantity that a measure's change is listed as, such as 'measure:readmission'."""
    return f"measure:{measure.id}"


def unit_of(measure: Measure) -> str:
    """Return the unit of a measure's change: shares of any kind move by percentage points."""
    return {"rate": A_HEAD, "stay": DAYS}.get(measure.kind, POINTS)


def measure_changes(
    system: System, lever: Lever, outcomes: Sequence[Sequence[Outcome]], position: int, exact: bool
) -> Iterator[Change]:
    """Return the change of each measure per unit of the lever; those that no replication took are left out.

    Measures are of the whole run, its years not weighted. A replication in which one of a pair has nothing to measure
    is NaN and does not count. They are levels of the whole system, so no share of a change belongs to a counted step.
    """
    if not len(outcomes[0][0].measures):
        return
    before, after = (np.stack([each[at].measures for each in outcomes]) for at in (0, position))
    moved = np.where(np.abs(after - before) <= _ROUNDING * np.abs(before), 0.0, after - before) / lever.stride
    for measure, values in zip(system.measures.values(), moved.T, strict=True):
        if not np.isnan(values).all():
            unit = unit_of(measure)
            scaled: Floats = values * _PERCENT if unit == POINTS else values
            yield Change(
                lever.id, ALL, BOTH, "system", quantity_of(measure), unit, scaled, lever.step, events=None, exact=exact
            )
