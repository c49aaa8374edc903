"""Integer pence: the only money that ledgers know."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

PENCE_PER_POUND = 100


def to_pence(pounds: float | str | Decimal) -> int:
    """Return an amount of pounds as whole pence, halves away from zero.

    A float is read through its shortest decimal form, so 0.285 pounds is 29 pence and not 28.
    """
    exact = Decimal(str(pounds)) * PENCE_PER_POUND
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def in_twelfths(annual_pence: int, periods: int) -> NDArray[np.int64]:
    """Return an annual sum split over monthly periods, shape (periods,), in pence.

    Period m gets the m-th difference of the rounded running total, so every twelve periods add up to
    the annual sum exactly and no period differs from another by more than a penny.
    """
    totals = [(annual_pence * month * 2 + 12) // 24 for month in range(periods + 1)]
    return np.array([after - before for before, after in pairwise(totals)], dtype=np.int64)


def scale_up(pence: NDArray[np.int64], weight: float) -> NDArray[np.int64]:
    """Return sampled amounts times the sample weight, rounded half up to whole pence, once and exactly."""
    if weight == 1.0:
        return pence
    over, under = Fraction(weight).as_integer_ratio()
    scaled = [(2 * each * over + under) // (2 * under) for each in pence.ravel().tolist()]
    return np.array(scaled, dtype=np.int64).reshape(pence.shape)
