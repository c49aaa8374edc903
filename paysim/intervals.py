"""Means with their uncertainty: no bare mean leaves a study."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

CONFIDENCE = 0.95

LOW_SHARE = 0.05
"""One year in twenty is this bad or worse."""


class Interval(NamedTuple):
    """A mean over replications and its two-sided 95% confidence interval (NaN from a single replication)."""

    mean: float
    low: float
    high: float


def with_calibration(interval: Interval, calibrated: NDArray[np.float64]) -> Interval:
    """Return an interval that also covers the error of amounts set by calibration; half-widths add as squares do.

    `calibrated` is what each calibration replication alone would have set, zeros where nothing was set.
    """
    if not calibrated.any():
        return interval
    error = mean_interval(calibrated)
    half = float(np.hypot(interval.high - interval.mean, error.high - error.mean))
    return Interval(interval.mean, interval.mean - half, interval.mean + half)


def mean_interval(values: NDArray[np.float64]) -> Interval:
    """Return the mean of one value a replication, with Student's t interval; NaN values are left out."""
    observed = values[~np.isnan(values)]
    if len(observed) == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    mean = float(observed.mean())
    if len(observed) == 1:
        return Interval(mean, float("nan"), float("nan"))
    standard_error = observed.std(ddof=1) / np.sqrt(len(observed))
    half = float(stdtrit(len(observed) - 1, 0.5 + CONFIDENCE / 2) * standard_error)
    return Interval(mean, mean - half, mean + half)
