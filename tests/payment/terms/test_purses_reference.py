"""Shared purses against a plain re-implementation, ten thousand cases a term."""

from dataclasses import replace
from itertools import pairwise
from random import Random

import numpy as np
import reference_purses as reference
from monthly_cases import months_of, some_of

from paysim.model.terms.purses import CapitalCharge, DividedAmong, PassedOn, PooledBudget, RingFencedFunding
from paysim.payment.terms import pay
from paysim.payment.terms.example import FUNDER, PAYEE, PAYER, SUBCONTRACTOR, seen_of
from paysim.payment.terms.seen import Flow, Paid

CASES = 10_000
NOTHING_PAID = seen_of(months=1)
PARTNERS = [PAYER, PAYEE, "council", "mental_health_trust"]


def decimal(random, least, most, places=3):
    return f"{random.uniform(least, most):.{places}f}"


def floats(texts):
    return tuple(map(float, texts))


def shares_of_one(random, partners):
    cuts = sorted(random.randint(0, 1000) for _ in partners[1:])
    ends = [0, *cuts, 1000]
    return [f"{(after - before) / 1000}" for before, after in pairwise(ends)]


def pence_of(random, months, least=-(10**6), most=10**9):
    return [random.randint(least, most) for _ in range(months)]


def paid_before(payer, payee, name, pence, due=0):
    contract, term = name.split(".")
    return Paid(contract, term, Flow(payer, payee, np.array(pence, dtype=np.int64), due))


def seen_in(random, *paid, months, **what):
    """Return what a term sees in a run of some months, of which half of the contracts cover a part."""
    contract = NOTHING_PAID.contract
    contract = replace(contract, scope=replace(contract.scope, periods=some_of(random, months)))
    return replace(NOTHING_PAID, contract=contract, periods=months, paid=paid, **what)


def paid(flows):
    return [(flow.payer, flow.payee, flow.pence.tolist(), flow.due) for flow in flows]


def total(*monthly):
    return [sum(month) for month in zip(*monthly, strict=True)]


def test_pooled_budget():
    random = Random(1)
    for _ in range(CASES):
        months = random.randint(1, 14)
        partners = random.sample(PARTNERS, random.randint(1, 4))
        contributions = {partner: random.randint(0, 10**10) for partner in partners}
        spent = [pence_of(random, months, most=10**9) for _ in range(3)]
        seen = seen_in(
            random,
            paid_before(PAYEE, SUBCONTRACTOR, "beds.tariff", spent[0]),
            paid_before(PAYEE, "council", "home_care.block", spent[1], due=3),
            paid_before(PAYEE, SUBCONTRACTOR, "outside.block", spent[2]),
            months=months,
        )
        under, over = shares_of_one(random, partners), shares_of_one(random, partners)
        alike = random.random() < 0.5
        growth = tuple(decimal(random, -0.1, 0.1) for _ in range(random.randint(1, 3)))
        term = PooledBudget(
            "pool",
            contributions,
            ("beds.tariff", "home_care"),
            dict(zip(partners, floats(under), strict=True)),
            None if alike else dict(zip(partners, floats(over), strict=True)),
            floats(growth),
        )
        amounts = list(contributions.values())
        paid_in, back, owed = reference.pooled_budget(
            amounts, growth, total(*spent[:2]), under, under if alike else over, months_of(seen)
        )
        expected = [(partner, PAYEE, pence, 0) for partner, pence in zip(partners, paid_in, strict=True)]
        for settled in (back, owed):
            expected += [(PAYEE, partner, pence, 3) for partner, pence in zip(partners, settled, strict=True)]
        assert paid(pay(term, seen)) == [flow for flow in expected if flow[0] != flow[1]]


def received(random, months):
    """What PAYER received and then paid, and flows under which it did so."""
    came, came_later, went, other = (pence_of(random, months) for _ in range(4))
    flows = (
        paid_before(FUNDER, PAYER, "lead.heads", came),
        paid_before(FUNDER, PAYER, "lead.gain", came_later, due=4),
        paid_before(PAYER, SUBCONTRACTOR, "first.block", went),
        paid_before(FUNDER, PAYER, "leading.block", other),
        paid_before(PAYER, FUNDER, "leading.block", other),
    )
    return came, came_later, went, flows


def test_passed_on():
    random = Random(2)
    for _ in range(CASES):
        months = random.randint(1, 26)
        came, came_later, went, flows = received(random, months)
        share, after = decimal(random, 0, 1), random.choice([(), ("first",)])
        term = PassedOn("rest", ("lead",), float(share), after)
        left = [each - (gone if after else 0) for each, gone in zip(came, went, strict=True)]
        seen = seen_in(random, *flows, months=months)
        assert paid(pay(term, seen)) == [
            (PAYER, PAYEE, reference.passed_on(left, share, months_of(seen)), 0),
            (PAYER, PAYEE, reference.passed_on(came_later, share, months_of(seen)), 4),
        ]


def test_divided_among():
    random = Random(3)
    for _ in range(CASES):
        months = random.randint(1, 14)
        came, came_later, _, flows = received(random, months)
        members = random.sample(PARTNERS, random.randint(1, 4))
        shares = shares_of_one(random, members)
        if random.random() < 0.5:
            shares[-1] = "0.0"
        term = DividedAmong("alliance", ("lead.heads", "lead.gain"), dict(zip(members, floats(shares), strict=True)))
        seen = seen_in(random, *flows, months=months)
        expected = [
            (PAYER, member, pence, due)
            for amounts, due in ((came, 0), (came_later, 4))
            for member, pence in zip(members, reference.dealt_out(amounts, shares, months_of(seen)), strict=True)
            if member != PAYER
        ]
        assert paid(pay(term, seen)) == expected


def test_ring_fenced_funding():
    random = Random(4)
    for _ in range(CASES):
        months = random.randint(1, 26)
        costs = {name: np.array(pence_of(random, months, 0, 10**7), dtype=np.int64) for name in ("new", "old")}
        paid_on = pence_of(random, months, -1000, 10**7)
        seen = seen_in(
            random,
            paid_before(PAYEE, SUBCONTRACTOR, "home_care.block", paid_on),
            months=months,
            cost_of_services=lambda costs=costs: costs,
        )
        annual = tuple(random.randint(0, 3 * 10**8) for _ in range(random.randint(1, 3)))
        services, under = random.choice([(("new",), ()), ((), ("home_care",)), (("new", "old"), ("home_care.block",))])
        baseline, share = random.choice([0, random.randint(0, 10**8)]), decimal(random, 0.01, 1, 2)
        term = RingFencedFunding("fund", annual, services, under, baseline, float(share))
        spent = total([0] * months, *(costs[name].tolist() for name in services), *([paid_on] if under else []))
        on_account, back = reference.ring_fence(annual, spent, baseline, share, months_of(seen))
        assert paid(pay(term, seen)) == [(PAYER, PAYEE, on_account, 0), (PAYEE, PAYER, back, 3)]


def test_capital_charge():
    random = Random(5)
    for _ in range(CASES):
        months = random.randint(1, 26)
        opening, *closing = (random.randint(-(10**10), 10**11) for _ in range(random.randint(2, 4)))
        rate = decimal(random, 0, 0.1, 4)
        term = CapitalCharge("dividend", opening, tuple(closing), float(rate))
        seen = seen_in(random, months=months)
        expected = reference.capital_charge(rate, opening, closing, months_of(seen))
        assert paid(pay(term, seen)) == [(PAYER, PAYEE, expected, 0)]
