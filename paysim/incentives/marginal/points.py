"""Where incentives are taken: the system as it is, and each lever one step from now."""

from collections.abc import Sequence

from paysim.incentives.outcome import Point
from paysim.model.lever import Lever

BASELINE: Point = {}
"""Every lever at its `now`."""


def points(levers: Sequence[Lever]) -> tuple[Point, ...]:
    """Return the baseline, then one point a lever: that lever one stride from now, all others as they are."""
    return (BASELINE, *({lever.id: _within(lever, lever.now + stride(lever))} for lever in levers))


def stride(lever: Lever) -> float:
    """Return the change of intensity that is simulated: a step up, a step down where the range ends above.

    A range with no room for a step either way is used up to its farther end.
    """
    room, slack = (lever.now - lever.low, lever.high - lever.now), 1e-9 * (lever.high - lever.low)
    if lever.step <= room[1] + slack:
        return lever.step
    if lever.step <= room[0] + slack:
        return -lever.step
    return room[1] if room[1] >= room[0] else -room[0]


def _within(lever: Lever, intensity: float) -> float:
    """Return an intensity without what adding up has put beyond the range."""
    return min(max(intensity, lever.low), lever.high)
