"""Payments that do not follow prices keep to their contract's scope: its residents and its months."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from town import Row, activity, arrangement, contract, scope, town

from paysim.model.contract import Scope
from paysim.model.terms import Block, Capitation
from paysim.model.terms.heads import GlobalSum, SubCapitation, WholePopulationAnnualPayment
from paysim.model.terms.purses import CapitalCharge, PassedOn
from paysim.model.terms.shared import EpisodeBundle
from paysim.payment.settlement import settle
from paysim.payment.terms.capitation import weighted_heads

SYSTEM = town()
ALL = scope("practice", "hospital", "infirmary")
OLD = np.zeros((2, 20))
OLD[:, 10:] = 1.0
HEADS = [Capitation("heads", 1_00), GlobalSum("heads", (1_00,)), SubCapitation("heads", 1_00)]
ANNUAL = [
    *HEADS,
    Block("block", 1_000_01, (0.0, 0.03)),
    WholePopulationAnnualPayment("heads", 1_33),
    CapitalCharge("charge", 1_000_00, (3_000_00, 1_00)),
]
CONSULTED = Row("consultation", "surgery", 5.0, 0.5)


def paid(term, covered, rows=(CONSULTED,), years=1):
    """Return what a term pays by period, with another contract that covers what is left."""
    whole = arrangement(
        "one",
        contract("hill_ccg", "hospital", term, scope=covered),
        contract("vale_ccg", "hospital", Block("rest", 0), scope=ALL),
    )
    ledger = settle(activity(SYSTEM, rows, years=years), whole)
    return ledger.amount_pence[ledger.term == term.id].reshape(-1, 12 * years).sum(axis=0)


@pytest.mark.parametrize("term", HEADS, ids=lambda term: term.KIND)
def test_only_the_residents_in_scope_are_paid_for(term):
    assert paid(term, replace(ALL, residents=OLD)).sum() == 100_00
    assert paid(term, replace(ALL, residents=1 - OLD)).sum() == 900_00
    assert paid(term, ALL).sum() == 1_000_00


def test_weights_count_of_residents_in_scope():
    weights = np.full((2, 20), 0.9)
    weights[:, 10:] = 1.1
    population = SYSTEM.population
    assert weighted_heads(population, weights, replace(ALL, residents=OLD)) == 110
    assert weighted_heads(population, weights, replace(ALL, places=("vale",))) == 360
    assert weighted_heads(population, weights, ALL) == Fraction(9, 10) * 900 + 110


def test_only_episodes_of_residents_in_scope_are_bundled():
    rows = [Row("consultation", "surgery", 5.0, 0.5, episode=each, resident=each) for each in (0, 1, 550)]
    bundle = EpisodeBundle(
        "bundle", spending_organisations=("infirmary",), pathways=("care",), target_price=(10_00,), discount=(0.0,)
    )
    assert paid(bundle, replace(ALL, residents=OLD), rows).sum() == 10_00
    assert paid(bundle, ALL, rows).sum() == 30_00


@pytest.mark.parametrize("term", ANNUAL, ids=lambda term: term.KIND)
@pytest.mark.parametrize("cut", [5, 12, 17])
def test_contracts_for_some_months_each_pay_what_one_for_all_pays(term, cut):
    early, late = (paid(term, replace(ALL, periods=each), years=2) for each in ((0, cut), (cut, 240)))
    assert early[:cut].any()
    assert late[cut:].any()
    assert not early[cut:].any()
    assert not late[:cut].any()
    whole = paid(term, ALL, years=2)
    if term.KIND == "capital_charge":
        assert early.sum() + late.sum() == whole.sum()
    else:
        assert (early + late).tolist() == whole.tolist()


def test_a_contract_for_some_months_passes_on_what_comes_in_then():
    grant = contract("hill_ccg", "practice", Block("grant", 1_234_57), scope=ALL)
    for covered, expected in (((0, 12), 1_234_57), ((3, 5), 205_76), ((12, 24), 0)):
        on = contract("practice", "hospital", PassedOn("on", ("hill_ccg:practice",), 1.0), scope=Scope((), ALL.places))
        on = replace(on, scope=replace(on.scope, periods=covered))
        ledger = settle(activity(SYSTEM, [CONSULTED]), arrangement("one", grant, on))
        assert abs(int(ledger.amount_pence[ledger.term == "on"].sum()) - expected) <= 1
