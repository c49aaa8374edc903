"""The tariff's arithmetic: what one unit of activity is paid.

Source: NHS England and NHS Improvement, 2017/18 and 2018/19 National Tariff Payment System: Annex A (national prices,
trim points and long stay payments), section 4 (reduced short stay emergency tariff, specialised top-ups, best practice
tariffs), and the market forces factor, which multiplies a provider's unit prices. Each unit's payment is rounded once:
when its parts are added up and multiplied by the factor.
"""

from fractions import Fraction
from math import floor

from paysim.jit import kernel

MILLIONTHS = 1_000_000
"""Market forces factors are published with six decimals, and whole millionths keep the arithmetic exact."""

SHORT_STAY_MIDNIGHTS = 1
"""Midnights that a short stay crosses at most."""


def in_millionths(factor: Fraction) -> int:
    """Return a factor on prices in whole millionths, halves up."""
    return floor(factor * MILLIONTHS + Fraction(1, 2))


def unit_pence(price: int, factor: int) -> int:
    """Return the payment for one step, or for one day where days are counted: price x factor (in millionths)."""
    return (price * factor * 2 + MILLIONTHS) // (2 * MILLIONTHS)


@kernel
def spell_pence(
    price: int, short_stay: int, trim_point: int, long_stay: int, addition: int, length_of_stay: int, factor: int
) -> int:
    """Return the payment for one spell.

    (price + long stay payment x days beyond the trim point + top-up and best practice) x factor (in millionths). A
    short stay is paid its own price.
    """
    base = short_stay if length_of_stay <= SHORT_STAY_MIDNIGHTS else price
    days_beyond = max(0, length_of_stay - trim_point)
    return ((base + days_beyond * long_stay + addition) * factor * 2 + MILLIONTHS) // (2 * MILLIONTHS)
