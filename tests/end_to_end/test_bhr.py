"""Barking & Dagenham, Havering and Redbridge: the shipped config against the figures it should meet."""

from pathlib import Path

import pytest

import paysim
from paysim.report.result import Result

CONFIG = Path(__file__).parents[2] / "configs" / "bhr.toml"
YEARS, SAMPLE, REPLICATIONS, SEED = 1, 0.2, 10, 1
"""A third of the years and a fifth of the residents of the config's own defaults, so that it takes seconds."""


@pytest.fixture(scope="module")
def result() -> Result:
    return paysim.compare(CONFIG, years=YEARS, sample=SAMPLE, replications=REPLICATIONS, seed=SEED, workers=2)


def test_population_is_the_published_one() -> None:
    system = paysim.load(CONFIG)
    assert system.population.total == 768_535
    assert dict(zip(system.population.places, system.population.by_place().tolist(), strict=True)) == {
        "barking_and_dagenham": 210_711,
        "havering": 256_039,
        "redbridge": 301_785,
    }


def test_every_rate_stay_and_readmission_is_within_its_tolerance(result: Result) -> None:
    table = result.reconciliation().set_index("measure")
    held = table[table["tolerance"].notna()]
    rates = held[held["kind"] == "rate"]
    assert len(rates) == 8
    assert (rates["tolerance"] <= 0.03).all()
    assert (held[held["kind"] == "stay"]["tolerance"] <= 0.05).all()
    assert (held[held["kind"] == "readmission"]["tolerance"] <= 0.01).all()
    outside = held[~held["within_tolerance"].astype(bool)]
    assert outside.empty, outside[["simulated", "reference", "difference", "tolerance"]]


def test_money_is_conserved_to_the_penny(result: Result) -> None:
    accounts, flows = result.accounts(), result.flows()
    assert (accounts["income_pence"] - accounts["cost_pence"] == accounts["surplus_pence"]).all()
    keys = ["arrangement", "replication", "period"]
    assert (accounts.groupby(keys)["income_pence"].sum() == 0).all()
    income = accounts.set_index([*keys, "organisation"])["income_pence"]
    received = flows.groupby([*keys, "payee"])["amount_pence"].sum().reindex(income.index, fill_value=0)
    paid = flows.groupby([*keys, "payer"])["amount_pence"].sum().reindex(income.index, fill_value=0)
    assert (received - paid == income).all()


def test_commissioners_are_given_what_they_expect_to_pay(result: Result) -> None:
    surplus = result.surplus()
    payers = surplus[surplus["organisation"].str.endswith("_ccg")]
    # Allocations are set at full size; at this sample their error and the study's own stay within 1% of what is paid.
    assert (payers["surplus"].abs() < 0.01 * 245e6).all()


def test_care_costs_the_same_however_it_is_paid_for(result: Result) -> None:
    cost = result.accounts().pivot_table(
        index=["replication", "period", "organisation"], columns="arrangement", values="cost_pence", aggfunc="sum"
    )
    assert (cost.nunique(axis=1) == 1).all()
