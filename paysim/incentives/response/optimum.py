"""The joint optimum: the intensities that are best for residents and the system as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from paysim.incentives.response.best import best
from paysim.incentives.response.objective import Payoff, system_payoff
from paysim.incentives.response.points import Design
from paysim.incentives.response.surface import Surface
from paysim.model.objective import Horizon


@dataclass(frozen=True, eq=False)
class Optimum:
    """Intensities by lever, the levers at the 'low' or 'high' end of their range, and the pounds a year over `now`."""

    intensities: Mapping[str, float]
    boundary: Mapping[str, str]
    gain: float


def optimum(surface: Surface, horizon: Horizon = "long_run") -> Optimum:
    """Return the joint optimum of the surface's levers: the most value of health less all resources and effort."""
    return highest(surface.design, system_payoff(surface, horizon))


def highest(design: Design, payoff: Payoff) -> Optimum:
    """Return where a payoff is highest over all levers."""
    at = best(payoff, range(len(design.levers)), design.now) if design.levers else design.now
    slopes = payoff.slopes(at) * (design.high - design.low)
    ends: dict[str, str] = {}
    for lever, x, slope in zip(design.levers, at, slopes, strict=True):
        if x == lever.low and slope < -payoff.rounding:
            ends[lever.id] = "low"
        if x == lever.high and slope > payoff.rounding:
            ends[lever.id] = "high"
    return Optimum(design.point(at), ends, payoff.gain(np.asarray(at)))
