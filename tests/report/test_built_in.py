"""Payers are said to pay the same by sums that were set so only where all that they pay is set or kept so."""

from dataclasses import replace

import pytest

from paysim.model.contract import Contract, Scope
from paysim.model.terms import Block, BudgetNeutral
from paysim.report.answer import answer

ALL, SOME = Scope(("wards", "ed"), ("bd",)), Scope(("ed",), ("bd",))
NEUTRAL, OTHER = Block("sum", BudgetNeutral("activity")), Block("sum", 1_00)
KEPT = Contract("kept", "ccg_bd", "nelft", Scope(("crisis",), ("bd",)), (Block("sum", 5_00),))


def told(comparison, capitation, activity=()):
    """What is said of capitation against the tariff, under which the commissioner pays two services."""
    wards = Contract("wards", "ccg_bd", "bhrut", replace(ALL, services=("wards",)), (Block("sum", 3_00),))
    ed = Contract("ed", "ccg_bd", "bhrut", SOME, (Block("sum", 4_00),))
    arrangements = dict(comparison.system.arrangements)
    for id, contracts in (("activity", (wards, ed, *activity)), ("capitation", capitation)):
        arrangements[id] = replace(arrangements[id], contracts=tuple(contracts))
    settings = replace(comparison.settings, arrangements=("activity", "capitation"))
    system = replace(comparison.system, arrangements=arrangements)
    return answer(replace(comparison, system=system, settings=settings))[-1].sentences[0]


def paid(term, scope=ALL, payer="ccg_bd"):
    return Contract(f"new_{payer}_{len(scope.services)}", payer, "nelft", scope, (term,))


def test_what_changes_is_also_how_the_money_is_divided(comparison):
    sentence = told(comparison, [paid(NEUTRAL)])
    assert "payers expect to pay the same" in sentence
    assert "how the money is divided and who bears the risk" in sentence


def test_a_contract_that_is_kept_changes_nothing(comparison):
    kept = replace(KEPT, id="written_anew")
    assert "payers expect to pay the same" in told(comparison, [paid(NEUTRAL), kept], activity=[KEPT])


@pytest.mark.parametrize(
    "contracts",
    [
        [paid(NEUTRAL, SOME)],
        [paid(NEUTRAL, SOME), paid(OTHER, replace(ALL, services=("wards",)))],
        [paid(NEUTRAL), KEPT],
    ],
    ids=["less is paid for", "another sum is stated", "more is paid for"],
)
def test_one_neutral_sum_among_others_is_no_reason(comparison, contracts):
    assert "expect to pay the same" not in told(comparison, contracts)


def test_a_payer_that_is_new_does_not_pay_the_same(comparison):
    sentence = told(comparison, [paid(NEUTRAL, payer="ccg_havering")])
    assert "to pay the same" not in sentence


def test_payers_are_named_where_only_some_pay_the_same(comparison):
    of_another = replace(KEPT, payer="ccg_havering")
    sentence = told(comparison, [paid(NEUTRAL)], activity=[of_another])
    assert sentence.startswith("Sums were set so that NHS Barking & Dagenham CCG expects to pay the same")
    assert "who bears the risk" not in sentence
