"""Rows that an arrangement would not pay for are found before settling, which refuses the same ones."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.errors import InputError
from paysim.model.price import PriceTable
from paysim.model.terms import Block
from paysim.model.terms.limits import FloorAndCeiling
from paysim.model.terms.quality import Achievement, PerformancePayment
from paysim.payment.settlement import settle
from paysim.payment.unpriced import NO_CONTRACT, NO_PRICE, NOT_KNOWN, PAID, list_prices, unpaid

TOWN = paysim.load(Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml")
TARIFF = TOWN.arrangements["activity"]


@pytest.fixture(scope="module")
def activity():
    return paysim.simulate(TOWN, sample=0.5, seed=3)


def without(arrangement, *keys):
    """Return an arrangement whose price lists lack some prices."""

    def poorer(term):
        kept = {key: price for key, price in term.prices.prices.items() if key not in keys}
        return replace(term, prices=PriceTable(term.prices.id, term.prices.name, kept))

    contracts = [replace(c, terms=tuple(map(poorer, c.terms))) for c in arrangement.contracts]
    return replace(arrangement, contracts=tuple(contracts))


def only(activity, kept):
    return replace(activity, **{name: getattr(activity, name)[kept] for name in COLUMNS})


def test_everything_that_is_simulated_is_paid_for(activity):
    for name in ("activity", "block", "capitation"):
        assert (unpaid(activity, TOWN.arrangements[name]) == PAID).all()


@pytest.mark.parametrize("missing", [("consultation", ""), ("attendance", "VB08Z"), ("non_elective", "LA04S")])
def test_what_is_marked_is_what_settling_refuses(activity, missing):
    poorer = without(TARIFF, missing)
    marks = unpaid(activity, poorer)
    assert set(marks.tolist()) == {PAID, NO_PRICE}
    with pytest.raises(InputError, match="which none of its terms pays for"):
        settle(activity, poorer)
    paid = settle(only(activity, marks == PAID), poorer)
    whole = settle(activity, TARIFF)
    rest = settle(only(activity, marks == NO_PRICE), TARIFF)
    assert (paid.amount_pence + rest.amount_pence).tolist() == whole.amount_pence.tolist()


def test_a_spell_is_marked_with_all_its_steps(activity):
    marks = unpaid(activity, without(TARIFF, ("non_elective", "LA04S")))
    awaiting = activity.step == TOWN.step_ids.index("emergency.awaiting_care")
    assert (marks[awaiting] == NO_PRICE).any()
    ward = activity.step == TOWN.step_ids.index("emergency.ward")
    code = TOWN.codes.index("LA04S")
    assert (marks[ward & (activity.code == code)] == NO_PRICE).all()
    assert (marks[~ward & ~awaiting] == PAID).all()


def beside(arrangement, other, **changes):
    """Return an arrangement with another term in each contract, and its own ones changed."""
    contracts = (replace(c, terms=(*(replace(t, **changes) for t in c.terms), other)) for c in arrangement.contracts)
    return replace(arrangement, contracts=tuple(contracts))


def test_a_term_without_prices_pays_for_currencies_that_no_list_is_for(activity):
    poorer = without(TARIFF, ("non_elective", "LA04S"))
    some = beside(poorer, Block("sum", 100), currencies=("consultation", "attendance"))
    assert (unpaid(activity, some) == PAID).all()
    settle(activity, some)


@pytest.mark.parametrize("other", [Block("sum", 100), FloorAndCeiling("limit", ("tariff",), ceiling=(10**12,))])
def test_a_further_term_makes_no_activity_free_that_lacks_a_price(activity, other):
    poorer = without(TARIFF, ("non_elective", "LA04S"))
    assert (unpaid(activity, beside(poorer, other)) == unpaid(activity, poorer)).all()
    with pytest.raises(InputError, match="which none of its terms pays for"):
        settle(activity, beside(poorer, other))


def test_a_contract_that_only_settles_covers_no_activity(activity):
    (first, *others) = TARIFF.contracts
    bonus = PerformancePayment("bonus", "four_hour", "higher", (Achievement(0.5, 100),))
    arrangement = replace(TARIFF, contracts=(replace(first, terms=(bonus,)), *others))
    assert set(unpaid(activity, arrangement).tolist()) == {PAID, NO_CONTRACT}
    with pytest.raises(InputError, match="outside the scope of its contracts"):
        settle(activity, arrangement)


def test_rows_outside_every_scope(activity):
    hill = tuple(c for c in TARIFF.contracts if ".hill" in c.id)
    assert len(hill) == 3
    marks = unpaid(activity, replace(TARIFF, contracts=hill))
    vale = TOWN.population.place_of(activity.resident) == TOWN.population.places.index("vale")
    assert ((marks == NO_CONTRACT) == vale).all()
    settle(only(activity, marks == PAID), replace(TARIFF, contracts=hill))


def test_scopes_of_some_pathways_and_periods(activity):
    narrow = [replace(c, scope=replace(c.scope, pathways=("emergency",), periods=(0, 6))) for c in TARIFF.contracts]
    arrangement = replace(TARIFF, contracts=tuple(narrow))
    marks = unpaid(activity, arrangement)
    emergency = np.array([step.startswith("emergency.") for step in TOWN.step_ids])[activity.step]
    consultations = ~emergency
    assert (marks[consultations] == NO_CONTRACT).all()
    assert (marks[emergency & (activity.period() >= 6)] == NO_CONTRACT).all()
    settle(only(activity, marks == PAID), arrangement)


def test_list_prices():
    step, service = TOWN.step_ids.index("emergency.ward"), TOWN.service_ids.index("wards")
    other = TOWN.service_ids.index("other_wards")
    code = TOWN.codes.index("LA04S")
    found = list_prices(
        TOWN,
        TARIFF,
        np.array([step, step, step, step, -1]),
        np.array([service, other, service, service, service]),
        np.array([0, 1, 0, -1, 0]),
        np.array([code, code, -1, code, code]),
    )
    assert found.tolist() == [round(86_100 * 1.0976), 86_100, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN]
    of_block = list_prices(TOWN, TOWN.arrangements["block"], *(np.array([n]) for n in (step, service, 0, code)))
    assert of_block.tolist() == [NOT_KNOWN]
