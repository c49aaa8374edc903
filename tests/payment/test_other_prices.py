"""Other prices in Python reach the terms that pay by them, and a system never has two tables of one name."""

from dataclasses import replace
from pathlib import Path

import pytest

import paysim

TOWN = paysim.load(Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml")
NATIONAL = TOWN.prices["national"]
TWICE = replace(
    NATIONAL, prices={unit: replace(price, pence=2 * price.pence) for unit, price in NATIONAL.prices.items()}
)


def with_table(arrangement, table):
    contracts = tuple(
        replace(contract, terms=tuple(replace(term, prices=table) for term in contract.terms))
        for contract in arrangement.contracts
    )
    return replace(arrangement, contracts=contracts)


def consultations_pence(activity, arrangement):
    flows = paysim.settle(activity, arrangement).to_frame()
    return int(flows.loc[flows["payee"] == "practice", "amount_pence"].sum())


def test_other_prices_are_those_that_terms_pay_by():
    activity = paysim.simulate(TOWN, sample=0.02)
    dear = paysim.with_prices(TOWN, TWICE)
    once = consultations_pence(activity, TOWN.arrangements["activity"])
    assert once > 0
    assert consultations_pence(activity, dear.arrangements["activity"]) == 2 * once
    assert dear.prices == {"national": TWICE}
    assert dear.altered


def test_the_same_prices_alter_nothing():
    assert not paysim.with_prices(TOWN, NATIONAL).altered
    assert paysim.with_prices(TOWN).content == TOWN.content


def test_prices_that_terms_do_not_pay_by_are_refused():
    with pytest.raises(
        paysim.InputError,
        match=r"^prices\.national: found another table than arrangement \w+, contract \w+(\.\w+)?, term tariff "
        r"pays by; expected one table of a name, as paysim\.with_prices gives it to both$",
    ):
        replace(TOWN, prices={"national": TWICE})


def test_terms_that_pay_by_another_table_of_the_same_name_are_refused():
    arrangement = with_table(TOWN.arrangements["activity"], TWICE)
    with pytest.raises(paysim.InputError, match=r"^prices\.national: found another table than"):
        replace(TOWN, arrangements={**TOWN.arrangements, "activity": arrangement})


def test_an_arrangement_beside_the_system_has_what_prices_it_likes():
    activity = paysim.simulate(TOWN, sample=0.02)
    beside = with_table(TOWN.arrangements["activity"], TWICE)
    assert consultations_pence(activity, beside) == 2 * consultations_pence(activity, TOWN.arrangements["activity"])


def test_a_price_table_of_no_such_name_is_refused():
    with pytest.raises(paysim.InputError, match=r"^prices: found 'local'; expected one of national$"):
        paysim.with_prices(TOWN, replace(TWICE, id="local"))
