"""The least and the most that a curve comes to over the range of a lever."""

from typing import NamedTuple

from paysim.model.curve import Curve, Polynomial
from paysim.model.lever import Lever


class Extreme(NamedTuple):
    """What a curve changes by from `now`, and the intensity at which it does."""

    change: float
    intensity: float


def extremes(curve: Curve, lever: Lever) -> tuple[Extreme, Extreme]:
    """Return the smallest and the largest change of a curve over a lever's range.

    A parabola may turn inside it; all other curves only rise or fall.
    """
    intensities = [lever.low, lever.high]
    if isinstance(curve, Polynomial) and curve.per_unit_squared:
        vertex = -curve.per_unit / (2 * curve.per_unit_squared)
        if lever.low < vertex < lever.high:
            intensities.append(vertex)
    changes = [Extreme(curve.change(lever.now, intensity), intensity) for intensity in intensities]
    return min(changes), max(changes)
