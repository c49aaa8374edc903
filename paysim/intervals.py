"""Means with their uncertainty: no bare mean leaves a study."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

CONFIDENCE = 0.95

_LOW_SHARE = 0.05
"""One year in twenty is this bad or worse."""


class Interval(NamedTuple):
    """A mean over replications and its two-sided 95% confidence interval (NaN from a single replication)."""

    mean: float
    low: float
    high: float


def with_calibration(interval: Interval, calibrated: NDArray[np.float64]) -> Interval:
    """Return an interval that also covers the error of amounts set by calibration; half-widths add as squares do.

    `calibrated` is what each calibration replication alone would have moved the value by, zeros where nothing was set.
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


def deviations(outcomes: NDArray[np.float64], sample: float) -> NDArray[np.float64]:
    """Return how far outcomes of a sample of residents lie from their mean over replications, as those of all would.

    `outcomes` have replications first. Residents differ independently, so deviations shrink with the square root of the
    sample. Those from the mean of n outcomes themselves are too small and are widened by the square root of n/(n - 1):
    the mean of their squares is then the usual variance. Davison and Hinkley, "Bootstrap Methods and their
    Application" (1997), 6.2: modified residuals. A single replication has none: all are 0.
    """
    replications = len(outcomes)
    widened = np.sqrt(sample * replications / max(replications - 1, 1))
    return np.asarray((outcomes - outcomes.mean(axis=0)) * widened, dtype=np.float64)


def spread_of_all(outcomes: NDArray[np.float64], sample: float, axis: int = 0) -> NDArray[np.float64]:
    """Return outcomes of a sample of residents: their mean over an axis kept, their spread as that of all would be.

    Residents differ independently, so deviations from the mean shrink with the square root of the sample; those of all
    residents stay as they are.
    """
    root = np.sqrt(sample)
    return np.asarray(outcomes * root + outcomes.mean(axis=axis, keepdims=True) * (1.0 - root), dtype=np.float64)


def fifth_percentile(spread: NDArray[np.float64], axis: int | None = None) -> NDArray[np.float64]:
    """Return the deviation that one outcome in twenty is at or below: the least one of up to 13 outcomes.

    The median-unbiased estimate, whatever the distribution: type 8 of Hyndman and Fan, "Sample quantiles in statistical
    packages", The American Statistician 50 (1996), which they recommend.
    """
    return np.asarray(np.quantile(spread, _LOW_SHARE, axis=axis, method="median_unbiased"), dtype=np.float64)
