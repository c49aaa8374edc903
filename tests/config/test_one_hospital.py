"""The example system, in which every kind of block occurs, becomes exactly these values."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from paysim.config import load
from paysim.model.contract import Scope
from paysim.model.evidence import Source
from paysim.model.pathway import IMMEDIATELY, CaseMix, CaseMixEntry, Duration
from paysim.model.price import Price
from paysim.model.service import CostStructure, OpenHours, SemiFixed, Service
from paysim.model.system import StudyDefaults, System
from paysim.model.terms import Block, BudgetNeutral, Capitation, Tariff

FILE = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
ALL_SERVICES = ("practice_hill", "practice_vale", "emergency_department", "wards", "other_wards")


@pytest.fixture(scope="module")
def system() -> System:
    return load(FILE)


def test_the_frame(system: System) -> None:
    assert (system.title, system.start, system.price_year) == (
        "One town, one hospital",
        date(2017, 4, 1),
        "2017-18",
    )
    assert system.study == StudyDefaults(("block", "activity", "capitation"), 1, 4, 1, 1.0, 60, 4)
    assert list(system.places) == ["hill", "vale"]
    assert system.organisations["hospital"].market_forces_factor == 1.0976
    assert system.organisations["hospital"].published == {"beds": 20}
    assert system.organisations["practice"].market_forces_factor == 1.0
    assert system.codes == ("AA22C", "LA04S", "VB08Z")


def test_the_population(system: System) -> None:
    population = system.population
    assert population.age_bands == ("0-64", "65+")
    assert population.total == 6900
    assert population.place.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert population.profile.tolist() == [0, 5, 10, 15, 4, 9, 14, 19]
    assert population.residents.tolist() == [1200, 1250, 300, 250, 1500, 1450, 500, 450]


def test_services_and_costs(system: System) -> None:
    assert tuple(system.services) == ALL_SERVICES
    assert system.services["wards"] == Service(
        id="wards",
        name="Wards",
        organisation="hospital",
        sector="acute",
        unit="beds",
        capacity=14,
        opening=(),
        discipline="fifo",
        cost=CostStructure(
            annual_fixed_pence=40_000_000,
            semi_fixed=SemiFixed(7.0, 35_000_000, 6),
            per_step_pence=12_000,
            per_day_pence=6_000,
            by_code_pence={"AA22C": 90_000, "LA04S": 15_000},
        ),
    )
    assert system.services["practice_hill"].opening == tuple(
        OpenHours(day * 24 + 8.0, day * 24 + 18.5) for day in range(5)
    )
    assert system.services["practice_hill"].cost.per_step_pence == 950
    assert system.services["emergency_department"].discipline == "priority"


def test_prices_and_case_mixes(system: System) -> None:
    assert system.prices["national"].prices == {
        ("consultation", ""): Price(3_700),
        ("attendance", "VB08Z"): Price(12_000),
        ("non_elective", "AA22C"): Price(976_600, 98, 24_000),
        ("non_elective", "LA04S"): Price(86_100, 8, 21_600),
    }
    assert system.case_mixes == {
        "medical": CaseMix(
            "medical",
            (
                CaseMixEntry("AA22C", 0.05, Duration("lognormal", 20.0, 0.9)),
                CaseMixEntry("LA04S", 0.95, Duration("lognormal", 3.5, 1.1)),
            ),
        )
    }


def test_timings(system: System) -> None:
    assert system.timings["office"].hours[8:10] == (5, 5)
    assert system.timings["office"].months == (1.0,) * 12
    assert system.timings["flat"].hours == (1.0,) * 24
    assert system.timings["flat"].weekdays == (1.0,) * 7


def test_demand_by_resident(system: System) -> None:
    demand = system.pathways["general_practice"].demand
    assert demand is not None
    expected = np.zeros((2, 20))
    expected[0, [0, 5, 10, 15]] = 3.5, 3.5, 7.0, 7.0
    expected[1, [4, 9, 14, 19]] = 2.9, 2.9, 6.0, 6.0
    np.testing.assert_array_equal(demand.rate, expected)
    assert demand.timing == "office"


def test_steps_and_branches(system: System) -> None:
    assert system.step_ids == (
        "general_practice.consultation",
        "emergency.attendance",
        "emergency.ward",
        "emergency.awaiting_care",
    )
    consultation, attendance, ward, awaiting_care = system.steps.values()
    assert system.pathways["emergency"].entry == "emergency.attendance"
    assert consultation.duration == Duration("lognormal", 10 / 1440, 0.5)
    again, to_hospital = consultation.branches
    assert (again.to, again.delay) == ("general_practice.consultation", Duration("lognormal", 14.0, 0.3))
    assert (to_hospital.to, to_hospital.delay) == ("emergency.attendance", IMMEDIATELY)
    np.testing.assert_array_equal(to_hospital.probability, np.full((2, 20), 0.02))
    assert (attendance.code, attendance.priority, attendance.admitted) == ("VB08Z", 1, False)
    assert attendance.branches[0].probability[1, 14] == 0.48
    assert (ward.case_mix, ward.duration, ward.currency, ward.admitted) == ("medical", None, "non_elective", True)
    assert ward.branches[1].delay == Duration("exponential", 12.0, 1.0)
    assert awaiting_care.duration == Duration("exponential", 4.0, 1.0)
    assert awaiting_care.currency is None
    assert awaiting_care.branches == ()


def test_choices_of_service(system: System) -> None:
    consultation, attendance, ward, awaiting_care = (step.service for step in system.steps.values())
    assert (consultation.group, consultation.services) == ("", ("practice_hill", "practice_vale"))
    np.testing.assert_array_equal(consultation.shares, [[1, 0], [0, 1]])
    assert attendance.services == ("emergency_department",)
    np.testing.assert_array_equal(attendance.shares, [[1], [1]])
    assert ward.group == awaiting_care.group == "acute"
    assert ward.services == ("wards", "other_wards")
    np.testing.assert_array_equal(ward.shares, [[1, 0], [0.6, 0.4]])


def test_measures(system: System) -> None:
    consultations, four_hour, readmission = system.measures.values()
    assert consultations.target == 4.5
    assert (consultations.tolerance, consultations.balanced_by) == (0.5, "general_practice")
    assert (four_hour.limit, four_hour.until, four_hour.tolerance) == (4 / 24, ("emergency.attendance",), None)
    assert (readmission.limit, readmission.base) == (30.0, ("emergency.ward",))


def test_contracts_by_place_and_payee(system: System) -> None:
    activity = system.arrangements["activity"].contracts
    assert [(contract.id, contract.payer, contract.payee) for contract in activity] == [
        ("practice.hill", "hill_ccg", "practice"),
        ("practice.vale", "vale_ccg", "practice"),
        ("acute.hill.hospital", "hill_ccg", "hospital"),
        ("acute.hill.other_hospital", "hill_ccg", "other_hospital"),
        ("acute.vale.hospital", "vale_ccg", "hospital"),
        ("acute.vale.other_hospital", "vale_ccg", "other_hospital"),
    ]
    assert activity[2].scope == Scope(("emergency_department", "wards"), ("hill",))
    assert activity[2].terms == (Tariff("tariff", system.prices["national"], True),)
    assert activity[0].terms == (Tariff("tariff", system.prices["national"], False),)
    block = system.arrangements["block"].contracts
    assert len(block) == 6
    assert all(contract.terms == (Block("block", BudgetNeutral("activity")),) for contract in block)


def test_a_lead_provider(system: System) -> None:
    hill, vale, practice, other = system.arrangements["capitation"].contracts
    assert (hill.id, hill.payee, hill.scope) == (
        "whole_population.hill",
        "hospital",
        Scope(ALL_SERVICES, ("hill",)),
    )
    assert vale.scope.places == ("vale",)
    term = hill.terms[0]
    assert isinstance(term, Capitation)
    assert (term.id, term.annual_per_head) == ("capitation", BudgetNeutral("activity"))
    assert term.weights is not None
    assert term.weights[0, [0, 10]].tolist() == [0.9, 2.4]
    assert (practice.id, practice.payer, practice.payee) == ("practice", "hospital", "practice")
    assert practice.scope == Scope(("practice_hill", "practice_vale"), ("hill", "vale"))
    (heads,) = practice.terms
    assert isinstance(heads, Capitation)
    assert (heads.annual_per_head, heads.weights) == (15_000, None)
    assert (other.id, other.payer) == ("other_hospital", "hospital")


def test_sources(system: System) -> None:
    assert system.sources["tariff"] == Source(
        "tariff",
        "NHS Improvement and NHS England, 2017/18 National Tariff Payment System, Annex A",
        "2017-18",
        "cited",
    )
    assert len(system.fingerprint) == 64
