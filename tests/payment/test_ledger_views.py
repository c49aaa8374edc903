"""The ledger by month of cash and by organisation, and what payers can afford, on ledgers made at random."""

import random

import numpy as np
import pytest

from paysim.model.calendar import period_labels
from paysim.payment.accounts import accounts
from paysim.payment.costs import Costs
from paysim.payment.ledger import Ledger

ORGANISATIONS = ("funder", "commissioner", "lead", "hospital", "idle")
LINKS = (("funder", "commissioner"), ("commissioner", "lead"), ("lead", "hospital"), ("commissioner", "hospital"))


def random_ledger(seed, periods):
    """Flows of several contracts and terms, up and down a chain, paid up to six months late."""
    from datetime import date

    draw = random.Random(seed)
    flows = [(*link, f"c{n}", term) for n, link in enumerate(LINKS) for term in ("block", "cquin")]
    rows = [
        (period, *flow, draw.randrange(-(10**9), 10**11), period + draw.choice([0, 0, 1, 6]))
        for flow in flows
        for period in range(periods)
    ]
    period, payer, payee, contract, term, pence, due = zip(*rows, strict=True)
    return Ledger(
        "random",
        ORGANISATIONS,
        period_labels(date(2017, 4, 1), periods),
        np.array(period, dtype=np.int16),
        np.array(payer),
        np.array(payee),
        np.array(contract),
        np.array(term),
        np.array(pence, dtype=np.int64),
        np.array(due, dtype=np.int16),
    )


CASES = [random_ledger(seed, periods) for seed, periods in enumerate([1, 7, 12, 13, 24, 30])]


@pytest.mark.parametrize("ledger", CASES)
def test_cash_sums_to_zero_in_every_month_and_to_the_balance_over_all(ledger):
    cash = ledger.cash()
    assert cash.shape == (5, max(len(ledger.periods), ledger.due.max() + 1))
    assert cash.dtype == np.int64
    assert cash.sum(axis=0).tolist() == [0] * cash.shape[1]
    assert cash.sum(axis=1).tolist() == ledger.balance().sum(axis=1).tolist()


@pytest.mark.parametrize("ledger", CASES)
def test_cash_is_what_moves_in_each_month(ledger):
    expected = np.zeros_like(ledger.cash())
    for due, payer, payee, pence in zip(ledger.due, ledger.payer, ledger.payee, ledger.amount_pence, strict=True):
        expected[ORGANISATIONS.index(payee), due] += pence
        expected[ORGANISATIONS.index(payer), due] -= pence
    assert ledger.cash().tolist() == expected.tolist()


def test_months_go_on_after_the_last_period():
    ledger = CASES[2]
    assert ledger.due.max() > 11
    assert ledger.months()[:13] == (*ledger.periods, "2018-04")
    assert len(ledger.months()) == ledger.cash().shape[1]


def test_without_flows_cash_has_the_periods():
    ledger = CASES[1]
    nothing = Ledger(
        "none", ORGANISATIONS, ledger.periods, *(getattr(ledger, name)[:0] for name in (
            "period", "payer", "payee", "contract", "term", "amount_pence", "due"))
    )  # fmt: skip
    assert nothing.cash().tolist() == np.zeros((5, 7), dtype=np.int64).tolist()
    assert len(nothing.by_organisation()) == 0


@pytest.mark.parametrize("ledger", CASES)
def test_entries_sum_to_zero_by_period_contract_and_term_and_by_month_due(ledger):
    table = ledger.by_organisation()
    assert list(table) == [
        "period",
        "due",
        "organisation",
        "contract",
        "term",
        "received_pence",
        "paid_pence",
        "net_pence",
    ]
    assert len(table) == 2 * len(ledger)
    assert (table.groupby(["period", "contract", "term"])["net_pence"].sum() == 0).all()
    assert (table.groupby("due")["net_pence"].sum() == 0).all()
    assert table["received_pence"].sum() == table["paid_pence"].sum() == ledger.total()
    by_month = table.groupby(["organisation", "period"])["net_pence"].sum()
    for number, organisation in enumerate(ORGANISATIONS[:4]):
        assert [by_month[organisation, period] for period in ledger.periods] == ledger.balance()[number].tolist()
    cash = table.groupby(["organisation", "due"])["net_pence"].sum().unstack(fill_value=0)
    for due in cash.columns:
        assert (
            cash[due].reindex(ORGANISATIONS, fill_value=0).tolist()
            == ledger.cash()[:, ledger.months().index(due)].tolist()
        )
    assert "idle" not in set(table["organisation"])


@pytest.mark.parametrize("ledger", CASES)
def test_what_payers_spend_against_what_they_get_by_year(ledger):
    periods = len(ledger.periods)
    cost = Costs(("wards", "clinic"), ("hospital", "lead"), np.arange(2 * periods, dtype=np.int64).reshape(periods, 2))
    books = accounts(ledger, cost)
    table = books.affordability()
    years = ["2017-18", "2018-19", "2019-20"][: -(-periods // 12)]
    assert table["year"].unique().tolist() == years
    assert set(table["organisation"]) == {"funder", "commissioner", "lead"}
    assert (table["left_pence"] == table["received_pence"] - table["paid_pence"] - table["cost_pence"]).all()
    assert table["paid_pence"].sum() == ledger.total()
    kept = table.groupby("organisation")["left_pence"].sum()
    for organisation in ("funder", "commissioner", "lead"):
        assert kept[organisation] == books.surplus_pence[ORGANISATIONS.index(organisation)].sum()
    # What payers have left and the hospital's income, before its cost, sum to minus the cost of the payers' services.
    hospital = ledger.received()[ORGANISATIONS.index("hospital")].sum()
    assert kept.sum() + hospital == -table["cost_pence"].sum()
    first = table[(table["year"] == years[0]) & (table["organisation"] == "lead")].iloc[0]
    assert first["received_pence"] == ledger.received()[2, :12].sum()
    assert first["cost_pence"] == cost.pence[:12, 1].sum()
