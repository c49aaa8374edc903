"""Generated cases of shared results: a run of some months, with pence of target and spending by financial year."""

from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np

from paysim.payment.terms.example import PAYEE, PAYER, seen_of
from paysim.payment.terms.seen import Flow, Paid, Seen

PARTNER = "partner"
_SEEN = {months: seen_of(partners=(PARTNER,), months=months, residents=7_777) for months in range(1, 37)}


@dataclass(frozen=True)
class Case:
    """What was spent in each year of a contract, in pence, and how much of twelve months it has of each."""

    seen: Seen
    spent: list[int]
    parts: list[Fraction]


def a_case(random: Random) -> Case:
    """Return a run of up to three years in which a contract 'care' was paid for, year by year.

    Half of the contracts that look at it begin later in the first year or end earlier in the last; what was paid in
    other months is none of their spending.
    """
    months = random.randint(1, 36)
    first, stop = 0, months
    if random.random() < 0.5:
        stop = random.randint((months - 1) // 12 * 12 + 1, months)
        first = random.randint(0, min(12, stop) - 1)
    years = [range(max(first, start), min(start + 12, stop)) for start in range(0, months, 12)]
    scale = 10 ** random.randint(0, 12)
    spent = [random.randint(0, 2 * scale) for _ in years]
    pence = np.full(months, scale, dtype=np.int64)
    pence[first:stop] = 0
    for year, amount in zip(years, spent, strict=True):
        third = amount // 3
        pence[year[0]] += third
        pence[year[-1]] += amount - third
    paid = (Paid("care", "tariff", Flow(PAYER, PAYEE, pence)),)
    covered = None if (first, stop) == (0, months) else (first, stop)
    return Case(_seen(months, covered, paid), spent, [Fraction(len(year), 12) for year in years])


def _seen(months: int, covered: tuple[int, int] | None, paid: tuple[Paid, ...]) -> Seen:
    seen = _SEEN[months]
    contract = replace(seen.contract, scope=replace(seen.contract.scope, periods=covered))
    return Seen(seen.system, contract, months, paid=paid)


def near(random: Random, pence: int) -> int:
    """Return an amount, mostly within a tenth of `pence`."""
    return random.choice([pence, random.randint(0, 3 * pence + 1), round(pence * random.uniform(0.9, 1.1))])


def decimal(random: Random, least: int, most: int, places: int = 3) -> str:
    """Return a decimal number from `least` to `most` thousandths (for 3 places), as text."""
    return str(Fraction(random.randint(least, most), 10**places).__float__())


def in_year(flow: Flow, seen: Seen) -> list[int]:
    """Return what a flow moves in each year's last period, having checked that it moves nothing at other times."""
    last = [year.stop - 1 for year in seen.years]
    assert np.count_nonzero(np.delete(flow.pence, last)) == 0
    return [int(flow.pence[period]) for period in last]
