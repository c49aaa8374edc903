"""Generated cases of shared results: a run of some months, with pence of target and spending by financial year."""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

import numpy as np

from paysim.payment.terms.example import PAYEE, PAYER, seen_of
from paysim.payment.terms.seen import Flow, Paid, Seen

PARTNER = "partner"
_SEEN = {months: seen_of(partners=(PARTNER,), months=months, residents=7_777) for months in range(1, 37)}


@dataclass(frozen=True)
class Case:
    """What was spent in each year of a run, in pence, and how much of twelve months each year has."""

    seen: Seen
    spent: list[int]
    parts: list[Fraction]


def a_case(random: Random) -> Case:
    """Return a run in which a contract 'care' was paid for, year by year, of up to three years."""
    months = random.randint(1, 36)
    seen = _SEEN[months]
    scale = 10 ** random.randint(0, 12)
    spent = [random.randint(0, 2 * scale) for _ in seen.years]
    pence = np.zeros(months, dtype=np.int64)
    for year, amount in zip(seen.years, spent, strict=True):
        first = amount // 3
        pence[year.first] += first
        pence[year.stop - 1] += amount - first
    paid = (Paid("care", "tariff", Flow(PAYER, PAYEE, pence)),)
    years = [Fraction(year.stop - year.first, 12) for year in seen.years]
    return Case(seen_with(seen, paid), spent, years)


def seen_with(seen: Seen, paid: tuple[Paid, ...]) -> Seen:
    return Seen(seen.system, seen.contract, seen.periods, paid=paid)


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
