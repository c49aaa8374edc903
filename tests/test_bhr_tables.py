"""The tables of the BHR config: totals, shares, stays and prices that must hold whatever else is tuned."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import paysim
from paysim.model.price import Price
from paysim.model.system import System
from paysim.simulation.traffic import expected_visits, service_loads

CONFIG = Path(__file__).parents[1] / "configs" / "bhr.toml"
FOLDERS = (CONFIG.with_suffix(""), CONFIG.parent / "care")
RESIDENTS = {"barking_and_dagenham": 210_711, "havering": 256_039, "redbridge": 301_785}
STATUSES = {"cited", "derived", "assumed"}


@pytest.fixture(scope="module")
def system() -> System:
    return paysim.load(str(CONFIG))


def table(name: str) -> pd.DataFrame:
    (file,) = (file for folder in FOLDERS for file in folder.glob(f"{name}.csv"))
    return pd.read_csv(file, keep_default_na=False)


def test_residents_are_those_of_ons_mid_2017() -> None:
    residents = table("population").groupby("place").residents.sum().to_dict()
    assert residents == RESIDENTS
    assert sum(residents.values()) == 768_535


@pytest.mark.parametrize(
    ("place", "age_band", "quintile", "persons"),
    [("barking_and_dagenham", "0-4", 1, 11_706), ("barking_and_dagenham", "5-9", 1, 11_482)],
)
def test_persons_by_quintile_are_published_sums(place: str, age_band: str, quintile: int, persons: int) -> None:
    cells = table("population").query("place == @place and age_band == @age_band and quintile == @quintile")
    assert cells.residents.sum() == persons


def test_female_residents_follow_englands_shares() -> None:
    cells = table("population").query("place == 'barking_and_dagenham' and age_band == '0-4'")
    assert cells[cells.sex == "female"].residents.sum() == 9_699


def test_every_row_has_source_and_status(system: System) -> None:
    for file in sorted(file for folder in FOLDERS for file in folder.glob("*.csv")):
        if file.stem in ("demand", "practice_staff"):  # written by `paysim calibrate`; London's
            continue
        rows = table(file.stem)
        assert set(rows.status) <= STATUSES, file
        assert set(rows.source) <= set(system.sources), file


def test_the_four_hour_standard_is_that_of_both_trusts_returns(system: System) -> None:
    attendances = {"BHRUT": 247_440 + 8_658 + 33_040, "NELFT": 63_231}
    breaches = {"BHRUT": 52_083 + 39 + 384, "NELFT": 279}
    target = system.measures["four_hours_all_types"].target
    assert target is not None
    within = 1 - sum(breaches.values()) / sum(attendances.values())
    np.testing.assert_allclose(target, round(within, 4))


def test_shares_of_each_case_mix_add_up_to_1(system: System) -> None:
    for mix in system.case_mixes.values():
        assert sum(entry.share for entry in mix.entries) == pytest.approx(1, abs=1e-9), mix.id


@pytest.mark.parametrize(("mix", "low", "high"), [("non_elective", 5.3, 6.2), ("elective", 2.6, 3.1)])
def test_mean_ward_stay_leaves_room_for_the_rest_of_a_spell(system: System, mix: str, low: float, high: float) -> None:
    mean = sum(entry.share * entry.stay.mean for entry in system.case_mixes[mix].entries if entry.stay)
    assert low < mean < high


@pytest.mark.parametrize(
    ("currency", "code", "pounds", "trim_point", "per_day"),
    [
        ("non_elective", "WJ06H", 2_880, 23, 218),
        ("non_elective", "DZ11T", 2_805, 26, 208),
        ("elective", "HN22D", 5_929, None, None),
        ("day_case", "BZ34C", 667, None, None),
    ],
)
def test_national_prices_are_those_of_annex_a(
    system: System, currency: str, code: str, pounds: int, trim_point: int | None, per_day: int | None
) -> None:
    price = system.prices["tariff"].prices[currency, code]
    assert price.pence == pounds * 100
    if trim_point is not None:
        assert (price.trim_point_days, price.long_stay_pence_per_day) == (trim_point, per_day * 100)


@pytest.mark.parametrize(
    ("currency", "code", "unit_cost", "factor"),
    [
        ("ae_type_1", "VB08Z", 188.03, 1.0),
        ("ae_type_3", "VB11Z", 57.53, 1.0),
        ("outpatient_first", "110", 146.16, 1.0),
        ("outpatient_follow_up", "130", 95.13, 1.0),
        ("community_contact", "N02AF", 38.45, 1.0685),
        ("mental_health_bed_day", "", 420.03, 1.0685),
    ],
)
def test_other_prices_are_unit_costs_over_the_mean_market_forces_factor(
    system: System, currency: str, code: str, unit_cost: float, factor: float
) -> None:
    price = system.prices["tariff"].prices[currency, code]
    assert price.pence / 100 == pytest.approx(unit_cost * factor / 1.0809, abs=0.0051)


def test_short_stays_are_never_paid_more_than_the_full_price(system: System) -> None:
    prices = system.prices["tariff"].prices
    full = {code: price.pence for (currency, code), price in prices.items() if currency == "non_elective"}
    short = {code: price.pence for (currency, code), price in prices.items() if currency == "non_elective_short"}
    both = full.keys() & short.keys()
    assert both
    assert all(short[code] <= full[code] for code in both)


def test_short_stay_prices_are_assumptions_and_do_not_reduce_what_neonates_bring(system: System) -> None:
    short = table("prices").query("currency == 'non_elective_short'")
    assert set(short.status) == {"assumed"}
    assert set(short.source) == {"short_stay"}
    prices = system.prices["tariff"].prices
    for neonates in ("PB04C", "PB04D"):
        assert prices["non_elective_short", neonates] == Price(prices["non_elective", neonates].pence)


def test_mean_prices_are_near_those_of_all_priced_hrgs(system: System) -> None:
    published = {"day_case": 826.34, "elective": 2_987.92, "non_elective": 2_947.56}
    prices = system.prices["tariff"].prices
    for mix, mean in published.items():
        entries = system.case_mixes[mix].entries
        sampled = sum(entry.share * prices[mix, entry.code].pence / 100 for entry in entries)
        assert sampled == pytest.approx(mean, rel=0.06), mix


def test_expected_visits_meet_the_target_rates(system: System) -> None:
    visits = expected_visits(system)
    steps = list(system.steps)
    inhabited = system.population.counts().ravel() > 0
    balanced = [measure for measure in system.measures.values() if measure.balanced_by]
    assert len(balanced) == 8
    for measure in balanced:
        assert isinstance(measure.target, np.ndarray)
        met = visits[:, [steps.index(step) for step in measure.steps]].sum(axis=1)
        np.testing.assert_allclose(met[inhabited], measure.target.ravel()[inhabited], rtol=1e-5, err_msg=measure.id)


def test_general_practice_costs_what_pssru_says_in_prices_of_2017_18(system: System) -> None:
    deflator = {"2012-13": 71.5454, "2014-15": 74.0662, "2017-18": 77.0388}
    consultation = 33.0 * deflator["2017-18"] / deflator["2014-15"]
    other_staff_a_head = 5.52 * 0.45 * 13.0 * deflator["2017-18"] / deflator["2012-13"]
    visits = expected_visits(system).reshape(len(system.places), -1, len(system.steps))
    at_practices = [step.service.services[0].endswith("_practices") for step in system.steps.values()]
    for place, name in enumerate(system.places):
        residents = system.population.counts()[place]
        cost = system.services[f"{name}_practices"].cost
        consultations = float(residents @ visits[place][:, at_practices].sum(axis=1))
        other_staff = other_staff_a_head * residents.sum()
        fixed = (cost.annual_fixed_pence / 100 - other_staff) / consultations
        assert fixed + cost.per_step_pence / 100 == pytest.approx(consultation, rel=5e-4), name


def test_admissions_come_through_the_emergency_department_as_their_source_says(system: System) -> None:
    residents, steps = system.population.counts(), list(system.steps)
    majors, admitted = (
        expected_visits(system)[:, steps.index(step)].reshape(residents.shape) * residents
        for step in ("emergency.majors", "emergency_admission.assessment")
    )
    branches = system.steps["emergency.majors"].branches
    (onward,) = (branch.probability for branch in branches if branch.to == "emergency_admission.assessment")
    from_majors = majors * onward
    assert from_majors.sum() / admitted.sum() == pytest.approx(0.68, abs=0.005)
    assert (from_majors <= 0.7001 * admitted).all()


def test_no_service_is_overloaded(system: System) -> None:
    assert {service: load for service, load in service_loads(system).items() if load > 0.92} == {}


def test_attendances_reconcile_with_published_ones(system: System) -> None:
    visits = expected_visits(system).reshape(len(system.places), -1, len(system.steps))
    by_place = np.einsum("pk,pks->ps", system.population.counts().astype(float), visits)
    attendances: dict[str, float] = defaultdict(float)
    for number, step in enumerate(system.steps.values()):
        if (step.currency or "").startswith("ae_"):
            for option, service in enumerate(step.service.services):
                trust = system.services[service].organisation
                attendances[trust] += float(by_place[:, number] @ step.service.shares[:, option])
    for trust, low, high in (("bhrut", 0.80, 0.95), ("nelft", 0.70, 0.90), ("barts", 0.05, 0.15)):
        assert low < attendances[trust] / system.organisations[trust].published["attendances"] < high, trust


def test_all_six_sectors_and_at_least_eight_pathways(system: System) -> None:
    sectors = {service.sector for service in system.services.values()}
    assert sectors == {"general practice", "urgent care", "acute", "community", "mental health", "social care"}
    assert len(system.pathways) >= 8


def test_funding_is_the_same_under_every_arrangement(system: System) -> None:
    funders = {id for id, organisation in system.organisations.items() if organisation.kind == "funder"}
    flows = [
        {(contract.payee, contract.terms) for contract in arrangement.contracts if contract.payer in funders}
        for arrangement in system.arrangements.values()
    ]
    assert len(flows) == 5
    assert flows[0] == flows[1] == flows[2]


def test_gain_share_targets_are_what_allocations_leave_after_general_practice(system: System) -> None:
    contracts = {each.id: each.terms[0] for each in system.arrangements["gain_share"].contracts}
    for place, count in RESIDENTS.items():
        left = contracts[f"allocation_{place}"].annual - contracts[f"general_practice_{place}"].annual_per_head * count
        assert contracts[f"savings_{place}"].target[0] == pytest.approx(left, abs=5_000_00)
