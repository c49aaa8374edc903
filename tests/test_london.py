"""The London config: who lives there, who serves them, and a small run from residents to accounts."""

from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import paysim
from paysim.model.system import System
from paysim.simulation.traffic import expected_visits, service_loads

CONFIG = Path(__file__).parents[1] / "configs" / "london.toml"
TABLES = CONFIG.with_suffix("")
GOLDEN = Path(__file__).parent / "golden" / "london.csv"
CARE = CONFIG.parent / "care"
STAFF = "practice_staff.appointment"
TRUSTS = 35


@pytest.fixture(scope="module")
def visits(london: System) -> NDArray[np.float64]:
    return expected_visits(london)


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(TABLES / f"{name}.csv", keep_default_na=False)


def test_residents_are_those_of_ons_mid_2017(london: System) -> None:
    residents = dict(zip(london.places, london.population.by_place().tolist(), strict=True))
    assert len(residents) == 33
    assert sum(residents.values()) == 8_825_001
    assert (residents["city_of_london"], residents["barnet"], residents["westminster"]) == (7_654, 387_803, 244_796)


def test_residents_of_bhr_are_those_of_its_own_config() -> None:
    columns = ["place", "age_band", "sex", "quintile", "residents"]
    bhr = pd.read_csv(CONFIG.parent / "bhr" / "population.csv")[columns]
    london = table("population")[columns]
    shared = london[london.place.isin(bhr.place.unique())]
    order = columns[:4]
    pd.testing.assert_frame_equal(
        shared.sort_values(order).reset_index(drop=True), bhr.sort_values(order).reset_index(drop=True)
    )


@pytest.mark.parametrize("name", ["hospital_shares", "planned_shares", "mental_health_shares"])
def test_shares_of_every_borough_add_up_to_1(name: str) -> None:
    shares = table(name).drop(columns=["place", "source", "status"]).replace("", 0).astype(float)
    assert len(shares) == 33
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-9)
    assert (shares.sum(axis=0) > 0).all()


def test_all_trusts_of_the_table_provide_care(london: System) -> None:
    owners = {service.organisation for service in london.services.values()}
    trusts = set(table("trusts").id)
    assert len(trusts - {"other_london"}) == TRUSTS
    assert trusts <= owners


def test_all_six_sectors_serve_every_borough(london: System) -> None:
    served: dict[str, set[str]] = {place: set() for place in london.places}
    for step in london.steps.values():
        for row, option in np.argwhere(step.service.shares > 0):
            sector = london.services[step.service.services[option]].sector
            served[list(london.places)[row]].add(sector)
    assert {len(sectors) for sectors in served.values()} == {6}


def test_no_service_is_overloaded(london: System) -> None:
    loads = service_loads(london)
    assert len(loads) > 350
    assert min(loads.values()) > 0
    assert max(loads.values()) < 0.93


def test_residents_take_more_than_ten_steps_a_year(london: System, visits: NDArray[np.float64]) -> None:
    residents = london.population.counts().ravel()
    steps = residents @ visits.sum(axis=1)
    assert steps / london.population.total == pytest.approx(10.58, abs=0.02)


def test_pathways_are_those_of_bhr(london: System) -> None:
    bhr = paysim.load(str(CONFIG.with_name("bhr.toml")))
    shared = [step for step in bhr.steps if step != "day_surgery.recovery"]  # a lever's own
    assert list(london.steps) == [*shared, STAFF]
    assert london.case_mixes == bhr.case_mixes
    assert london.prices == bhr.prices


def test_every_row_has_source_and_status(london: System) -> None:
    for file in [*sorted(TABLES.glob("*.csv")), CARE / "practice_staff.csv"]:
        if file.stem in ("places", "amounts"):  # names alone; sources stand with the contracts
            continue
        rows = pd.read_csv(file, keep_default_na=False)
        assert set(rows.status) <= {"cited", "derived", "assumed"}, file
        assert set(rows.source) <= set(london.sources), file


def test_attendances_are_near_the_published_ones_where_few_commute(london: System, visits: NDArray[np.float64]) -> None:
    by_kind = visits.reshape(len(london.places), -1, len(london.steps))
    by_place = np.einsum("pk,pks->ps", london.population.counts().astype(float), by_kind)
    attendances = dict.fromkeys(london.organisations, 0.0)
    for number, step in enumerate(london.steps.values()):
        if (step.currency or "").startswith("ae_"):
            for option, service in enumerate(step.service.services):
                trust = london.services[service].organisation
                attendances[trust] += float(by_place[:, number] @ step.service.shares[:, option])
    for trust in ("barts", "bhrut", "kings", "north_middlesex", "royal_free"):
        published = london.organisations[trust].published["attendances"]
        assert attendances[trust] == pytest.approx(published, rel=0.1), trust


def test_other_practice_staff_see_those_who_see_gps() -> None:
    kind = ["age_band", "sex", "quintile"]
    staff = pd.read_csv(CARE / "practice_staff.csv").set_index(kind).appointments
    consultations = pd.read_csv(CARE / "rates.csv").set_index(kind).gp_consultation
    england = 5.52 * 0.45 / 3.2034
    np.testing.assert_allclose(staff, consultations * england, atol=5e-5)


def test_an_appointment_with_other_staff_costs_what_bhr_says(london: System, visits: NDArray[np.float64]) -> None:
    services = [service for id, service in london.services.items() if id.endswith("_practice_staff")]
    assert len(services) == 33
    appointments = float(london.population.counts().ravel() @ visits[:, list(london.steps).index(STAFF)])
    fixed = sum(service.cost.annual_fixed_pence for service in services) / appointments
    assert {service.cost.per_step_pence for service in services} == {140}
    assert fixed == pytest.approx(1_260, rel=1e-3)


@pytest.fixture(scope="module")
def accounts() -> pd.DataFrame:
    """The accounts of a small run, by organisation: `tests/golden` holds what paysim computes to them."""
    money, _, _ = GOLDEN.read_text(encoding="utf-8").partition("service,count\n")
    return pd.read_csv(StringIO(money))


def test_a_small_run_pays_for_all_of_london(london: System, accounts: pd.DataFrame) -> None:
    assert set(accounts.arrangement) == {"block", "activity", "capitation"}
    assert set(accounts.organisation) == set(london.organisations)
    costs = accounts.groupby(["arrangement", "replication"]).cost_pence.sum().unstack("arrangement")
    assert (costs.nunique(axis=1) == 1).all()
    assert costs.to_numpy().min() > 8e9 * 100


def test_funding_is_the_same_under_every_arrangement(accounts: pd.DataFrame) -> None:
    funders = accounts[accounts.organisation.isin(["nhs_england", "local_taxation"])]
    paid = funders.groupby(["arrangement", "replication"]).income_pence.sum()
    assert paid.nunique() == 1
    assert -12.0e11 < paid.iloc[0] < -11.7e11
