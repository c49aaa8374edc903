"""Small helpers that turn lists into the Program's arrays."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from paysim.model.errors import InputError
from paysim.model.limits import ROUNDING


def ints(values: Iterable[int]) -> NDArray[np.int32]:
    """Return whole numbers as an array."""
    return np.array(list(values), dtype=np.int32)


def offsets(lengths: Iterable[int]) -> NDArray[np.int32]:
    """Return where each of several lists begins in their concatenation, and the end of the last."""
    return np.concatenate(([0], np.cumsum(list(lengths), dtype=np.int64))).astype(np.int32)


def thresholds(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return running totals along the last axis, exactly 1 where rounding alone keeps them from it."""
    totals = np.cumsum(shares, axis=-1)
    return np.where(np.abs(totals - 1.0) < ROUNDING, 1.0, totals)


def complete(totals: NDArray[np.float64], where: str) -> NDArray[np.float64]:
    """Return running totals that end at 1; the engines look no further than the last of them.

    Raises InputError if they do not.
    """
    if (totals[..., -1] != 1.0).any():
        found = f"found shares that add up to {totals[..., -1].ravel().tolist()}"
        raise InputError("", where, found, "expected shares that add up to 1")
    return totals
