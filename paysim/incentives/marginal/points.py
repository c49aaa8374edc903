"""Where incentives are taken: the system as it is, and each lever one step from now."""

from collections.abc import Sequence

from paysim.incentives.outcome import Point
from paysim.model.lever import Lever

BASELINE: Point = {}
"""Every lever at its `now`."""


def points(levers: Sequence[Lever]) -> tuple[Point, ...]:
    """Return the baseline, then one point a lever: that lever one stride from now, all others as they are."""
    return (BASELINE, *({lever.id: _within(lever, lever.now + lever.stride)} for lever in levers))


def _within(lever: Lever, intensity: float) -> float:
    """Return an intensity without what adding up has put beyond the range."""
    return min(max(intensity, lever.low), lever.high)
