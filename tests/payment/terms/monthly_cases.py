"""Generated cases for terms: monthly pence of runs of one month to four years, and sums near them.

A month that is not the contract's has None: half of the contracts begin or end within the run, mostly within a year.
"""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np

from paysim.payment.terms import pay
from paysim.payment.terms.example import seen_of
from paysim.payment.terms.seen import Flow, Paid

CASES = 10_000
EMPTY = seen_of(costs={"provider": 0})
OF_OTHERS = 10**9 + 7
"""Pence of each month that is not the contract's: what others were paid or cost then."""


def generated(seed, cases=CASES):
    """Yield a generator of random numbers and a contract's pence in each month of a run, case by case."""
    for case in range(cases):
        random = Random(f"{seed} {case}")
        size = random.choice([10, 1_000, 10**6, 10**12])
        lowest = -size if random.random() < 0.1 else 0
        months = [random.randint(lowest, size) for _ in range(random.randint(1, 48))]
        first, stop = some_of(random, len(months)) or (0, len(months))
        yield random, [pence if first <= month < stop else None for month, pence in enumerate(months)]


def some_of(random, months):
    """Return the scope of half of the contracts: from some month of the run to before a later one; else None."""
    return tuple(sorted(random.sample(range(months + 1), 2))) if random.random() < 0.5 else None


def months_of(seen):
    """Return whether each month of the run is the contract's."""
    first, stop = seen.contract.scope.periods or (0, seen.periods)
    return [first <= month < stop for month in range(seen.periods)]


def sums_near(random, months):
    """Return sums by year, some of which are the months' own."""
    first_year = abs(sum(pence for pence in months[:12] if pence is not None))
    size = max(first_year, 1)
    return tuple(
        first_year if random.random() < 0.2 else random.randint(0, 2 * size) for _ in range(random.randint(1, 4))
    )


def growths(random):
    """Return growths by year in percent, exactly, and as a term holds them."""
    percents = [Fraction(random.randint(-300, 800), 100) for _ in range(random.randint(1, 5))]
    return percents, tuple(float(percent / 100) for percent in percents)


def seen_paid(months):
    flow = Flow("commissioner", "provider", as_pence(months, OF_OTHERS))
    return seen_in(months, paid=(Paid("contract", "tariff", flow),))


def seen_valued(term, months):
    return seen_in(months, values={term.id: as_pence(months, 0)})


def seen_costed(months):
    costs = {"provider_service": as_pence(months, OF_OTHERS)}
    return seen_in(months, cost_of_services=lambda: costs)


def seen_in(months, **what):
    """Return what a term of a contract of these months sees; without months before or after, its scope names none."""
    return replace(EMPTY, contract=contract_of(months), periods=len(months), **what)


def contract_of(months):
    covered = [month for month, pence in enumerate(months) if pence is not None]
    if len(covered) == len(months):
        return EMPTY.contract
    return replace(EMPTY.contract, scope=replace(EMPTY.contract.scope, periods=(covered[0], covered[-1] + 1)))


def as_pence(months, elsewhere):
    return np.array([elsewhere if pence is None else pence for pence in months], dtype=np.int64)


def flows_of(term, seen):
    """Return what a term pays, one list of pence a flow, after a look at who pays whom."""
    flows = pay(term, seen)
    assert all((flow.payer, flow.payee) == ("commissioner", "provider") for flow in flows)
    return [flow.pence.tolist() for flow in flows]
