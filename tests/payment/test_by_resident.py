"""What each resident's activity comes to adds up to what it comes to by period."""

import numpy as np
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from town import PRICES, activity, arrangement, contract, scope, town

from paysim.model.contract import Scope
from paysim.model.price import PriceTable
from paysim.model.terms import ReadmissionRule, Tariff
from paysim.payment.by_resident import value_by_resident
from paysim.payment.prices import priced_terms
from paysim.payment.pricing import value
from paysim.payment.survey import survey_of

SYSTEM = town()
TARIFF = Tariff("tariff", PriceTable("national", "National", PRICES), True, price_growth=(0.0, 0.021))
ALL = scope("practice", "hospital", "infirmary")
OLD = np.zeros((2, 20))
OLD[:, 10:] = 1.0
SCOPES = [
    ALL,
    scope("hospital", places=("hill",)),
    Scope(ALL.services, ALL.places, residents=OLD),
    Scope(ALL.services, ALL.places, periods=(1, 4)),
    Scope(ALL.services, ALL.places, pathways=()),
]


@given(activities(), st.sampled_from(SCOPES))
def test_residents_add_up_to_periods(rows, narrowed):
    paid = contract("hill_ccg", "hospital", TARIFF, scope=narrowed)
    whole = activity(SYSTEM, rows)
    survey = survey_of(whole, [arrangement("one", paid)])
    (priced,) = priced_terms(SYSTEM, [paid], 1)
    by_resident = value_by_resident(whole, survey, priced)
    assert by_resident.shape == (1_000, 1)
    assert by_resident.sum() == value(whole, survey, [priced]).sum()
    for resident in np.unique(whole.resident).tolist():
        alone = activity(SYSTEM, [row for row in rows if row.resident == resident])
        of_one = survey_of(alone, [arrangement("one", paid)])
        assert by_resident[resident].sum() == value(alone, of_one, [priced]).sum()


@given(activities())
def test_a_readmission_rule_looks_at_spells_only(rows):
    rule = ReadmissionRule("rule", "tariff", ("non_elective",), youngest=0)
    paid = contract("hill_ccg", "hospital", TARIFF, rule, scope=ALL)
    whole = activity(SYSTEM, rows)
    survey = survey_of(whole, [arrangement("one", paid)])
    priced = priced_terms(SYSTEM, [paid], 1)
    tariff, readmissions = value(whole, survey, priced)
    assert value_by_resident(whole, survey, priced[1]).sum() == readmissions.sum()
    assert (readmissions >= 0).all()
    assert (readmissions <= tariff).all()
