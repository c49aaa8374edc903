"""Bands: a different part of each slice of a difference is shared."""

from collections.abc import Iterable
from fractions import Fraction

Slice = tuple[Fraction | None, Fraction]
"""The share of the target that a band ends at (None: it has no end), and the part shared within it."""


def shared_in_bands(difference: Fraction, target: Fraction, bands: Iterable[Slice]) -> Fraction:
    """Return what is shared of a gain or loss (a positive amount): the sum over bands of part x slice.

    A band's slice is what of the difference lies between its ends, which are shares of the target (of a target below
    zero: of 0). The bands follow each other from 0.
    """
    base = max(target, Fraction(0))
    total, begin = Fraction(0), Fraction(0)
    for up_to, part in bands:
        end = difference if up_to is None else min(difference, up_to * base)
        if end > begin:
            total += part * (end - begin)
            begin = end
    return total
