"""Ratios of means: what comes of one event, with an interval."""

import numpy as np
from scipy.special import stdtrit

from paysim.incentives.outcome import Floats
from paysim.intervals import CONFIDENCE, Interval

MOST_NEEDED = 10_000
"""The most replications that anybody is told to run."""

_NONE = Interval(float("nan"), float("nan"), float("nan"))


def ratio_interval(values: Floats, counts: Floats) -> Interval:
    """Return the mean of the values over the mean of the counts, one of each a replication, with its 95% interval.

    By Fieller's theorem, which holds exactly for means of pairs that are jointly normal: all ratios q for which the
    mean of values - q counts cannot be told from zero. NaN where the counts' own mean cannot: the interval would
    have no end. Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16 (1954).
    """
    n, value, count = len(values), float(values.mean()), float(counts.mean())
    if count == 0.0:
        return _NONE
    ratio = value / count
    if n == 1:
        return Interval(ratio, float("nan"), float("nan"))
    if not values.any():
        return Interval(0.0, 0.0, 0.0)
    # What is in proportion, whatever the counts, is known exactly though the counts are not.
    residuals = values - ratio * counts
    if not residuals.std() > 1e-12 * np.abs(values).max():
        return Interval(ratio, ratio, ratio)
    (of_value, both), (_, of_count) = np.cov(values, counts, ddof=1) / n
    squared = stdtrit(n - 1, 0.5 + CONFIDENCE / 2) ** 2
    # The ends solve a q^2 - 2 b q + c = 0.
    a, b, c = count**2 - squared * of_count, value * count - squared * both, value**2 - squared * of_value
    if a <= 0.0:
        return Interval(ratio, float("nan"), float("nan"))
    half = np.sqrt(max(b**2 - a * c, 0.0)) / a
    return Interval(ratio, float(b / a - half), float(b / a + half))


def replications_needed(values: Floats) -> float:
    """Return how many replications would tell the mean from zero, should mean and spread stay as observed.

    So many that Student's t interval excludes zero: infinity beyond `MOST_NEEDED`, NaN from a single replication,
    which shows no spread. Exact zeros and exact values need no more than there are.
    """
    if not values.any():
        return 1.0
    if len(values) == 1:
        return float("nan")
    mean, spread = abs(float(values.mean())), float(values.std(ddof=1))
    n = np.arange(2, MOST_NEEDED + 1)
    enough = stdtrit(n - 1, 0.5 + CONFIDENCE / 2) * spread < mean * np.sqrt(n)
    return float(n[np.argmax(enough)]) if enough.any() else float("inf")
