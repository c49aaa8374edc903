"""Whole numbers dealt into piles by their time as they come, then sorted pile by pile.

A pile and the room to sort it stay in the processor's cache, however many piles there are. So time and memory grow no
faster than the numbers, and those that are sorted take the place of those that were dealt.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel

_OF_A_PILE = 1 << 15
"""About as many keys: they and the room to sort them fit a cache of half a megabyte."""

_AT_A_TIME = 1 << 7
"""Piles, a fraction of a second; kernels do not notice Ctrl-C, Python in between does."""


class Piles(NamedTuple):
    """Keys by their pile, which is the number in their bits from `shift` on: from `begin` to before `end`."""

    keys: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    shift: int


class Memory:
    """What holds one set of piles after another, each written over the one before: memory used before costs nothing."""

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.int64)

    def keys(self, number: int) -> NDArray[np.int64]:
        """Return room for at least so many keys."""
        if len(self._keys) < number:
            self._keys = np.empty(number + number // 32, dtype=np.int64)
        return self._keys


def bits_within(expected: float, bits: int) -> int:
    """Return how many of the bits of time should tell the keys of one pile apart, for so many keys."""
    return max(0, bits - int(expected / _OF_A_PILE).bit_length())


def room_for(expected: NDArray[np.float64], shift: int, memory: Memory) -> Piles:
    """Return empty piles with room for a Poisson number of keys in each, of which so many are expected."""
    room = np.ceil(expected + 10.0 * np.sqrt(expected) + 100.0).astype(np.int64)
    begin = np.concatenate(([0], np.cumsum(room)))
    return Piles(memory.keys(begin[-1]), begin[:-1], begin[:-1].copy(), shift)


@inlined
def deal(piles: Piles, key: int) -> None:
    """Put a key on its pile."""
    pile = key >> piles.shift
    piles.keys[piles.end[pile]] = key
    piles.end[pile] += 1


def in_order(piles: Piles, bits: int) -> NDArray[np.int64]:
    """Return the keys in order of pile, then of the `bits` bits below, in the memory of the piles, which are used up.

    Keys that are alike in those bits stay in the order in which they were dealt. Radix sort of each pile, by two
    digits and the last one first: Knuth, "The Art of Computer Programming", volume 3, section 5.2.5.
    """
    spare = np.empty((piles.end - piles.begin).max(initial=0), dtype=np.int64)
    digit_bits = (bits + 1) // 2
    after = np.empty((2, 1 << digit_bits), dtype=np.int64)
    begin = stop = piles.begin[np.argmax(piles.end > piles.begin)]
    for first in range(0, len(piles.begin), _AT_A_TIME):
        stop = _sort(piles, first, min(first + _AT_A_TIME, len(piles.begin)), bits, digit_bits, after, spare, stop)
    return piles.keys[begin:stop]


@kernel
def _sort(piles, first, last, bits, digit_bits, after, spare, stop):  # type: ignore[no-untyped-def]
    """Sort some piles to where those that are in order stop; return where they do then."""
    low = piles.shift - bits
    high = low + digit_bits
    mask = (1 << digit_bits) - 1
    for pile in range(first, last):
        keys = piles.keys[piles.begin[pile] : piles.end[pile]]
        after[:] = 0
        for key in keys:
            after[0, key >> low & mask] += 1
            after[1, key >> high & mask] += 1
        for digit in range(mask):
            after[0, digit + 1] += after[0, digit]
            after[1, digit + 1] += after[1, digit]
        for nth in range(len(keys) - 1, -1, -1):
            key = keys[nth]
            after[0, key >> low & mask] -= 1
            spare[after[0, key >> low & mask]] = key
        for nth in range(len(keys) - 1, -1, -1):
            key = spare[nth]
            after[1, key >> high & mask] -= 1
            piles.keys[stop + after[1, key >> high & mask]] = key
        stop += len(keys)
    return stop
