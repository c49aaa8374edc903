"""What is wrong with parameters that contradict each other: found and expected, in words."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

Problem = tuple[str, str]
"""What was found and what was expected."""


def negative(what: str, amounts: Iterable[object]) -> Problem | None:
    """Return the first amount in pence below zero, None where there is none; amounts still to be set are none."""
    for pence in amounts:
        if isinstance(pence, int) and pence < 0:
            return f"found {what} of {in_pounds(pence)}", "expected at least 0 pounds"
    return None


def in_pounds(pence: float) -> str:
    """Return an amount in words: '1,234.50 pounds'."""
    return f"{pence / 100:,.2f} pounds"


def total_of(shares: Iterable[float]) -> Fraction:
    """Return the sum of shares, each read through its shortest decimal form, so that 0.1 + 0.2 + 0.7 is 1."""
    return sum((Fraction(repr(float(each))) for each in shares), Fraction(0))


def in_decimals(total: Fraction) -> str:
    """Return a sum of shares with all its decimals, such as '1.0000001', so that it is told from 1."""
    return f"{(Decimal(total.numerator) / Decimal(total.denominator)).normalize():f}"
