"""Calibrated demand meets its targets exactly, as the traffic equations see it."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from by_hand import CONFIG, TOWN

import paysim
from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.pathway import Demand
from paysim.simulation.traffic import expected_visits
from paysim.study.calibration import calibrated_demand

CONSULTATION, ATTENDANCE = "general_practice.consultation", "emergency.attendance"


def for_all(target):
    """Return a target by kind of resident that is the same for each."""
    return np.full((2, 20), target)


def rate(step, target, pathway, id="m"):
    return Measure(id, id, "rate", (step,), target, None, balanced_by=pathway)


def with_measures(*measures):
    return replace(TOWN, measures={measure.id: measure for measure in measures})


def with_demand(system, table):
    """Return the system with the calibrated demand in place of its own."""
    pathways = dict(system.pathways)
    labels = {label: number for number, label in enumerate(system.population.profile_labels())}
    for pathway in table.columns[3:]:
        by_resident = np.zeros((2, 20))
        for row in table.itertuples():
            by_resident[:, labels[row.age_band, row.sex, row.quintile, "all"]] = getattr(row, pathway)
        pathways[pathway] = replace(pathways[pathway], demand=Demand(by_resident, pathways[pathway].demand.timing))
    return replace(system, pathways=pathways)


def mean_visits(system, step):
    """Return expected visits a year by a resident."""
    residents = system.population.counts().ravel()
    return residents @ expected_visits(system)[:, system.step_ids.index(step)] / residents.sum()


def visits(system, step):
    """Return expected visits a year for each of the eight kinds of resident that anybody is of."""
    table = expected_visits(system).reshape(2, 20, -1)[:, :, system.step_ids.index(step)]
    return table[system.population.counts() > 0]


def test_one_target():
    system = with_measures(rate(CONSULTATION, for_all(4.5), "general_practice"))
    calibrated = with_demand(system, calibrated_demand(system))
    np.testing.assert_allclose(visits(calibrated, CONSULTATION), 4.5, rtol=1e-8)
    assert np.abs(visits(system, CONSULTATION) - 4.5).max() > 0.5, "the config's own demand is another"


def test_two_pathways_that_lead_to_the_same_step():
    # One consultation in fifty leads to an attendance, so the second demand depends on the first.
    targets = np.linspace(0.4, 0.8, 40).reshape(2, 20)
    targets[1] = targets[0]
    system = with_measures(
        rate(CONSULTATION, for_all(6.0), "general_practice", "one"), rate(ATTENDANCE, targets, "emergency", "other")
    )
    table = calibrated_demand(system)
    assert list(table.columns) == ["age_band", "sex", "quintile", "general_practice", "emergency"]
    calibrated = with_demand(system, table)
    np.testing.assert_allclose(visits(calibrated, CONSULTATION), 6.0, rtol=1e-8)
    np.testing.assert_allclose(visits(calibrated, ATTENDANCE), targets[TOWN.population.counts() > 0], rtol=1e-8)
    np.testing.assert_allclose(table["general_practice"], 6.0 * 0.9, rtol=1e-8)


def test_demand_that_stays_counts_towards_the_target():
    system = with_measures(rate(ATTENDANCE, for_all(0.9), "emergency"))
    table = calibrated_demand(system).set_index(["age_band", "sex", "quintile"])["emergency"]
    referred = 3.5 / 0.9 * 0.02
    assert table["0-64", "female", 1] == pytest.approx(0.9 - referred)


def test_only_kinds_of_resident_that_live_somewhere_have_a_row():
    table = calibrated_demand(with_measures(rate(CONSULTATION, for_all(4.5), "general_practice")))
    assert len(table) == 8
    assert set(table["quintile"]) == {1, 5}


def test_a_target_that_others_exceed_is_refused():
    refusal = r"pathway\.emergency\.demand: found -0\.0.* episodes a year for hill, 0-64, female, quintile 1;"
    with pytest.raises(InputError, match=refusal):
        calibrated_demand(with_measures(rate(ATTENDANCE, for_all(0.05), "emergency")))
    with pytest.raises(InputError, match=refusal):
        calibrated_demand(with_measures(rate(ATTENDANCE, 0.05, "emergency")))


def test_one_number_is_the_mean_and_keeps_the_profile():
    calibrated = with_demand(TOWN, calibrated_demand(TOWN))
    assert mean_visits(calibrated, CONSULTATION) == pytest.approx(4.5, rel=1e-8)
    factors = visits(calibrated, CONSULTATION) / visits(TOWN, CONSULTATION)
    np.testing.assert_allclose(factors, factors[0], rtol=1e-8)
    assert np.ptp(visits(calibrated, CONSULTATION)) > 3, "the old and the poor still come more often"


@pytest.mark.parametrize("attendances", [0.7, for_all(0.7)], ids=["a number each", "a number and a table"])
def test_numbers_beside_other_targets(attendances):
    # Both measures count attendances, and consultations lead to some, so neither demand can be set without the other.
    number = Measure("n", "N", "rate", (CONSULTATION, ATTENDANCE), 5.0, None, balanced_by="general_practice")
    system = with_measures(number, rate(ATTENDANCE, attendances, "emergency"))
    calibrated = with_demand(system, calibrated_demand(system))
    assert mean_visits(calibrated, ATTENDANCE) == pytest.approx(0.7, rel=1e-8)
    assert mean_visits(calibrated, CONSULTATION) == pytest.approx(4.3, rel=1e-8)
    factors = visits(calibrated, CONSULTATION) / visits(system, CONSULTATION)
    np.testing.assert_allclose(factors, factors[0], rtol=1e-7)
    if not isinstance(attendances, float):
        np.testing.assert_allclose(visits(calibrated, ATTENDANCE), 0.7, rtol=1e-8)


def test_demand_that_differs_between_places_has_a_row_for_each():
    by_place = for_all(4.5)
    by_place[1] = 5.4
    residents = replace(TOWN.population, profile=np.tile(TOWN.population.profile[:4], 2))
    system = replace(with_measures(rate(CONSULTATION, by_place, "general_practice")), population=residents)
    table = calibrated_demand(system)
    assert list(table.columns) == ["place", "age_band", "sex", "quintile", "general_practice"]
    assert len(table) == 8
    np.testing.assert_allclose(table.groupby("place")["general_practice"].agg(["min", "max"]), [[4.05] * 2, [4.86] * 2])


def test_targets_that_no_demand_meets_are_refused():
    nothing = replace(TOWN.pathways["emergency"].demand, rate=np.zeros((2, 20)))
    emergency = replace(TOWN.pathways["emergency"], demand=nothing)
    idle = replace(
        with_measures(rate(ATTENDANCE, 0.9, "emergency")), pathways={**TOWN.pathways, "emergency": emergency}
    )
    with pytest.raises(InputError, match="found no rates above 0 that lead to the steps"):
        calibrated_demand(idle)
    with pytest.raises(InputError, match="found no demand that meets the targets for hill, 0-64, female, quintile 1"):
        calibrated_demand(with_measures(rate(CONSULTATION, for_all(4.5), "emergency")))
    with pytest.raises(InputError, match=r"measure\.b\.balanced_by: found pathway 'emergency' again"):
        calibrated_demand(with_measures(*(rate(ATTENDANCE, for_all(0.9), "emergency", id) for id in "ab")))


FOLLOWING = """
extends = "one_hospital.toml"
[pathway.general_practice.step.consultation]
next = [{ to = "consultation", probability = 0.13 }, { to = "emergency.attendance", probability = 0.033 }]
[pathway.emergency.step.attendance]
next = [{ to = "ward", probability = 0.37 }]
[pathway.emergency.step.ward]
next = [{ to = "awaiting_care", probability = 0.1 }, { to = "ward", probability = 0.11, delay = { days = 12 } }]
[measure.consultations]
balanced_by = "general_practice"
steps = ["emergency.attendance"]
target = 0.5
[measure.admissions]
name = "Stays on the ward"
kind = "rate"
steps = ["emergency.ward"]
target = 0.3
balanced_by = "emergency"
"""


def test_targets_of_which_one_follows_from_the_other_but_for_rounding_are_refused(tmp_path):
    shutil.copytree(CONFIG.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "following.toml").write_text(FOLLOWING)
    with pytest.raises(InputError, match="expected rates of its pathway that a factor can bring to the target"):
        calibrated_demand(paysim.load(tmp_path / "following.toml"))


RESIDENTS = """place,age_band,sex,quintile,segment,residents
town,0+,female,3,CS1,5000
town,0+,male,3,CS2,5000
"""
TARGETS = "segment,attendances,wanted\nCS1,0.2,0.5\nCS2,0.4,1\nCS3,0.4,1.5\nCS4,0.6,2\nCS5,0.8,2.5\n"


@pytest.mark.parametrize(
    ("target", "calibrated"),
    [("0.6", [0.4, 0.8, 0.8, 1.2, 1.6]), ('{ file = "own.csv", column = "wanted" }', [0.5, 1.0, 1.5, 2.0, 2.5])],
    ids=["a number", "a table"],
)
def test_the_table_can_be_read_although_some_segments_are_empty(target, calibrated, tmp_path):
    shutil.copytree(CONFIG.parents[1] / "examples", tmp_path, dirs_exist_ok=True)
    (tmp_path / "residents.csv").write_text(RESIDENTS + "".join(f"town,0+,male,3,CS{n},0\n" for n in (1, 3, 4, 5)))
    (tmp_path / "own.csv").write_text(TARGETS)
    asked = tmp_path / "asked.toml"
    asked.write_text(
        'extends = "segments.toml"\npopulation.file = "residents.csv"\n'
        'pathway.emergency.demand.rate = { file = "own.csv", column = "attendances" }\n'
        '[measure.attendances]\nname = "Attendances"\nkind = "rate"\nsteps = ["emergency.attendance"]\n'
        f'balanced_by = "emergency"\ntarget = {target}\n'
    )
    calibrated_demand(paysim.load(asked)).to_csv(tmp_path / "demand.csv", index=False)
    answered = tmp_path / "answered.toml"
    answered.write_text(
        'extends = "asked.toml"\n[pathway.emergency.demand]\nrate = { file = "demand.csv", column = "emergency" }\n'
    )
    system = paysim.load(answered)
    found = system.pathways["emergency"].demand.rate[system.population.inhabited()].reshape(2, 5)
    np.testing.assert_allclose(found, [calibrated, calibrated], rtol=1e-8)


def test_nothing_to_calibrate_is_refused():
    with pytest.raises(InputError, match="found no measure with balanced_by"):
        calibrated_demand(with_measures())
