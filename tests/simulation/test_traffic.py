"""Traffic equations against long simulations and against Jackson's own solution."""

import numpy as np
import pytest
from small_systems import WEEKDAYS, at, branch, by_kind, everyone, pathway, population, service, step, system

from paysim.model.pathway import CaseMix, CaseMixEntry, Duration
from paysim.simulation.simulate import simulate
from paysim.simulation.traffic import expected_visits, service_loads, visits_per_episode

QUICK = Duration("exponential", 0.02, 1.0)


def clinics() -> object:
    """Return three pathways that lead to each other and to themselves, differently for each kind of resident."""
    gp = step("gp.visit", "a", QUICK, [branch("gp.visit", by_kind(0.1, 0.3, 0.0, 0.2)), branch("ed.visit", 0.2)])
    ed = step("ed.visit", "b", QUICK, [branch("ed.ward", by_kind(0.1, 0.4, 0.2, 0.5)), branch("gp.visit", 0.05)])
    ward = step("ed.ward", "c", QUICK, [branch("ed.ward", 0.25), branch("social.care", 0.3)])
    care = step("social.care", "c", QUICK, [branch("ed.visit", by_kind(0.0, 0.2, 0.1, 0.1))])
    return system(
        [service(id, 10_000) for id in "abc"],
        [pathway("gp", by_kind(2, 5, 1, 3), gp), pathway("ed", 0.5, ed, ward), pathway("social", None, care)],
        residents=population(400, 300, 200, 100),
        warm_up_days=30,
    )


def test_expected_visits_are_those_of_a_long_simulation():
    town = clinics()
    expected = expected_visits(town).reshape(2, 20, 4)
    by_cell = np.array([expected[place, profile] for place, profile in ((0, 0), (0, 10), (1, 0), (1, 10))])
    counts = []
    for replication in range(20):
        activity = simulate(town, years=1, seed=3, replication=replication)
        cell = town.population.cell_of(activity.resident)
        counts.append(np.bincount(cell * 4 + activity.step, minlength=16).reshape(4, 4))
    counts = np.array(counts) / town.population.residents[:, None]
    error = counts.std(axis=0, ddof=1) / np.sqrt(len(counts))
    assert (error < 0.05 * by_cell + 0.005).all(), "the simulation is too short to tell"
    assert (np.abs(counts.mean(axis=0) - by_cell) < 3 * error).all()


def test_visits_per_episode_of_a_cycle():
    # An M/M/1 queue with revisit probability 0.2: 1 / 0.8 visits an episode.
    town = system([service()], [pathway("p", 3.0, step("p.visit", branches=[branch("p.visit", 0.2)]))])
    assert visits_per_episode(town)[:, 0, 0] == pytest.approx(1.25)
    assert expected_visits(town)[:, 0] == pytest.approx(3.75)


def test_jackson_network():
    gp = step("gp.visit", branches=[branch("ed.visit", 0.1), branch("acute.stay", 0.2)])
    ed = step("ed.visit", branches=[branch("gp.visit", 0.05), branch("acute.stay", 0.3)])
    acute = step("acute.stay", branches=[branch("gp.visit", 0.25)])
    town = system([service()], [pathway("gp", 10.0, gp), pathway("ed", 4.0, ed), pathway("acute", None, acute)])
    np.testing.assert_allclose(expected_visits(town), [[11.2, 5.12, 3.776]] * 40, rtol=1e-12)


def test_service_loads_share_out_visits_hours_and_choices():
    mix = CaseMix("mix", (CaseMixEntry("x", 0.25, Duration("constant", 4.0, 0.0)), CaseMixEntry("y", 0.75, QUICK)))
    visit = step("p.visit", "open", Duration("constant", 0.01, 0.0), [branch("p.ward", 0.5)])
    ward = step("p.ward", at("near", "far", shares=[[0.6, 0.4], [0.0, 1.0]]), None, case_mix="mix")
    town = system(
        [service("open", 2, WEEKDAYS), service("near", 3), service("far", 4)],
        [pathway("p", everyone(2.0), visit, ward)],
        residents=100,
        case_mixes=[mix],
    )
    loads = service_loads(town)
    weeks = 365.25 / 7
    assert loads["open"] == pytest.approx(800 * 0.01 / (2 * weeks * 52.5 / 24))
    stay = 0.25 * 4.0 + 0.75 * 0.02
    assert loads["near"] == pytest.approx(400 * 0.5 * 0.6 * stay / (3 * 365.25))
    assert loads["far"] == pytest.approx((400 * 0.5 * 0.4 + 400 * 0.5) * stay / (4 * 365.25))


def test_loads_of_episodes_that_might_never_end_are_not_known():
    # Nobody of hill comes, and whoever came would never leave.
    forever = step("p.visit", branches=[branch("p.visit", by_kind(1.0, 1.0, 0.2, 0.2))])
    town = system([service()], [pathway("p", by_kind(0.0, 0.0, 1.0, 1.0), forever)])
    assert np.isnan(service_loads(town)["clinic"])
