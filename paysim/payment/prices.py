"""Price tables as arrays: what each currency and code is paid at under a contract."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from numbers import Integral

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.exact import exact
from paysim.model.limits import LARGEST_MARKET_FORCES_FACTOR
from paysim.model.price import Price
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.payment.arithmetic import in_millionths, unit_pence
from paysim.payment.overflow import refuse_overflow
from paysim.payment.terms import VALUATION
from paysim.payment.terms.seen import grown
from paysim.payment.valuation import Valuation

UNPRICED = int(np.iinfo(np.int64).min)
"""Marks a currency and code that the contract ought to price and does not."""

NO_TRIM_POINT = int(np.iinfo(np.int32).max)
"""Days that no stay reaches."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Price in pence, trim point in days, and so on (see Price): each of shape (currencies, codes + 1).

    `addition` is paid with every spell: top-up and best practice. The last column is for activity without a code.
    """

    pence: NDArray[np.int64]
    short_stay: NDArray[np.int64]
    trim_point: NDArray[np.int64]
    long_stay: NDArray[np.int64]
    addition: NDArray[np.int64]

    def side_by_side(self) -> NDArray[np.int64]:
        """Return all of them, those of one price next to each other: shape (currencies, codes + 1, 5)."""
        return np.stack([self.pence, self.short_stay, self.trim_point, self.long_stay, self.addition], axis=-1)

    def pays(self) -> NDArray[np.bool_]:
        """Return which currencies are paid anything, or lack a price."""
        return np.asarray(((self.pence | self.short_stay | self.long_stay | self.addition) != 0).any(axis=1))

    def largest(self, days: int) -> int:
        """Return the most that one unit can be paid, in pence before the market forces factor, for so many days."""
        most = max(_largest(self.pence), _largest(self.short_stay))
        return most + days * _largest(self.long_stay) + _largest(self.addition)


@dataclass(frozen=True, eq=False)
class Priced:
    """A term that has prices: its contract, valuation and rates, and its factor in millionths by financial year."""

    contract: Contract
    term: Term
    valuation: Valuation
    rates: Rates
    factors: tuple[int, ...]


def a_unit(priced: Priced, year: int) -> NDArray[np.int64]:
    """Return a term's prices by currency and code after its factor in a financial year, 0 where it lists none.

    They are for one step or day, or for a spell up to its trim point. Readmissions are no units of their own: 0.
    """
    if priced.valuation.readmissions is not None:
        return np.zeros_like(priced.rates.pence)
    distinct, where = np.unique(priced.rates.pence, return_inverse=True)
    paid = [0 if pence == UNPRICED else unit_pence(pence, priced.factors[year]) for pence in distinct.tolist()]
    return np.array(paid, dtype=np.int64)[where].reshape(priced.rates.pence.shape)


def priced_terms(system: System, contracts: Iterable[Contract], years: int) -> list[Priced]:
    """Return each of the contracts' terms that have prices, with its rates; contracts with the same ones share them.

    What a price list lacks is paid nothing by that term where another term of the contract pays for it: another one
    that lists it or, in a currency that none of the contract's price lists is for, one that pays without prices. Where
    none does, it is UNPRICED.
    """
    known: dict[tuple[Hashable, ...], list[Rates]] = {}
    listed: dict[Hashable, Rates] = {}
    found: list[Priced] = []
    for contract in contracts:
        valuations = [(term, VALUATION[type(term)](term, contract)) for term in contract.terms if _has_prices(term)]
        price_lists = [valuation.currencies for _, valuation in valuations if valuation.readmissions is None]
        to_price = tuple(not contract.pays_otherwise_for(currency, price_lists) for currency in system.currencies)
        key = (to_price, *((_listed_by(valuation), valuation.readmissions is None) for _, valuation in valuations))
        if key not in known:
            for _, valuation in valuations:
                if _listed_by(valuation) not in listed:
                    listed[_listed_by(valuation)] = _rates(system, valuation)
            rates = [(valuation, listed[_listed_by(valuation)]) for _, valuation in valuations]
            known[key] = _rates_beside_each_other(system, rates, to_price)
        found.extend(
            Priced(contract, term, valuation, rates, _factors(system, contract, valuation, years))
            for (term, valuation), rates in zip(valuations, known[key], strict=True)
        )
    return found


def _has_prices(term: Term) -> bool:
    return type(term) in VALUATION


def _listed_by(valuation: Valuation) -> Hashable:
    """Return what a valuation's rates depend on, as long as nothing is beside them."""
    return id(valuation.prices), valuation.currencies, valuation.top_ups


def _rates_beside_each_other(
    system: System, valued: Sequence[tuple[Valuation, Rates]], to_price: Sequence[bool]
) -> list[Rates]:
    gaps = np.repeat(np.array(to_price, dtype=np.bool_)[:, None], len(system.codes) + 1, axis=1)
    for valuation, rates in valued:
        if valuation.readmissions is None:
            gaps &= rates.pence == UNPRICED
    return [_with_gaps(rates, gaps & (valuation.readmissions is None)) for valuation, rates in valued]


def _rates(system: System, valuation: Valuation) -> Rates:
    table = valuation.prices
    shape = len(system.currencies), len(system.codes) + 1
    rates = Rates(
        pence=np.full(shape, UNPRICED, dtype=np.int64),
        short_stay=np.full(shape, UNPRICED, dtype=np.int64),
        trim_point=np.full(shape, NO_TRIM_POINT, dtype=np.int64),
        long_stay=np.zeros(shape, dtype=np.int64),
        addition=np.zeros(shape, dtype=np.int64),
    )
    currencies = {currency: index for index, currency in enumerate(system.currencies)}
    codes = {code: index for index, code in enumerate(system.codes)}
    wanted = currencies if valuation.currencies is None else set(valuation.currencies)
    # A single price, code '', holds for every code that has none of its own.
    for (currency, code), price in sorted(table.prices.items(), key=lambda item: item[0]):
        if currency not in wanted or currency not in currencies or (code and code not in codes):
            continue
        where = f"prices {table.id}.{currency}.{code}"
        _refuse_fractions(price, where)
        refuse_overflow(_largest_part(price), 1, where)
        at = currencies[currency], codes[code] if code else slice(None)
        rates.pence[at] = price.pence
        rates.short_stay[at] = price.pence if price.short_stay_pence is None else price.short_stay_pence
        rates.trim_point[at] = NO_TRIM_POINT if price.trim_point_days is None else price.trim_point_days
        rates.long_stay[at] = price.long_stay_pence_per_day
        rates.addition[at] = price.top_up_pence * valuation.top_ups + price.addition_pence
    return rates


def _refuse_fractions(price: Price, where: str) -> None:
    for each in fields(price):
        value = getattr(price, each.name)
        if value is not None and not isinstance(value, Integral):
            raise InputError("", where, f"found {each.name} {value}", "expected a whole number")


def _largest_part(price: Price) -> int:
    added = abs(price.top_up_pence) + abs(price.addition_pence)
    return max(abs(price.pence), abs(price.short_stay_pence or 0), abs(price.long_stay_pence_per_day), added)


def _with_gaps(rates: Rates, gaps: NDArray[np.bool_]) -> Rates:
    paid_elsewhere = (rates.pence == UNPRICED) & ~gaps
    return replace(
        rates,
        pence=np.where(paid_elsewhere, 0, rates.pence),
        short_stay=np.where(paid_elsewhere, 0, rates.short_stay),
    )


def _largest(pence: NDArray[np.int64]) -> int:
    listed = pence[pence != UNPRICED]
    return max(int(listed.max(initial=0)), -int(listed.min(initial=0)))


def _factors(system: System, contract: Contract, valuation: Valuation, years: int) -> tuple[int, ...]:
    """Return what prices are multiplied by in each financial year, in whole millionths, halves up."""
    factor = Fraction(1)
    if valuation.market_forces_factor:
        written = system.organisations[contract.payee].market_forces_factor
        if not 0.0 < written <= LARGEST_MARKET_FORCES_FACTOR:
            path = f"organisation.{contract.payee}.market_forces_factor"
            expected = f"expected above 0, at most {LARGEST_MARKET_FORCES_FACTOR:g}"
            raise InputError("", path, f"found {written:g}", expected)
        factor = exact(written)
    return tuple(in_millionths(factor * grown(valuation.price_growth, year)) for year in range(years))
