"""Payments of budget-neutral amounts are not told as certain."""

import math

import pytest

from paysim.report import wording
from paysim.report.records import yearly_flows


def ends(comparison, arrangement):
    return {(f.payer, f.payee): f.amount for f in yearly_flows(comparison) if f.arrangement == arrangement}


def test_a_payment_of_a_budget_neutral_amount_has_no_interval_of_width_zero(comparison):
    block = ends(comparison, "block")
    assert math.isnan(block["ccg_bd", "bhrut"].low)
    assert block["ccg_bd", "bhrut"].mean > 0
    assert block["ccg_havering", "bhrut"].low == pytest.approx(block["ccg_havering", "bhrut"].mean)
    assert not math.isnan(ends(comparison, "activity")["ccg_bd", "bhrut"].low)


def test_the_table_of_payments_says_where_to_find_how_sure_they_are(comparison, other):
    assert "Payments that hold budget-neutral amounts have none here" in wording.payments_note(comparison)
    assert wording.payments_note(other(replications=1)) == "A single replication gives no interval."
