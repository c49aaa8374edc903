"""Random times by inversion: one uniform in, one duration in days out, on the clock's ticks."""

import math

import numpy as np

from paysim.jit import kernel
from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.pathway import Duration
from paysim.simulation.normal import normal_quantile

CONSTANT, EXPONENTIAL, LOGNORMAL, NORMAL, UNIFORM = range(5)

MOST_TICKS = 2.0**30
"""179 years, beyond the end of any run."""

_TICK = 1.0 / TICKS_PER_DAY
_FLOAT32_WHOLE = 2**24
"""Up to here float32 holds every whole number."""


def parameters(duration: Duration) -> tuple[int, float, float]:
    """Return (kind, a, b), the numbers that `sample` takes for a Duration given by mean and cv."""
    mean, cv = duration.mean, duration.cv
    match duration.distribution:
        case "constant":
            return CONSTANT, mean, 0.0
        case "exponential":
            return EXPONENTIAL, mean, 0.0
        case "lognormal" if mean > 0.0:
            variance = math.log1p(cv * cv)
            return LOGNORMAL, math.log(mean) - variance / 2.0, math.sqrt(variance)
        case "lognormal":
            return CONSTANT, 0.0, 0.0
        case "normal":
            return NORMAL, mean, mean * cv
        case "uniform":
            half_width = mean * cv * math.sqrt(3.0)
            return UNIFORM, mean - half_width, 2.0 * half_width


@kernel
def sample_ticks(kind, a, b, u):  # type: ignore[no-untyped-def]
    """Return the u-quantile of a duration in whole clock ticks, at least 0 and at most MOST_TICKS.

    Above 1,024 days it is rounded further, to what Activity's float32 columns hold, so that a step's start and stay
    always add up to its end.
    """
    if kind == CONSTANT:
        days = a
    elif kind == EXPONENTIAL:
        days = -a * math.log(1.0 - u)
    elif kind == LOGNORMAL:
        days = math.exp(a + b * normal_quantile(u))
    elif kind == NORMAL:
        days = a + b * normal_quantile(u)
    else:
        days = a + b * u
    ticks = days * TICKS_PER_DAY + 0.5
    if ticks < _FLOAT32_WHOLE:
        return np.int64(max(ticks, 0.0))
    return np.int64(np.float32(np.int64(min(ticks, MOST_TICKS))))


@kernel
def sample(kind, a, b, u):  # type: ignore[no-untyped-def]
    """Return the u-quantile of a duration in days; see `sample_ticks`."""
    return sample_ticks(kind, a, b, u) * _TICK
