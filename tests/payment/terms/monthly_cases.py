"""Generated cases for terms: monthly pence of runs of one month to four years, and sums near them."""

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np

from paysim.payment.terms import pay
from paysim.payment.terms.example import seen_of
from paysim.payment.terms.seen import Flow, Paid

CASES = 10_000
EMPTY = seen_of(costs={"provider": 0})


def generated(seed, cases=CASES):
    """Yield a generator of random numbers and a run's monthly pence, case by case."""
    for case in range(cases):
        random = Random(f"{seed} {case}")
        size = random.choice([10, 1_000, 10**6, 10**12])
        lowest = -size if random.random() < 0.1 else 0
        yield random, [random.randint(lowest, size) for _ in range(random.randint(1, 48))]


def sums_near(random, months):
    """Return sums by year, some of which are the months' own."""
    size = max(abs(sum(months[:12])), 1)
    return tuple(
        abs(sum(months[:12])) if random.random() < 0.2 else random.randint(0, 2 * size)
        for _ in range(random.randint(1, 4))
    )


def growths(random):
    """Return growths by year in percent, exactly, and as a term holds them."""
    percents = [Fraction(random.randint(-300, 800), 100) for _ in range(random.randint(1, 5))]
    return percents, tuple(float(percent / 100) for percent in percents)


def seen_paid(months):
    flow = Flow("commissioner", "provider", np.array(months, dtype=np.int64))
    return replace(EMPTY, periods=len(months), paid=(Paid("contract", "tariff", flow),))


def seen_valued(term, months):
    return replace(EMPTY, periods=len(months), values={term.id: np.array(months, dtype=np.int64)})


def seen_costed(months):
    costs = {"provider_service": np.array(months, dtype=np.int64)}
    return replace(EMPTY, periods=len(months), cost_of_services=lambda: costs)


def flows_of(term, seen):
    """Return what a term pays, one list of pence a flow, after a look at who pays whom."""
    flows = pay(term, seen)
    assert all((flow.payer, flow.payee) == ("commissioner", "provider") for flow in flows)
    return [flow.pence.tolist() for flow in flows]
