"""Shared purses: published figures, laws of chains and pools, and parameters that contradict each other."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.model.contract import Contract, Scope
from paysim.model.terms import Block
from paysim.model.terms.purses import (
    CapitalCharge,
    DividedAmong,
    PassedOn,
    PooledBudget,
    RingFencedFunding,
)
from paysim.payment.terms import pay
from paysim.payment.terms.example import FUNDER, PAYEE, PAYER, in_pounds, seen_of
from paysim.payment.terms.seen import Flow, Paid


def balances(flows):
    """What each organisation has after all flows, in pence."""
    found = {}
    for flow in flows:
        amount = int(flow.pence.sum())
        found[flow.payer] = found.get(flow.payer, 0) - amount
        found[flow.payee] = found.get(flow.payee, 0) + amount
    return found


def shares(count):
    """Shares of so many parties that sum to 1, in thousandths."""
    cuts = st.lists(st.integers(0, 1000), min_size=count - 1, max_size=count - 1).map(sorted)
    return cuts.map(lambda ends: [(b - a) / 1000 for a, b in zip([0, *ends], [*ends, 1000], strict=True)])


# Published figures and figures worked out by hand


def test_the_dividend_on_100m_and_110m_is_3_675m():
    [flow] = pay(CapitalCharge("dividend", 100_000_000_00, (110_000_000_00,)), seen_of())
    assert in_pounds(flow) == 3_675_000.0
    assert np.flatnonzero(flow.pence).tolist() == [5, 11]
    assert flow.pence[5] == flow.pence[11]


def test_a_year_opens_with_the_assets_that_the_year_before_closed_with():
    term = CapitalCharge("dividend", 100_00, (300_00, 500_00), rate=0.1)
    [flow] = pay(term, seen_of(months=36))
    assert [pence.sum() for pence in np.split(flow.pence, 3)] == [20_00, 40_00, 50_00]


def test_no_dividend_on_net_liabilities():
    [flow] = pay(CapitalCharge("dividend", 100_00, (-100_01,)), seen_of())
    assert not flow.pence.any()


HACKNEY = {PAYER: 335_000_000_00, "hackney": 111_000_000_00, "city": 6_000_000_00}
HACKNEY_SHARES = {PAYER: 0.75, "hackney": 0.23, "city": 0.02}


@pytest.mark.parametrize(("spent", "balance"), [(450_000_000.0, 2_000_000.0), (462_000_000.0, -10_000_000.0)])
def test_a_pool_of_the_size_of_hackneys(spent, balance):
    term = PooledBudget("pool", HACKNEY, ("services",), HACKNEY_SHARES)
    *paid_in, one, two, three, a, b, c = pay(term, seen_of(paid_on={"services.block": spent}))
    assert [in_pounds(flow) for flow in paid_in] == [335_000_000.0, 111_000_000.0, 6_000_000.0]
    back = [in_pounds(one) + in_pounds(a), in_pounds(two) + in_pounds(b), in_pounds(three) + in_pounds(c)]
    assert back == [0.75 * balance, 0.23 * balance, 0.02 * balance]
    assert {flow.due for flow in (one, a)} == {3}


def test_the_host_keeps_its_own_contribution_and_share():
    term = PooledBudget("pool", {PAYEE: 60_00, PAYER: 40_00}, ("services",), {PAYEE: 0.5, PAYER: 0.5})
    flows = pay(term, seen_of(paid_on={"services.block": 90.0}))
    assert [(flow.payer, flow.payee, in_pounds(flow)) for flow in flows] == [
        (PAYER, PAYEE, 40.0),
        (PAYEE, PAYER, 5.0),
        (PAYEE, PAYER, 0.0),
    ]


def test_funding_is_kept_as_far_as_it_is_matched():
    term = RingFencedFunding("fund", (100_000_00,), ("provider_service",), baseline=20_000_00, share_of_spending=0.5)
    on_account, back = pay(term, seen_of(costs={PAYEE: 180_000.0}))
    assert (in_pounds(on_account), in_pounds(back)) == (100_000.0, 20_000.0)
    assert (back.payer, back.payee, back.due) == (PAYEE, PAYER, 3)


def test_money_that_is_settled_later_is_passed_on_later():
    seen = seen_of(received={"lead.heads": 100.0, "lead.gain": 10.0})
    heads, gain = seen.paid
    seen = replace(seen, paid=(heads, replace(gain, flow=replace(gain.flow, due=6))))
    flows = pay(PassedOn("on", ("lead",), 0.5), seen)
    assert [(in_pounds(flow), flow.due) for flow in flows] == [(50.0, 0), (5.0, 6)]


# Laws


def chain(annual, *links):
    """All flows of a chain: the funder pays the first organisation a block, each link passes it on to another."""
    seen, paid = seen_of(), []
    links = [("nation", FUNDER, "tier_0", Block("block", annual)), *links]
    for name, payer, payee, term in links:
        contract = Contract(name, payer, payee, Scope((), ("town",)), (term,))
        flows = pay(term, replace(seen, contract=contract, paid=tuple(paid)))
        paid.extend(Paid(name, term.id, flow) for flow in flows)
    return [each.flow for each in paid]


@given(st.integers(0, 10**15), st.lists(st.integers(0, 1000), min_size=1, max_size=6))
def test_a_chain_of_any_length_is_exact_at_every_tier(annual, thousandths):
    links = [
        (
            f"link_{n}",
            f"tier_{n}",
            f"tier_{n + 1}",
            PassedOn("on", ("nation" if n == 0 else f"link_{n - 1}",), each / 1000),
        )
        for n, each in enumerate(thousandths)
    ]
    flows = chain(annual, *links)
    held = balances(flows)
    assert sum(held.values()) == 0
    arriving = annual
    for tier, each in enumerate(thousandths):
        passed = int(Fraction(arriving * each, 1000) + Fraction(1, 2))
        assert held[f"tier_{tier}"] == arriving - passed >= 0
        arriving = passed
    assert held[f"tier_{len(thousandths)}"] == arriving


@given(st.integers(0, 10**12), st.lists(st.integers(0, 300), min_size=3, max_size=3))
def test_the_rest_after_others_leaves_a_lead_nothing(annual, thousandths):
    names = [f"part_{n}" for n in range(3)]
    links = [
        (name, "tier_0", name, PassedOn("on", ("nation",), each / 1000))
        for name, each in zip(names, thousandths, strict=True)
    ]
    flows = chain(annual, *links, ("rest", "tier_0", "last", PassedOn("on", ("nation",), 1.0, tuple(names))))
    assert balances(flows)["tier_0"] == 0
    for month in range(12):
        assert (
            sum(int(flow.pence[month]) * ((flow.payee == "tier_0") - (flow.payer == "tier_0")) for flow in flows) == 0
        )


@given(st.lists(st.integers(-(10**9), 10**9), min_size=14, max_size=14), shares(4))
def test_an_alliance_divides_every_penny_of_every_month(months, parts):
    flow = Flow(FUNDER, PAYER, np.array(months, dtype=np.int64))
    seen = replace(seen_of(months=14), paid=(Paid("budget", "block", flow),))
    members = dict(zip(("a", "b", "c", "d"), parts, strict=True))
    flows = pay(DividedAmong("alliance", ("budget",), members), seen)
    assert np.array_equal(sum(each.pence for each in flows), flow.pence)
    for each, part in zip(flows, parts, strict=True):
        assert abs(int(each.pence[:12].sum()) - Fraction(repr(part)) * sum(months[:12])) <= 1


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12), shares(3), shares(3))
def test_a_pool_conserves_money_and_leaves_its_host_nothing(one, two, spent, under, over):
    names = (PAYER, "council", "trust")
    term = PooledBudget(
        "pool",
        {PAYER: one, "council": two, "trust": 0},
        ("services",),
        dict(zip(names, under, strict=True)),
        dict(zip(names, over, strict=True)),
    )
    seen = seen_of(paid_on={"services.block": spent / 100})
    flows = [*(paid.flow for paid in seen.paid), *pay(term, seen)]
    held = balances(flows)
    assert sum(held.values()) == 0
    assert held[PAYEE] == 0


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 100), st.integers(1, 20))
def test_ring_fenced_funding_rises_with_spending_and_never_above_the_fund(fund, some, more, percent, months):
    term = RingFencedFunding("fund", (fund,), ("provider_service",), share_of_spending=percent / 100)
    kept = [
        balances(pay(term, seen_of(costs={PAYEE: spent / 100}, months=months))).get(PAYEE, 0)
        for spent in (some, some + more)
    ]
    assert 0 <= kept[0] <= kept[1] <= Fraction(fund * months, 12) + 1
    assert kept[0] <= Fraction(some * percent, 100) * len(range(0, months, 12)) + 2


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(1, 36))
def test_a_capital_charge_is_homogeneous_in_assets_and_counts_months(opening, closing, months):
    def charge(factor, over):
        term = CapitalCharge("dividend", opening * factor, (closing * factor,))
        return int(pay(term, seen_of(months=over))[0].pence.sum())

    assert abs(charge(3, months) - 3 * charge(1, months)) <= 6
    assert charge(1, months) <= charge(1, 36)


# Parameters that contradict each other


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (PooledBudget("x", {"a": -1}, ("y",), {"a": 1.0}), "a contribution of -0.01 pounds"),
        (PooledBudget("x", {"a": 1}, (), {"a": 1.0}), "nothing that the pool pays"),
        (PooledBudget("x", {"a": 1}, ("y",), {"b": 1.0}), "a share of b"),
        (PooledBudget("x", {"a": 1, "b": 1}, ("y",), {"a": 0.5, "b": 0.4}), "shares that sum to 0.9"),
        (PooledBudget("x", {"a": 1}, ("y",), {"a": 1.0}, {"a": 0.99}), "shares that sum to 0.99"),
        (PassedOn("x", (), 0.5), "nothing that was received"),
        (DividedAmong("x", (), {"a": 0.5}), "nothing that was received"),
        (PooledBudget("x", {"a": 1}, ("y",), {"a": 0.9999999}), "shares that sum to 0.9999999"),
        (DividedAmong("x", ("y",), {"a": 0.6, "b": 0.5}), "shares that sum to 1.1"),
        (DividedAmong("x", ("y",), {"a": 0.5, "b": 0.5000001}), "shares that sum to 1.0000001"),
        (RingFencedFunding("x", (1,)), "nothing that counts as spending"),
        (RingFencedFunding("x", (1,), ("beds",), share_of_spending=0.0), "a share_of_spending of 0"),
        (RingFencedFunding("x", (5, -1), ("beds",)), "-0.01 pounds"),
        (RingFencedFunding("x", (5,), ("beds",), baseline=-1), "-0.01 pounds"),
    ],
)
def test_contradictions_are_found(term, found):
    found_in_words, expected = term.problem()
    assert found_in_words.startswith("found ")
    assert found in found_in_words
    assert expected.startswith("expected ")


def test_terms_without_contradictions_have_no_problem():
    pool = PooledBudget("x", {"a": 1, "b": 0, "c": 2}, ("y",), {"a": 0.1, "b": 0.2, "c": 0.7}, {"a": 1.0})
    for term in [
        pool,
        PassedOn("x", ("y",), 1.0),
        DividedAmong("x", ("y",), {"a": 0.1, "b": 0.2, "c": 0.7}),
        RingFencedFunding("x", (1,), spent_under=("y",)),
        CapitalCharge("x", 1, (-1,)),
    ]:
        assert term.problem() is None
    assert set(pool.parties()) == {"a", "b", "c"}
    assert PassedOn("x", ("y",), 1.0, ("z.block",)).needs() == ("y", "z.block")
