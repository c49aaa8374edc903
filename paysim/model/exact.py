"""Numbers as they are written: 0.9 is nine tenths, whatever the nearest number in binary is."""

from fractions import Fraction
from functools import lru_cache


@lru_cache(maxsize=1 << 12)
def exact(number: float) -> Fraction:
    """Return a number as the fraction that its shortest decimal form says."""
    return Fraction(repr(float(number)))
