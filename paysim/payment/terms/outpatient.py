"""Outpatient tariff: first attendances are paid more than they cost, follow-ups less, so that fewer are made.

Source: NHS England and NHS Improvement, 2017/18 and 2018/19 National Tariff Payment System: 30% of the cost of
follow-ups moved into the prices of first attendances (10% before).
"""

from dataclasses import replace
from fractions import Fraction

from paysim.model.contract import Contract
from paysim.model.exact import exact
from paysim.model.price import Price, PriceTable
from paysim.model.terms import OutpatientTariff
from paysim.payment.terms.seen import Flow, Seen, whole
from paysim.payment.valuation import Valuation


def outpatient_tariff(term: OutpatientTariff, seen: Seen) -> list[Flow]:
    """Return what attendances are paid at prices after the move."""
    return [seen.by_row(term)]


def front_loaded(term: OutpatientTariff) -> PriceTable:
    """Return the price list after the move, each price in whole pence.

    Follow-up: price x (1 - moved). First: price + follow-up price x moved x follow-ups per first. At that ratio of
    follow-ups the payer pays the same as before. A code that has no follow-up price moves nothing; one that has its
    own has one for first attendances, too.
    """
    moved, ratio = exact(term.moved), exact(term.follow_ups_per_first)
    listed = dict(term.prices.prices)
    for (currency, code), price in term.prices.prices.items():
        if currency == term.follow_up:
            listed[currency, code] = replace(price, pence=whole(price.pence * (1 - moved)))
        elif currency == term.first:
            follow_up = _follow_up_price(term, code)
            listed[currency, code] = replace(price, pence=whole(price.pence + follow_up * moved * ratio))
    return replace(term.prices, prices=listed)


def _follow_up_price(term: OutpatientTariff, code: str) -> Fraction:
    listed = term.prices.prices
    price = listed.get((term.follow_up, code)) or listed.get((term.follow_up, "")) or Price(0)
    return Fraction(price.pence)


def front_loaded_valuation(term: OutpatientTariff, contract: Contract) -> Valuation:
    """Return how attendances are valued: at the prices after the move."""
    return Valuation(front_loaded(term), term.market_forces_factor, currencies=(term.first, term.follow_up))
