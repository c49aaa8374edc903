"""A comparison's tables: they add up, are paired and scaled, and have the same bytes however they were computed."""

import math
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from by_hand import CONFIG, TOWN
from scipy import stats

import paysim
from paysim.model.terms import Block, BudgetNeutral
from paysim.model.terms.blended import Blended
from paysim.model.terms.purses import PassedOn
from paysim.payment.settlement import settle
from paysim.study.compare import compare
from paysim.study.neutral import FIRST_CALIBRATION_REPLICATION
from paysim.study.settings import settings_for
from paysim.study.store import write_table

TABLES = ("flows", "accounts", "surplus", "activity_summary", "reconciliation", "neutral", "risk", "cash")
SETTINGS = settings_for(TOWN, sample=0.1, replications=5, seed=9)

ELSEWHERE = f"""
import sys, paysim
from pathlib import Path
from paysim.payment.settlement import settle
from paysim.study.compare import compare
from paysim.study.neutral import FIRST_CALIBRATION_REPLICATION
from paysim.study.settings import settings_for
from paysim.study.store import write_table
if __name__ == "__main__":
    town = paysim.load({str(CONFIG)!r})
    found = compare(town, settings_for(town, sample=0.1, replications=5, seed=9), workers=2)
    for table in {TABLES!r}:
        write_table(getattr(found, table), Path(sys.argv[1]) / table)
"""


@pytest.fixture(scope="module")
def found():
    return compare(TOWN, SETTINGS)


def bytes_of(comparison, folder):
    folder.mkdir()
    for table in TABLES:
        write_table(getattr(comparison, table), folder / table)
    return files(folder)


def files(folder):
    return {table: (folder / table).read_bytes() for table in TABLES}


def test_the_same_bytes_in_a_fresh_process_with_two_workers(found, tmp_path):
    script = tmp_path / "elsewhere.py"
    script.write_text(ELSEWHERE)
    (tmp_path / "there").mkdir()
    subprocess.run([sys.executable, str(script), str(tmp_path / "there")], check=True, cwd=CONFIG.parents[2])
    assert bytes_of(found, tmp_path / "here") == files(tmp_path / "there")


def test_the_same_bytes_from_the_other_engine(found, tmp_path):
    other = compare(TOWN, settings_for(TOWN, sample=0.1, replications=5, seed=9, engine="simpy"))
    assert bytes_of(found, tmp_path / "one") == bytes_of(other, tmp_path / "other")


def test_fewer_replications_are_the_first_of_more(found):
    few = compare(TOWN, settings_for(TOWN, sample=0.1, replications=2, seed=9))
    for table in ("flows", "accounts"):
        one, more = getattr(few, table), getattr(found, table)
        assert one.equals(more[more["replication"] < 2].reset_index(drop=True))


def test_activity_does_not_depend_on_the_arrangements(found):
    alone = compare(TOWN, settings_for(TOWN, arrangements=["capitation"], sample=0.1, replications=5, seed=9))
    assert alone.activity_summary.equals(found.activity_summary)
    assert alone.reconciliation.equals(found.reconciliation)
    costs = [
        table[table["arrangement"] == "capitation"]["cost_pence"].tolist() for table in (alone.accounts, found.accounts)
    ]
    assert costs[0] == costs[1]


def test_a_table_without_rows_has_the_columns_and_types_of_one_with_rows(found):
    bare = compare(replace(TOWN, measures={}), settings_for(TOWN, arrangements=["activity"], sample=0.1))
    for table in ("reconciliation", "neutral"):
        assert len(getattr(bare, table)) == 0
        assert getattr(bare, table).dtypes.equals(getattr(found, table).dtypes)


def test_money_is_conserved_and_accounts_are_made_of_flows(found):
    accounts, flows = found.accounts, found.flows
    assert (accounts["income_pence"] - accounts["cost_pence"] == accounts["surplus_pence"]).all()
    keys = ["arrangement", "replication", "period"]
    assert (accounts.groupby(keys)["income_pence"].sum() == 0).all()
    received = flows.groupby([*keys, "payee"])["amount_pence"].sum()
    paid = flows.groupby([*keys, "payer"])["amount_pence"].sum()
    income = accounts.set_index([*keys, "organisation"])["income_pence"]
    assert (received.reindex(income.index, fill_value=0) - paid.reindex(income.index, fill_value=0) == income).all()


def calibration_half_width(found, arrangement, organisation):
    """The 95% half-width, in pounds, of what the arrangement's budget-neutral amounts give an organisation."""
    shares = found.neutral[found.neutral["arrangement"] == arrangement]
    if shares.empty:
        return 0.0
    first, count = FIRST_CALIBRATION_REPLICATION, found.settings.calibration_replications
    runs = [paysim.simulate(TOWN, seed=9, sample=0.1, replication=first + k) for k in range(count)]
    ledgers = [settle(run, TOWN.arrangements["activity"]) for run in runs]
    contracts = {contract.id: contract for contract in TOWN.arrangements[arrangement].contracts}
    values = np.zeros(count)
    for contract in (contracts[name] for name in shares["contract"]):
        sign = int(contract.payee == organisation) - int(contract.payer == organisation)
        for k, ledger in enumerate(ledgers):
            flows = ledger.to_frame()
            place, payees = (
                contract.scope.places[0],
                {TOWN.services[service].organisation for service in contract.scope.services},
            )
            mine = (flows["payer"] == f"{place}_ccg") & flows["payee"].isin(payees)
            values[k] += sign * flows[mine]["amount_pence"].sum() / 100
    return stats.t.ppf(0.975, count - 1) * stats.sem(values)


def test_surplus_is_a_mean_of_years_with_intervals_of_replications_and_calibration(found):
    yearly = found.accounts.groupby(["organisation", "arrangement", "replication"])["surplus_pence"].sum() / 100
    for row in found.surplus.itertuples():
        values = yearly[row.organisation, row.arrangement].to_numpy()
        assert row.surplus == pytest.approx(values.mean())
        assert row.income - row.cost == pytest.approx(row.surplus)
        calibrated = calibration_half_width(found, row.arrangement, row.organisation)
        half = np.hypot(stats.t.ppf(0.975, 4) * stats.sem(values), calibrated)
        assert row.surplus_high - row.surplus == pytest.approx(half, abs=1e-6)
        assert row.surplus - row.surplus_low == pytest.approx(half, abs=1e-6)
        difference = values - yearly[row.organisation, "block"].to_numpy()
        assert row.difference == pytest.approx(difference.mean(), abs=1e-6)
        if row.arrangement == "activity":
            calibrated = calibration_half_width(found, "block", row.organisation)
            half = np.hypot(stats.t.ppf(0.975, 4) * stats.sem(difference), calibrated)
            assert row.difference_high - row.difference == pytest.approx(half, abs=1e-6)
        assert row.replications == 5


def test_a_blend_is_as_uncertain_as_the_share_of_it_that_follows_activity():
    """A blend of a neutral plan differs from the block by a fifth of what the tariff does, interval and all."""
    (tariff,) = TOWN.arrangements["activity"].contracts[-1].terms
    blend = Blended("blend", BudgetNeutral("activity"), tariff.prices, market_forces_factor=True, variable_rate=0.2)
    block = TOWN.arrangements["block"]
    contracts = tuple(replace(each, terms=(blend,)) for each in block.contracts if each.payee == "hospital")
    others = tuple(each for each in block.contracts if each.payee != "hospital")
    arrangements = {**TOWN.arrangements, "blend": replace(block, id="blend", contracts=contracts + others)}
    town = replace(TOWN, arrangements=arrangements)
    settings = settings_for(town, arrangements=("block", "activity", "blend"), sample=0.1, replications=4, seed=9)
    found = compare(town, settings).surplus.set_index(["arrangement", "organisation"])
    for column in ("difference", "difference_low", "difference_high"):
        tariff, blended = (found.loc[(arrangement, "hospital"), column] for arrangement in ("activity", "blend"))
        assert tariff != 0
        assert blended == pytest.approx(0.2 * tariff, abs=0.02)


def half_widths(town, *arrangements, **more):
    """Return the half-width of every surplus by arrangement and organisation."""
    settings = settings_for(town, arrangements=arrangements, sample=0.1, replications=3, seed=9)
    table = compare(town, replace(settings, **more)).surplus.set_index(["arrangement", "organisation"])
    return table["surplus_high"] - table["surplus"]


def test_who_is_paid_out_of_a_neutral_amount_is_as_uncertain_as_the_share_that_is_passed_on():
    capitation = TOWN.arrangements["capitation"]
    shares = {"practice": 0.35, "other_hospital": 0.09}
    contracts = tuple(
        replace(each, terms=(PassedOn("part", ("whole_population",), shares[each.payee]),))
        if each.payee in shares
        else each
        for each in capitation.contracts
    )
    town = replace(TOWN, arrangements={**TOWN.arrangements, "capitation": replace(capitation, contracts=contracts)})
    found = half_widths(town, "capitation", "activity")
    first, count = FIRST_CALIBRATION_REPLICATION, town.study.calibration_replications
    runs = [paysim.simulate(TOWN, seed=9, sample=0.1, replication=first + k) for k in range(count)]
    totals = np.array([settle(run, TOWN.arrangements["activity"]).total() for run in runs]) / 100
    whole = stats.t.ppf(0.975, count - 1) * stats.sem(totals)
    fixed = compare(TOWN, settings_for(TOWN, sample=0.1, replications=3, seed=9)).accounts
    for organisation, share in shares.items():
        cost = fixed[(fixed["organisation"] == organisation) & (fixed["arrangement"] == "block")]
        by_chance = stats.t.ppf(0.975, 2) * stats.sem(cost.groupby("replication")["cost_pence"].sum() / 100)
        expected = np.hypot(by_chance, share * whole)
        assert found["capitation", organisation] == pytest.approx(expected, abs=0.05)
        assert expected > 1.01 * by_chance


def test_two_blocks_of_half_a_year_are_as_uncertain_as_one_of_the_year():
    def halves(arrangement):
        return tuple(
            replace(each, id=f"{each.id}.{half}", scope=replace(each.scope, periods=(6 * half, 6 * half + 6)))
            for half in (0, 1)
            for each in arrangement.contracts
        )

    tariff, block = TOWN.arrangements["activity"], TOWN.arrangements["block"]
    contracts = tuple(replace(each, terms=(Block("block", BudgetNeutral("tariffs")),)) for each in block.contracts)
    year = replace(block, id="year", contracts=contracts)
    made = [
        replace(tariff, id="tariffs", contracts=halves(tariff)),
        year,
        replace(year, id="two", contracts=halves(year)),
    ]
    town = replace(TOWN, arrangements={each.id: each for each in made})
    found = half_widths(town, "year", "two")
    np.testing.assert_allclose(found["two"], found["year"], atol=0.05)


def test_a_single_calibration_replication_leaves_no_interval_but_to_the_arrangement_itself():
    settings = settings_for(TOWN, sample=0.1, replications=3)
    table = compare(TOWN, replace(settings, calibration_replications=1)).surplus.set_index("arrangement")
    assert table.loc[["block", "capitation"], ["surplus_low", "surplus_high"]].isna().all(axis=None)
    assert table.loc["activity", ["surplus_low", "surplus_high"]].notna().all(axis=None)
    assert (table.loc["block", ["difference_low", "difference_high"]] == 0).all(axis=None)
    assert table.loc["activity", "difference_low"].isna().all()


def test_activity_summary_is_scaled_to_the_population(found):
    runs = [paysim.simulate(TOWN, seed=9, sample=0.1, replication=k) for k in range(5)]
    place = [TOWN.population.place_of(run.resident) for run in runs]
    for row in found.activity_summary.to_dict("records"):
        service, where = TOWN.service_ids.index(row["service"]), TOWN.population.places.index(row["place"])
        here = [(run.service == service) & (home == where) for run, home in zip(runs, place, strict=True)]
        count = np.mean([chosen.sum() for chosen in here]) * runs[0].weight
        assert row["count"] == pytest.approx(count)
        assert row["rate_per_head"] == pytest.approx(count / TOWN.population.by_place()[where])
        if count:
            waits = np.concatenate([run.wait[chosen] for run, chosen in zip(runs, here, strict=True)])
            assert row["mean_wait_days"] == pytest.approx(waits.astype(float).mean())
        capacity = math.ceil(TOWN.services[row["service"]].capacity / 10)
        if not TOWN.services[row["service"]].opening:
            stays = sum(run.stay[run.service == service].astype(float).sum() for run in runs)
            assert row["utilisation"] == pytest.approx(stays / (5 * capacity * 365))


def test_reconciliation_says_what_is_within_tolerance(found):
    table = found.reconciliation.set_index("measure")
    consultations = table.loc["consultations"]
    assert consultations["reference"] == 4.5
    assert consultations["difference"] == pytest.approx(consultations["simulated"] / 4.5 - 1)
    assert consultations["within_tolerance"] == (abs(consultations["difference"]) <= 0.5)
    assert table.loc["four_hour", "within_tolerance"] is None
    assert (table["low"] < table["simulated"]).all()
    assert (table["simulated"] < table["high"]).all()


def test_a_measure_of_which_nothing_was_observed_is_neither_within_tolerance_nor_outside():
    """Of thirteen residents nobody waits for care; in one of six replications none has a ward stay either."""
    readmission = replace(TOWN.measures["readmission"], tolerance=0.5)
    waits, attendances = ("emergency.awaiting_care",), ("emergency.attendance",)
    none = replace(readmission, kind="share", steps=attendances, base=waits)
    zero = replace(readmission, kind="share", steps=waits, base=attendances, target=0 * readmission.target)
    above = replace(zero, steps=attendances)
    measures = {"some": readmission, "none": none, "zero": zero, "above": above}
    town = replace(TOWN, measures={id: replace(each, id=id) for id, each in measures.items()})
    settings = settings_for(town, arrangements=["activity"], sample=0.002, replications=6)
    table = compare(town, settings).reconciliation.set_index("measure")
    assert table["replications"].to_dict() == {"some": 5, "none": 0, "zero": 6, "above": 6}
    assert table["within_tolerance"].to_dict() == {"some": False, "none": None, "zero": True, "above": False}
    assert table.loc["zero", "difference"] == 0


def test_progress_is_told():
    told = []
    compare(TOWN, settings_for(TOWN, sample=0.01, replications=3), progress=lambda *report: told.append(report))
    assert told == [("setting budget-neutral amounts", n, 4) for n in range(5)] + [
        ("simulating and settling", n, 3) for n in range(4)
    ]


def test_a_year_is_a_year_of_many():
    one, three = (
        compare(TOWN, settings_for(TOWN, years=years, sample=0.1, replications=3)).surplus.set_index(
            ["organisation", "arrangement"]
        )
        for years in (1, 3)
    )
    payers = [(payer, "block") for payer in ("hill_ccg", "vale_ccg")]
    # Amounts are set on calibration replications of the same length: a year's mean of three years is surer.
    np.testing.assert_allclose(one.loc[payers, "income"], three.loc[payers, "income"], rtol=0.2)
    assert (one.loc[payers, "income"] < 0).all()


def test_cash_adds_up_to_income_and_to_nothing(found):
    income = found.accounts.groupby(["arrangement", "replication", "organisation"])["income_pence"].sum()
    cash = found.cash.groupby(["arrangement", "replication", "organisation"])["cash_pence"].sum()
    assert (income == cash).all()
    assert (found.cash.groupby(["arrangement", "replication", "month"])["cash_pence"].sum() == 0).all()


def test_risk_is_the_spread_of_the_accounts(found):
    """A tenth of residents: their spread times the square root of a tenth."""
    yearly = found.accounts.groupby(["organisation", "arrangement", "replication"])["surplus_pence"].sum() / 100
    for row in found.risk.itertuples():
        outcomes = yearly[row.organisation, row.arrangement]
        assert row.surplus == pytest.approx(outcomes.mean())
        assert row.standard_deviation == pytest.approx(outcomes.std() * 0.1**0.5)
        low = outcomes.mean() + (outcomes.min() - outcomes.mean()) * (0.1 * 5 / 4) ** 0.5
        assert row.fifth_percentile == pytest.approx(low)
        assert row.replications == 5
    assert len(found.risk) == len(TOWN.organisations) * 3
