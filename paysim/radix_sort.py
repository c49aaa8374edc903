"""Sorting whole numbers by some of their bits, in time that grows no faster than their number."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel

_DIGIT_BITS = 8
"""256 piles, few enough that the ends of all of them stay in the fastest cache."""

_KEYS_AT_A_TIME = 1 << 22
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""


def sorted_by_bits(keys: NDArray[np.int64], shift: int, bits: int) -> NDArray[np.int64]:
    """Return the keys in order of the `bits` bits above the lowest `shift`; `keys` is used up.

    Keys that are alike in those bits keep their order. Radix sort, the last digit first: Knuth, "The Art of Computer
    Programming", volume 3, section 5.2.5.
    """
    spare = np.empty_like(keys)
    for digit in range(shift, shift + bits, _DIGIT_BITS):
        counts = np.zeros((1 << _DIGIT_BITS) + 1, dtype=np.int64)
        _count(keys, digit, counts)
        begin = np.cumsum(counts)
        for first in range(0, len(keys), _KEYS_AT_A_TIME):
            _deal(keys[first : first + _KEYS_AT_A_TIME], digit, begin, spare)
        keys, spare = spare, keys
    return keys


@kernel
def _count(keys: NDArray[np.int64], shift: int, counts: NDArray[np.int64]) -> None:
    """Count the keys by one digit, each digit in the place after its own."""
    last = len(counts) - 2
    for key in keys:
        counts[(key >> shift & last) + 1] += 1


@kernel
def _deal(keys: NDArray[np.int64], shift: int, begin: NDArray[np.int64], dealt: NDArray[np.int64]) -> None:
    """Write the keys into `dealt` from where the keys of their digit begin, and move these beginnings on."""
    last = len(begin) - 2
    for key in keys:
        digit = key >> shift & last
        dealt[begin[digit]] = key
        begin[digit] += 1
