"""Two engines, one truth: the same rows, bit for bit, of shipped configs and of runs that outgrow every first size."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_systems import WEEKDAYS, branch, pathway, service, step, system

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.pathway import Duration
from paysim.simulation.running import ENGINES
from paysim.simulation.simulate import simulate

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "configs").glob("*.toml"))


def rows(activity, chosen=slice(None), columns=tuple(COLUMNS)):
    return {column: getattr(activity, column)[chosen].tobytes() for column in columns}


def agree(town, **settings):
    """Return the length of a run that both engines wrote alike."""
    one, other = (simulate(town, engine=engine, **settings) for engine in ENGINES)
    assert rows(one) == rows(other)
    return len(one)


def test_there_are_two_engines():
    assert set(ENGINES) == {"compiled", "simpy"}


@pytest.mark.parametrize("config", SHIPPED, ids=lambda path: path.stem)
def test_on_shipped_configs(config):
    assert agree(paysim.load(config), years=1, seed=2**63 - 1, replication=3, sample=0.002) > 10_000


def test_on_the_system_that_has_every_kind_of_block():
    town = paysim.load(ROOT / "configs" / "how-to" / "one_hospital.toml")
    assert agree(town, years=1, seed=5) > 30_000


def test_over_leap_years_and_a_long_warm_up():
    visit = step(
        "care.visit",
        "clinic",
        Duration("lognormal", 0.02, 1.0),
        [branch("care.visit", 0.3, Duration("normal", 20, 0.5))],
    )
    town = system(
        [service("clinic", 3, WEEKDAYS, "priority")],
        [pathway("care", 5.0, visit)],
        residents=50,
        warm_up_days=400,
        start=date(2019, 4, 1),
    )
    assert agree(town, years=2, seed=1) > 2_500


def test_of_episodes_that_never_get_their_turn():
    hopeless = system([service(capacity=1)], [pathway("care", 20.0, step("care.stay"))], residents=300)
    assert agree(hopeless, years=1, seed=1) == 364


def test_on_a_run_without_activity():
    assert agree(system([service()], [pathway("care", 0.0, step("care.visit"))]), years=1, seed=1) == 0


def test_long_logs_and_many_episodes_in_progress():
    """A sample's rows are the same within the whole, where the log and the room for episodes grow at other moments."""
    stay = step("care.stay", "ward", Duration("lognormal", 12.0, 1.0), [branch("care.stay", 0.2)])
    town = system([service("ward", 10**6)], [pathway("care", 6.0, stay)], residents=80_000)
    whole, half = (simulate(town, years=1, seed=1, sample=sample) for sample in (1.0, 0.5))
    assert len(whole) > 1_900_000 > len(half) > 950_000
    assert whole.stay.sum() / 365 > 50_000, "mean number in progress"
    columns = [column for column in COLUMNS if column != "episode"]
    assert rows(half, columns=columns) == rows(whole, np.isin(whole.resident, town.population.sample(0.5)), columns)


def test_a_capacity_of_nothing_serves_nobody():
    closed = system([replace(service(), capacity=0)], [pathway("care", 2.0, step("care.visit"))])
    assert agree(closed, years=1, seed=1) == 0
