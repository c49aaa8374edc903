"""Of contracts that are written once for several places, those that share a place with a contract count for it."""

import pytest
from town import PLACES, SERVICES, activity, arrangement, town

from paysim.model.contract import Contract, Scope
from paysim.model.terms import Block
from paysim.model.terms.limits import FloorAndCeiling
from paysim.model.terms.purses import PassedOn
from paysim.model.terms.shared import GainLossShare
from paysim.payment.settlement import settle

SYSTEM = town()
SUMS = {"hill": 1_000_00, "vale": 70_00}
CARE = [
    Contract(f"care.{place}", "hill_ccg", "hospital", Scope(tuple(SERVICES), (place,)), (Block("block", annual),))
    for place, annual in SUMS.items()
]
"""One commissioner pays one hospital for two places: payer and payee do not tell them apart."""


def moved(payer, payee, term, places):
    """Return the pence that a term moves which looks at what was paid for care."""
    looks = Contract("looks", payer, payee, Scope((), places), (term,))
    ledger = settle(activity(SYSTEM, []), arrangement("one", *CARE, looks))
    return int(ledger.amount_pence[ledger.contract == "looks"].sum())


@pytest.mark.parametrize(("places", "above"), [(("hill",), 500_00), (("vale",), 0), (PLACES, 570_00)])
def test_a_ceiling_limits_what_was_paid_for_its_places(places, above):
    ceiling = FloorAndCeiling("ceiling", ("care",), ceiling=(500_00,))
    assert moved("hill_ccg", "hospital", ceiling, places) == -above


@pytest.mark.parametrize(("places", "passed"), [(("hill",), 500_00), (("vale",), 35_00), (PLACES, 535_00)])
def test_what_came_in_for_other_places_is_not_passed_on(places, passed):
    assert moved("hospital", "infirmary", PassedOn("half", ("care",), 0.5), places) == passed


@pytest.mark.parametrize(("places", "gain"), [(("hill",), 200_00), (("vale",), 1_130_00), (PLACES, 130_00)])
def test_what_was_spent_in_other_places_is_no_spending(places, gain):
    shares = {"hill_ccg": 0.5, "hospital": 0.5}
    share = GainLossShare("share", target=(1_200_00,), spending_terms=("care",), shares=shares)
    assert moved("hill_ccg", "hospital", share, places) == gain // 2
