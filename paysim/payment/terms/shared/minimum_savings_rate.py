"""The minimum savings rate by size: small groups save by chance more often, so they must save more to share."""

from fractions import Fraction

BANDS: tuple[tuple[int, int, int], ...] = (
    (1, 1220, 1220),
    (500, 1220, 870),
    (1000, 870, 500),
    (3000, 500, 390),
    (5000, 390, 360),
    (6000, 360, 340),
    (7000, 340, 320),
    (8000, 320, 310),
    (9000, 310, 300),
    (10000, 300, 270),
    (15000, 270, 250),
    (20000, 250, 220),
    (50000, 220, 200),
    (60000, 200, 200),
)
"""Assigned beneficiaries from, and the rate at the band's low and high end in basis points.

42 CFR 425.604(b) and 83 FR 67816 (31 December 2018). From 5,000 on it gives the rate of all 1,250 organisations and
years of Track 1 in 2016 to 2018 to the nine decimals published; the bands under 5,000 were read second-hand.
"""


def minimum_savings_rate(beneficiaries: int) -> Fraction:
    """Return the minimum savings rate: linear in beneficiaries from the first to the last of a band, such as 5,999."""
    band = max((number for number, (begin, _, _) in enumerate(BANDS) if begin <= beneficiaries), default=0)
    begin, low, high = BANDS[band]
    if low == high:
        return Fraction(low, 10_000)
    last = BANDS[band + 1][0] - 1
    return (low + (high - low) * Fraction(beneficiaries - begin, last - begin)) / 10_000
