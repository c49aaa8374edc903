from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from town import NATIONAL, PLACES, Row, activity, arrangement, by_commissioner, contract, scope, tariff, town

from paysim.model.contract import Scope
from paysim.model.errors import InputError
from paysim.model.terms import Block, BudgetNeutral, Capitation
from paysim.model.terms.blended import Blended
from paysim.model.terms.heads import StopLossBand, StopLossForOutliers
from paysim.payment.neutral import net_payments, set_neutral
from paysim.payment.settlement import settle

SYSTEM = town()
REFERENCE = by_commissioner(tariff(market_forces_factor=False))
NEUTRAL = BudgetNeutral("activity")
EVERYTHING = ("practice", "hospital", "infirmary")


def ledger(consultations_in_hill, spells_in_vale, years=1):
    """Return the reference ledger of a replication: consultations at 37 pounds, spells at the hospital at 861."""
    rows = [Row("consultation", "surgery", 5.0, 0.5, episode=n) for n in range(consultations_in_hill)]
    rows += [
        Row("ward", "medicine", 50.0, 3.0, episode=1_000 + n, resident=999, code="LA04S") for n in range(spells_in_vale)
    ]
    return settle(activity(SYSTEM, rows, years=years), REFERENCE)


LEDGERS = [ledger(10, 1), ledger(12, 4), ledger(17, 1)]


def neutral(one):
    return set_neutral(one, REFERENCE, LEDGERS, SYSTEM.population)


def test_amounts_are_a_year_of_the_replications_mean():
    two_years = [ledger(10, 1, years=2), ledger(13, 2, years=2)]
    block = by_commissioner(Block("block", NEUTRAL), id="block")
    _, amounts = set_neutral(block, REFERENCE, two_years, SYSTEM.population)
    by_contract = {amount.contract: amount.by_replication_pence for amount in amounts}
    assert by_contract["hill_ccg:practice"] == (185_00, 240_50)
    assert by_contract["vale_ccg:hospital"] == (430_50, 861_00)
    assert by_contract["hill_ccg:infirmary"] == (0, 0)


def test_what_the_payer_is_paid_back_counts_against_what_it_pays():
    stop_loss = StopLossForOutliers("cover", NATIONAL, (StopLossBand(1_000_000_00, 1.0),), charge_per_head=1_00)
    reference = by_commissioner(tariff(market_forces_factor=False), stop_loss)
    rows = [Row("consultation", "surgery", 5.0, 0.5, episode=n) for n in range(100)]
    ledgers = [settle(activity(SYSTEM, rows), reference)]
    block, _ = set_neutral(by_commissioner(Block("block", NEUTRAL), id="block"), reference, ledgers, SYSTEM.population)
    sums = {c.id: c.terms[0].annual for c in block.contracts}
    assert sums["hill_ccg:practice"] == 3_700_00 - 600_00
    assert sums["vale_ccg:practice"] == -400_00
    assert (settle(activity(SYSTEM, []), block).balance().sum(axis=1) == ledgers[0].balance().sum(axis=1)).all()


def test_a_neutral_amount_for_some_months_pays_what_the_reference_pays_in_them():
    def first_year(one):
        scopes = (replace(c, scope=replace(c.scope, periods=(0, 12))) for c in one.contracts)
        return replace(one, contracts=tuple(scopes))

    reference = first_year(REFERENCE)
    rows = [Row("consultation", "surgery", 5.0, 0.5, episode=n) for n in range(100)]
    ledgers = [settle(activity(SYSTEM, rows, years=2), reference)]
    block = first_year(by_commissioner(Block("block", NEUTRAL), id="block"))
    block, _ = set_neutral(block, reference, ledgers, SYSTEM.population)
    assert settle(activity(SYSTEM, [], years=2), block).total() == ledgers[0].total() == 3_700_00


@pytest.mark.parametrize("periods", [None, (6, 30)])
@pytest.mark.parametrize("growth", [(0.1,), (0.1, -0.05), (0.0, -1.0), (-0.5, 2.0, 0.25)])
@pytest.mark.parametrize("of", ["place", "head", "plan"])
def test_with_its_growth_a_neutral_amount_pays_over_the_run_what_the_reference_pays(of, growth, periods):
    term = {
        "place": Block("term", NEUTRAL, growth),
        "head": Capitation("term", NEUTRAL, growth=growth),
        "plan": Blended("term", NEUTRAL, NATIONAL, growth=growth, variable_rate=0.0),
    }[of]

    def in_scope(one):
        return replace(one, contracts=tuple(replace(c, scope=replace(c.scope, periods=periods)) for c in one.contracts))

    reference = in_scope(REFERENCE)
    inside = [day for day in range(200, 900, 7) if periods or day < 400]
    rows = [Row("consultation", "surgery", float(day), 0.5, episode=day) for day in inside]
    ledgers = [settle(activity(SYSTEM, rows, years=3), reference)]
    grown, _ = set_neutral(in_scope(by_commissioner(term, id="grown")), reference, ledgers, SYSTEM.population)
    paid = settle(activity(SYSTEM, [], years=3), grown).total()
    # Half a penny a head and year, and the blend values no activity.
    assert paid == pytest.approx(ledgers[0].total(), abs=600 * 3 if of == "head" else 9)


def test_a_block_is_what_its_payer_pays_in_the_reference_on_average():
    block, amounts = neutral(by_commissioner(Block("block", NEUTRAL), id="block"))
    sums = {c.id: c.terms[0].annual for c in block.contracts}
    assert sums == {
        "hill_ccg:practice": 13 * 37_00,
        "hill_ccg:hospital": 0,
        "hill_ccg:infirmary": 0,
        "vale_ccg:practice": 0,
        "vale_ccg:hospital": 2 * 861_00,
        "vale_ccg:infirmary": 0,
    }
    practice = amounts[0]
    assert (practice.arrangement, practice.contract, practice.term) == ("block", "hill_ccg:practice", "block")
    assert (practice.annual_pence, practice.per_head_pence, practice.replications) == (13 * 37_00, None, 3)
    assert practice.standard_error_pence == pytest.approx(np.std([10, 12, 17], ddof=1) * 37_00 / sqrt(3))


def test_a_neutral_arrangement_pays_what_the_reference_pays_on_average():
    block, _ = neutral(by_commissioner(Block("block", NEUTRAL), id="block"))
    paid = settle(activity(SYSTEM, []), block).total()
    assert paid * len(LEDGERS) == sum(reference.total() for reference in LEDGERS)


def test_capitation_is_a_sum_per_weighted_head_of_the_places_paid_for():
    lead = arrangement(
        "capitation",
        *(
            contract(ccg, "hospital", Capitation("heads", NEUTRAL, None), scope=scope(*EVERYTHING, places=(place,)))
            for ccg, place in (("hill_ccg", "hill"), ("vale_ccg", "vale"))
        ),
    )
    set_, amounts = neutral(lead)
    # 13 x 37.00 over 600 heads is 0.8017 a head, 2 x 861.00 over 400 is 4.305.
    assert [c.terms[0].annual_per_head for c in set_.contracts] == [80, 4_31]
    assert [amount.per_head_pence for amount in amounts] == [80, 4_31]
    assert [amount.annual_pence for amount in amounts] == [13 * 37_00, 2 * 861_00]


def test_a_lead_provider_pays_what_anyone_pays_its_subcontractor_in_the_reference():
    lead = arrangement(
        "capitation",
        contract("hill_ccg", "infirmary", Block("all", NEUTRAL), scope=scope(*EVERYTHING, places=("hill",))),
        contract("infirmary", "practice", Block("sub", NEUTRAL), scope=scope("practice")),
        contract("infirmary", "hospital", Block("sub", NEUTRAL), scope=scope("hospital")),
    )
    set_, amounts = neutral(lead)
    assert [c.terms[0].annual for c in set_.contracts] == [13 * 37_00, 13 * 37_00, 2 * 861_00]
    assert len(amounts) == 3


def test_a_new_payer_pays_a_lead_provider_what_everybody_is_paid_in_the_reference():
    """The payee's own services are a part of what it is paid for."""
    lead = arrangement("capitation", contract(NATIONAL, "hospital", Block("all", NEUTRAL), scope=scope(*EVERYTHING)))
    (amount,) = neutral(lead)[1]
    assert amount.annual_pence == 13 * 37_00 + 2 * 861_00


def test_what_a_lead_provider_of_the_reference_pays_on_counts_once():
    reference = arrangement(
        "activity",
        contract("hill_ccg", "hospital", Block("lead", 100_00), scope=scope(*EVERYTHING)),
        contract("hospital", "practice", Block("sub", 30_00), scope=scope("practice")),
    )
    ledgers = [settle(activity(SYSTEM, []), reference)]
    new = arrangement("new", contract(NATIONAL, "infirmary", Block("all", NEUTRAL), scope=scope(*EVERYTHING)))
    _, (amount,) = set_neutral(new, reference, ledgers, SYSTEM.population)
    assert amount.annual_pence == 100_00


def test_amounts_that_are_given_or_neutral_to_another_arrangement_stay():
    mixed = arrangement(
        "mixed",
        contract("hill_ccg", "practice", Block("a", 5), scope=scope("practice", places=("hill",))),
        contract("hill_ccg", "hospital", Block("b", BudgetNeutral("other")), scope=scope("hospital", places=("hill",))),
        contract("vale_ccg", "hospital", tariff(), scope=scope("hospital", places=("vale",))),
    )
    set_, amounts = neutral(mixed)
    assert set_.contracts == mixed.contracts
    assert amounts == ()


def test_one_replication_has_no_standard_error():
    block = by_commissioner(Block("block", NEUTRAL), id="block")
    _, amounts = set_neutral(block, REFERENCE, LEDGERS[:1], SYSTEM.population)
    assert {amount.standard_error_pence for amount in amounts} == {None}


class TestRefused:
    def test_a_scope_that_cuts_through_a_contract_of_the_reference(self):
        cut = arrangement(
            "cut", contract("hill_ccg", "hospital", Block("a", NEUTRAL), scope=Scope(("medicine",), ("hill",)))
        )
        with pytest.raises(
            InputError, match=r"arrangement.cut.contract.hill_ccg:hospital.* only partly within its scope"
        ):
            neutral(cut)

    @pytest.mark.parametrize(("payer", "found"), [("hill_ccg", "hill_ccg pays nothing"), ("infirmary", "nobody pays")])
    def test_a_scope_that_the_reference_does_not_pay_for(self, payer, found):
        elsewhere = Scope(("medicine", "surgical"), ("vale",))
        in_hill = replace(REFERENCE, contracts=tuple(c for c in REFERENCE.contracts if c.payer == "hill_ccg"))
        one = arrangement("none", contract(payer, "practice", Block("a", NEUTRAL), scope=elsewhere))
        with pytest.raises(InputError, match=f"{found}.*expected a scope that the reference pays for"):
            set_neutral(one, in_hill, LEDGERS, SYSTEM.population)

    def test_a_neutral_amount_beside_another_term(self):
        with pytest.raises(InputError, match="expected it to be the contract's only term"):
            neutral(by_commissioner(Block("a", NEUTRAL), tariff(), id="blended"))

    def test_growth_that_leaves_nothing(self):
        with pytest.raises(InputError, match=r"hill_ccg:practice.* found growth that leaves nothing"):
            neutral(by_commissioner(Block("a", NEUTRAL, (-1.0,)), id="gone"))

    def test_capitation_for_nobody(self):
        nobody = Capitation("heads", NEUTRAL, np.zeros((2, 20)))
        with pytest.raises(InputError, match="no weighted heads"):
            neutral(arrangement("x", contract("hill_ccg", "practice", nobody, scope=scope("practice", places=PLACES))))

    @pytest.mark.parametrize("ledgers", [[], [LEDGERS[0], ledger(1, 1, years=2)]])
    def test_ledgers_that_do_not_go_together(self, ledgers):
        with pytest.raises(InputError, match="expected one a replication"):
            net_payments(ledgers)
