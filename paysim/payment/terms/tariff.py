"""Tariff: pays for each unit of activity at its price.

Source: NHS England and NHS Improvement, 2017/18 and 2018/19 National Tariff Payment System: Annex A (national prices,
trim points and long stay payments) and the market forces factor, which multiplies a provider's unit prices. Each
payment is rounded once: when its parts are added up and multiplied by the factor.
"""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.contract import Tariff
from paysim.payment.terms.situation import Situation

MILLIONTHS = 1_000_000
"""Market forces factors are published with six decimals, and whole millionths keep the arithmetic exact."""


def tariff(term: Tariff, situation: Situation) -> NDArray[np.int64]:
    """Return what a tariff pays by period: the value of the activity at its prices."""
    assert situation.value_pence is not None
    return situation.value_pence


def in_millionths(market_forces_factor: float) -> int:
    """Return a market forces factor in whole millionths, halves up; read through its shortest decimal form."""
    exact = Decimal(repr(float(market_forces_factor))) * MILLIONTHS
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@kernel
def step_pence(price: int, market_forces_factor: int) -> int:
    """Return the payment for one step: price x market forces factor (in millionths)."""
    return whole_pence(price * market_forces_factor)


@kernel
def day_pence(price: int, midnights: int, market_forces_factor: int) -> int:
    """Return the payment for one step that is paid by the day: price x midnights crossed x market forces factor."""
    return whole_pence(price * midnights * market_forces_factor)


@kernel
def spell_pence(price: int, trim_point: int, long_stay: int, length_of_stay: int, market_forces_factor: int) -> int:
    """Return the payment for one spell: (price + long stay payments beyond the trim point) x market forces factor."""
    days_beyond = max(0, length_of_stay - trim_point)
    return whole_pence((price + days_beyond * long_stay) * market_forces_factor)


@kernel
def whole_pence(millionths: int) -> int:
    """Return millionths of a penny as whole pence, halves up."""
    return (millionths * 2 + MILLIONTHS) // (2 * MILLIONTHS)
