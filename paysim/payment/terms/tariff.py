"""Tariff: pays for each unit of activity at its price.

Source: NHS England and NHS Improvement, 2017/18 and 2018/19 National Tariff Payment System: Annex A (national prices,
trim points and long stay payments) and the market forces factor, which multiplies a provider's unit prices.
"""

from paysim.model.contract import Contract
from paysim.model.terms import Tariff
from paysim.payment.terms.seen import Flow, Seen
from paysim.payment.valuation import Valuation


def tariff(term: Tariff, seen: Seen) -> list[Flow]:
    """Return what a tariff pays: the value of the activity at its prices."""
    return [seen.by_row(term)]


def valuation(term: Tariff, contract: Contract) -> Valuation:
    """Return how a tariff values activity."""
    return Valuation(term.prices, term.market_forces_factor, term.price_growth, term.currencies, term.top_ups)
