"""Block and capitation: annual sums in twelfths, whatever the activity."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import half_up
from town import Row, activity, arrangement, by_commissioner, contract, scope, tariff, town

from paysim.model.errors import InputError
from paysim.model.terms import Block, BudgetNeutral, Capitation
from paysim.payment.settlement import settle
from paysim.payment.terms.capitation import weighted_heads

SYSTEM = town()
NOTHING = activity(SYSTEM, [])


def weights(young, old, vale):
    table = np.zeros((2, 20))
    table[0, 0], table[0, 10], table[1, 4] = young, old, vale
    return table


def paid(term, system=SYSTEM, years=1, places=("hill", "vale")):
    one = arrangement("one", contract("hill_ccg", "hospital", term, scope=scope("hospital", places=places)))
    return settle(activity(system, [], years=years), one).amount_pence


@given(st.integers(0, 10**13), st.integers(1, 4))
def test_twelfths_add_up_every_year(annual, years):
    amounts = paid(Block("block", annual), years=years).reshape(years, 12)
    assert amounts.sum(axis=1).tolist() == [annual] * years
    assert amounts.max() - amounts.min() <= 1


def test_capitation_counts_the_weighted_residents_of_the_contracts_places():
    term = Capitation("heads", 150_00, weights(0.9, 2.4, 0.8))
    assert weighted_heads(SYSTEM.population, term.weights, scope(places=("hill",))) == 690
    assert weighted_heads(SYSTEM.population, term.weights, scope()) == 1_010
    assert weighted_heads(SYSTEM.population, None, scope(places=("vale",))) == 400
    assert paid(term, places=("hill",)).sum() == 690 * 150_00


@given(st.integers(0, 10**8), st.decimals("0.1", "5", places=3), st.decimals("0.1", "5", places=3))
def test_capitation_rounds_the_annual_sum_once(per_head, young, old):
    term = Capitation("heads", per_head, weights(float(young), float(old), 1.0))
    exact = per_head * (500 * Fraction(young) + 100 * Fraction(old))
    assert paid(term, places=("hill",)).sum() == half_up(exact)


def test_terms_of_a_contract_add_up():
    rows = [Row("consultation", "surgery", 3.0, 0.5)]
    ledger = settle(activity(SYSTEM, rows), by_commissioner(Block("block", 1200_00), tariff()))
    practice = ledger.to_frame().query("payee == 'practice' and period == '2017-04' and payer == 'hill_ccg'")
    assert practice.set_index("term")["amount_pence"].to_dict() == {"block": 100_00, "tariff": 37_00}


@pytest.mark.parametrize(
    "term", [Block("sum", BudgetNeutral("activity")), Capitation("sum", BudgetNeutral("activity"), None)]
)
def test_an_amount_that_is_still_to_be_set_is_refused(term):
    with pytest.raises(
        InputError, match=r"term sum: found an amount that is neutral to arrangement activity.*set first"
    ):
        settle(NOTHING, by_commissioner(term))
