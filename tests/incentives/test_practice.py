"""Effects seen in practice come out with the published sign, and size where the evidence gives one.

Hospitals without queues by mean values, so without chance; the one with a waiting list by four replications. Figures
without a published counterpart are those of `docs/explanation/practice.md`.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.incentives.changes import system_with
from paysim.incentives.evaluate import evaluate
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.response.equilibrium import Rest, equilibria
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.model.contract import Arrangement
from paysim.model.curve import Polynomial
from paysim.model.lever import DemandEffect, Lever
from paysim.model.system import System
from paysim.simulation.traffic import expected_visits
from paysim.study.neutral import resolve_neutral
from paysim.study.settings import settings_for

FOLDER = Path(__file__).parents[2] / "configs" / "practice"
REPLICATIONS = {"expected": 1, "compiled": 4}


@cache
def model(name: str) -> System:
    return paysim.load(FOLDER / f"{name}.toml")


@cache
def paid(system: System, arrangement: str) -> Arrangement:
    """Return an arrangement with its neutral amounts set."""
    settings = settings_for(system, arrangements=[arrangement], seed=1)
    (resolved,), _ = resolve_neutral(system, settings, [system.arrangements[arrangement]], map)
    return resolved


def outcomes(system: System, arrangement: str, points: list[Point], engine: str) -> list[tuple[Outcome, ...]]:
    trial = Trial(years=1, seed=1, sample=1.0, engine=engine)
    chosen = [paid(system, arrangement)]
    return [evaluate(system, chosen, points, trial, number) for number in range(REPLICATIONS[engine])]


@cache
def rest(system: System, arrangement: str, engine: str = "expected") -> Rest:
    """Return the only equilibrium under an arrangement."""
    design = design_points(system)
    found = equilibria(
        fit(design, [arrangement], outcomes(system, arrangement, list(design.points), engine)), arrangement
    )
    assert not found.cycles
    (only,) = found.rests
    return only


def chosen(arrangement: str, lever: str) -> float:
    return rest(model("prices"), arrangement).intensities[lever]


def per_year(system: System, arrangement: str, point: Point, step: str, engine: str = "expected") -> float:
    """Return how often a step happens in a year, the mean of replications."""
    number = list(system.steps).index(step)
    return float(np.mean([each.steps[number].sum() for (each,) in outcomes(system, arrangement, [point], engine)]))


class TestPrices:
    """Januleviciute 2016 and Gaughan 2019."""

    @pytest.mark.parametrize("lever", ["volume", "coding", "same_day"])
    def test_at_todays_prices_the_hospital_stays_where_it_is(self, lever: str) -> None:
        assert chosen("tariff", lever) == pytest.approx(0.0, abs=1e-9)

    def test_ten_percent_more_price_brings_about_one_percent_more_medical_patients(self) -> None:
        system = model("prices")
        before = per_year(system, "tariff", {}, "medical.stay")
        after = per_year(system, "prices_up", rest(system, "prices_up").intensities, "medical.stay")
        assert after / before - 1.0 == pytest.approx(0.0106, abs=0.00005)

    def test_ten_percent_more_price_ratio_brings_a_third_of_a_point_more_complications(self) -> None:
        assert 0.7 * chosen("complicated_up", "coding") == pytest.approx(0.0036, abs=0.00005)

    def test_ten_percent_more_price_of_same_day_discharge_brings_two_percent_more(self) -> None:
        system = model("prices")
        before = per_year(system, "tariff", {}, "planned.same_day")
        after = per_year(system, "same_day_up", rest(system, "same_day_up").intensities, "planned.same_day")
        assert (after / before - 1.0) / 0.1 == pytest.approx(0.24, rel=0.01)

    def test_prices_all_higher_bring_more_complications_too(self) -> None:
        """The gap between the prices is what pays, not their ratio: a third of the gap that a higher ratio brings."""
        assert chosen("prices_up", "coding") == pytest.approx(chosen("complicated_up", "coding") / 3.0, rel=0.15)
        assert 0.7 * chosen("prices_up", "coding") == pytest.approx(0.0013, abs=0.00005)

    def test_nothing_but_less_care_pays_under_a_block(self) -> None:
        assert chosen("block", "coding") == 0.0
        assert chosen("block", "same_day") == 0.0
        assert chosen("block", "volume") == -0.1
        assert chosen("blended", "volume") == pytest.approx(-0.08, abs=0.005)


class TestPaymentByResults:
    """Farrar 2009."""

    def chosen(self, arrangement: str) -> dict[str, float]:
        return dict(rest(model("payment_by_results"), arrangement, "compiled").intensities)

    def test_stays_fall_where_activity_is_paid(self) -> None:
        assert self.chosen("activity")["length_of_stay"] == pytest.approx(0.056, abs=0.0005)
        assert self.chosen("block")["length_of_stay"] == 0.0

    def test_day_cases_rise_where_activity_is_paid(self) -> None:
        assert self.chosen("activity")["day_cases"] == pytest.approx(0.09, abs=0.005)
        assert self.chosen("block")["day_cases"] == 0.0
        assert self.treated("block", "day_case") == pytest.approx(3_010, abs=10)
        assert self.treated("activity", "day_case") == pytest.approx(3_676, abs=10)

    def test_activity_grows_where_it_is_paid(self) -> None:
        assert self.treated("block", "stay", "day_case") == pytest.approx(8_480, abs=10)
        assert self.treated("activity", "stay", "day_case") == pytest.approx(9_478, abs=10)

    def treated(self, arrangement: str, *steps: str) -> float:
        system, point = model("payment_by_results"), self.chosen(arrangement)
        return sum(per_year(system, arrangement, point, f"planned.{step}", "compiled") for step in steps)

    def test_with_beds_to_spare_a_tariff_gives_no_more_reason_to_shorten_stays_than_a_block(self) -> None:
        system = model("payment_by_results")
        wards = replace(system.services["wards"], capacity=1_000)
        spare = replace(system, services={**system.services, "wards": wards})
        found = {each: rest(spare, each, "compiled").intensities["length_of_stay"] for each in ("activity", "block")}
        assert found["activity"] <= found["block"] < 0.001

    def test_more_patients_for_full_beds_are_no_more_stays(self) -> None:
        """So surgical volume may not follow its price though surgeons would: Januleviciute found that it does not."""
        system, more = (
            model("payment_by_results"),
            Lever(
                id="referrals",
                name="More referrals",
                owner="hospital",
                unit="share added",
                low=0.0,
                high=0.1,
                now=0.0,
                step=0.1,
                effects=(DemandEffect("planned", Polynomial(1.0)),),
                cost=Polynomial(),
            ),
        )
        system = replace(system, levers={more.id: more})
        stays = [per_year(system, "activity", point, "planned.stay", "compiled") for point in ({}, {more.id: 0.1})]
        assert stays[1] == pytest.approx(stays[0], rel=0.005)


class TestSharedSavings:
    """McWilliams 2016."""

    def saved(self, system: System, arrangement: str) -> float:
        """Return the share of spending that a group saves against fee for service with nothing done."""
        point = rest(system, arrangement).intensities
        admissions = [per_year(system, arrangement, each, "admission.admission") for each in ({}, point)]
        return 4_000.0 * (admissions[0] - admissions[1]) / 120_000_000.0

    def test_independent_practices_save_what_the_first_cohort_saved(self) -> None:
        assert self.saved(model("shared_savings"), "shared_savings") == pytest.approx(0.014, rel=0.01)

    def test_nobody_saves_where_nothing_is_shared(self) -> None:
        assert self.saved(model("shared_savings"), "fee_for_service") == 0.0

    def test_a_group_with_the_hospital_in_it_saves_less(self) -> None:
        """It loses 60% of the price of every admission avoided, and gets 50% back."""
        assert self.saved(hospital_led(model("shared_savings")), "shared_with_hospital") == 0.0


class TestPioneers:
    """Keeble 2019."""

    def test_a_proactive_team_in_havering_avoids_what_pioneers_did(self) -> None:
        system = paysim.load(FOLDER.parent / "bhr.toml")
        before, after = (self.admitted(each) for each in (system, system_with(system, {"proactive_team": 1.0})))
        assert after / before - 1.0 == pytest.approx(-0.028, abs=0.0005)

    def admitted(self, system: System) -> float:
        """Return the mean emergency admissions a year of Havering's residents of 65 and over."""
        residents, havering = system.population.counts(), system.population.places.index("havering")
        visits = expected_visits(system)[:, system.step_ids.index("emergency_admission.assessment")]
        old = ~system.population.mostly_below(65)
        return float((visits.reshape(residents.shape) * residents)[havering, old].sum())


@cache
def hospital_led(system: System) -> System:
    lever = system.levers["care_management"]
    return replace(system, levers={lever.id: replace(lever, owner="hospital")})


@pytest.mark.parametrize(
    ("name", "arrangement", "engine"),
    [
        ("prices", "prices_up", "expected"),
        ("prices", "same_day_up", "expected"),
        ("payment_by_results", "activity", "compiled"),
        ("shared_savings", "shared_savings", "expected"),
    ],
)
def test_year_by_year_organisations_come_to_the_same(name: str, arrangement: str, engine: str) -> None:
    """Nothing slows them down, so they are there in the first year and stay."""
    found = paysim.respond(model(name), arrangement, years=2, replications=REPLICATIONS[engine], engine=engine, seed=1)
    path = found.path().query("quantity == 'intensity'")
    for lever, intensity in rest(model(name), arrangement, engine).intensities.items():
        assert path[path.lever == lever]["mean"].to_numpy() == pytest.approx([intensity, intensity], abs=1e-6)
