"""Price tables as arrays: what each currency and code is paid at under a contract."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Contract
from paysim.model.price import PriceTable
from paysim.model.system import System
from paysim.payment.checks import refuse_overflow

UNPRICED = int(np.iinfo(np.int64).min)
"""Marks a currency and code that the contract ought to price and does not."""

NO_TRIM_POINT = int(np.iinfo(np.int32).max)
"""Days that no stay reaches."""


@dataclass(frozen=True, eq=False)
class Rates:
    """Price in pence, trim point in days and long stay payment in pence a day: each of shape (currencies, codes + 1).

    The last column is for activity without a code.
    """

    pence: NDArray[np.int64]
    trim_point: NDArray[np.int64]
    long_stay: NDArray[np.int64]

    def largest(self, days: int) -> int:
        """Return the most that one unit can be paid, in pence before the market forces factor, for so many days."""
        most = max(abs(int(price)) for price in self.pence[self.pence != UNPRICED].ravel().tolist() or [0])
        return max(1, days) * most + days * max(abs(int(pence)) for pence in self.long_stay.ravel().tolist() or [0])


def rates_of(system: System, contract: Contract) -> list[tuple[Term, Rates, NDArray[np.int64]]]:
    """Return each of a contract's terms that have prices, with its rates and its factors by financial year.

    What a price list lacks is paid nothing by that term where another term of the contract may pay for it: another one
    that lists it, or one without prices. Where none does, it is UNPRICED.
    """
    valuations = [VALUATION[type(term)](term) if type(term) in VALUATION else None for term in contract.terms]
    tables = [valuation and _rates(system, valuation) for valuation in valuations]
    listed = [np.ones((), dtype=np.bool_) if rates is None else rates.pence != UNPRICED for rates in tables]
    paid = np.logical_or.reduce(np.broadcast_arrays(*listed))
    return [
        (term, _with_gaps(rates, ~paid), _factors(system, contract, valuation))
        for term, valuation, rates in zip(contract.terms, valuations, tables, strict=True)
        if valuation is not None and rates is not None
    ]


def _rates(system: System, table: PriceTable) -> Rates:
    shape = len(system.currencies), len(system.codes) + 1
    pence = np.full(shape, UNPRICED, dtype=np.int64)
    trim_point = np.full(shape, NO_TRIM_POINT, dtype=np.int64)
    long_stay = np.zeros(shape, dtype=np.int64)
    currencies = {currency: index for index, currency in enumerate(system.currencies)}
    codes = {code: index for index, code in enumerate(system.codes)}
    # A single price, code '', holds for every code that has none of its own.
    for (currency, code), price in sorted(table.prices.items(), key=lambda item: item[0]):
        if currency not in currencies or (code and code not in codes):
            continue
        refuse_overflow(
            max(abs(price.pence), abs(price.long_stay_pence_per_day)), 1, f"prices {table.id}.{currency}.{code}"
        )
        at = currencies[currency], codes[code] if code else slice(None)
        pence[at] = price.pence
        trim_point[at] = NO_TRIM_POINT if price.trim_point_days is None else price.trim_point_days
        long_stay[at] = price.long_stay_pence_per_day
    return Rates(pence, trim_point, long_stay)


def _with_gaps(rates: Rates, gaps: NDArray[np.bool_]) -> Rates:
    paid_elsewhere = (rates.pence == UNPRICED) & ~gaps
    return Rates(np.where(paid_elsewhere, 0, rates.pence), rates.trim_point, rates.long_stay)
