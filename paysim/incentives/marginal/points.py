"""Where incentives are taken: the system as it is, and each lever one step from now."""

from collections.abc import Sequence

from paysim.incentives.outcome import Point
from paysim.model.lever import Lever
from paysim.model.limits import ROUNDING

BASELINE: Point = {}
"""Every lever at its `now`."""


def points(levers: Sequence[Lever]) -> tuple[Point, ...]:
    """Return the baseline, then one point a lever: that lever one stride from now, all others as they are."""
    return (BASELINE, *({lever.id: _stepped(lever)} for lever in levers))


def _stepped(lever: Lever) -> float:
    """Return the intensity one stride from now; what adding up has put beside an end of the range is that end."""
    intensity, slack = lever.now + lever.stride, ROUNDING * (lever.high - lever.low)
    return next((end for end in (lever.low, lever.high) if abs(intensity - end) <= slack), intensity)
