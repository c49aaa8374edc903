"""Capital charge: the dividend on public dividend capital.

Source: Hansard (2003) and Healthcare Financial Management Association (2013): the dividend is 3.5% of average relevant
net assets, the mean of opening and closing assets less liabilities, less donated and grant-funded assets and cash with
the Government Banking Service. It is paid twice a year.
"""

from fractions import Fraction

import numpy as np

from paysim.model.exact import exact
from paysim.model.terms.purses import CapitalCharge
from paysim.payment.terms.seen import Flow, Seen, of_year

MONTHS_PER_HALF_YEAR = 6


def capital_charge(term: CapitalCharge, seen: Seen) -> list[Flow]:
    """Return the dividend: rate x mean of opening and closing relevant net assets, in September and March.

    Where the mean is below zero nothing is paid. A year opens with the assets that the year before closed with. The
    annual sum is rounded once; a run or contract that ends within a half-year pays what has accrued by its end.
    """
    accrued = seen.in_instalments(exact(term.rate) * mean_assets(term, year.number) for year in seen.years)
    paid = np.zeros_like(accrued)
    for year in seen.years:
        for first in (year.start, year.start + MONTHS_PER_HALF_YEAR):
            half_year = slice(max(first, year.first), min(first + MONTHS_PER_HALF_YEAR, year.stop))
            if half_year.start < half_year.stop:
                paid[half_year.stop - 1] = accrued[half_year].sum()
    return [seen.to_payee(paid)]


def mean_assets(term: CapitalCharge, year: int) -> Fraction:
    """Return the mean of opening and closing relevant net assets of a financial year, at least 0, in pence."""
    opening = term.opening if year == 0 else of_year(term.closing, year - 1)
    return max(Fraction(opening + of_year(term.closing, year), 2), Fraction(0))
