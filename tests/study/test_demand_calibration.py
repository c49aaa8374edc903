"""Calibrated demand meets its targets exactly, as the traffic equations see it."""

from dataclasses import replace

import numpy as np
import pytest
from by_hand import TOWN

from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.pathway import Demand
from paysim.simulation.traffic import expected_visits
from paysim.study.calibration import calibrated_demand

CONSULTATION, ATTENDANCE = "general_practice.consultation", "emergency.attendance"
HOME = {"hill": (0, 10), "vale": (4, 14)}
"""First profiles of the age bands where anybody lives: quintile 1 in hill, 5 in vale."""


def rate(step, target, pathway, id="m"):
    by_resident = np.full((2, 20), target) if isinstance(target, float) else target
    return Measure(id, id, "rate", (step,), by_resident, None, balanced_by=pathway)


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


def visits(system, step):
    """Return expected visits a year for each of the eight kinds of resident that anybody is of."""
    table = expected_visits(system).reshape(2, 20, -1)[:, :, system.step_ids.index(step)]
    return table[system.population.counts() > 0]


def test_one_target():
    system = with_measures(rate(CONSULTATION, 4.5, "general_practice"))
    calibrated = with_demand(system, calibrated_demand(system))
    np.testing.assert_allclose(visits(calibrated, CONSULTATION), 4.5, rtol=1e-8)
    assert np.abs(visits(system, CONSULTATION) - 4.5).max() > 0.5, "the config's own demand is another"


def test_two_pathways_that_lead_to_the_same_step():
    # One consultation in fifty leads to an attendance, so the second demand depends on the first.
    targets = np.linspace(0.4, 0.8, 40).reshape(2, 20)
    targets[1] = targets[0]
    system = with_measures(
        rate(CONSULTATION, 6.0, "general_practice", "one"), rate(ATTENDANCE, targets, "emergency", "other")
    )
    table = calibrated_demand(system)
    assert list(table.columns) == ["age_band", "sex", "quintile", "general_practice", "emergency"]
    calibrated = with_demand(system, table)
    np.testing.assert_allclose(visits(calibrated, CONSULTATION), 6.0, rtol=1e-8)
    np.testing.assert_allclose(visits(calibrated, ATTENDANCE), targets[TOWN.population.counts() > 0], rtol=1e-8)
    np.testing.assert_allclose(table["general_practice"], 6.0 * 0.9, rtol=1e-8)


def test_demand_that_stays_counts_towards_the_target():
    system = with_measures(rate(ATTENDANCE, 0.9, "emergency"))
    table = calibrated_demand(system).set_index(["age_band", "sex", "quintile"])["emergency"]
    referred = 3.5 / 0.9 * 0.02
    assert table["0-64", "female", 1] == pytest.approx(0.9 - referred)


def test_only_kinds_of_resident_that_live_somewhere_have_a_row():
    table = calibrated_demand(with_measures(rate(CONSULTATION, 4.5, "general_practice")))
    assert len(table) == 8
    assert set(table["quintile"]) == {1, 5}


def test_a_target_that_others_exceed_is_refused():
    with pytest.raises(InputError, match=r"pathway\.emergency\.demand: found -0\.0.* episodes a year for 0-64 female"):
        calibrated_demand(with_measures(rate(ATTENDANCE, 0.05, "emergency")))


def test_targets_that_differ_between_places_are_refused():
    by_place = np.full((2, 20), 4.5)
    by_place[1] = 5.5
    residents = replace(TOWN.population, profile=np.tile(TOWN.population.profile[:4], 2))
    system = replace(with_measures(rate(CONSULTATION, by_place, "general_practice")), population=residents)
    with pytest.raises(InputError, match="found targets that differ between places"):
        calibrated_demand(system)


def test_nothing_to_calibrate_is_refused():
    with pytest.raises(InputError, match="found no measure with balanced_by"):
        calibrated_demand(with_measures())
