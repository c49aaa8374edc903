"""Steps in progress at the end of a run have kept servers busy, as much as a longer run comes to know afterwards."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from featured_systems import featured
from hypothesis import given, settings
from hypothesis import strategies as st
from small_systems import branch, pathway, service, step, system

import paysim
from paysim.model.calendar import TICKS_PER_DAY, period_starts
from paysim.model.pathway import Duration
from paysim.payment.lookups import lookups_for
from paysim.payment.resources import occupied_ticks
from paysim.study.store import read_activity, write_activity

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "configs" / "examples").glob("*.toml"))
ENGINES = ("compiled", "simpy")


def occupied(activity):
    return occupied_ticks(activity, lookups_for(activity))


def agree_with_the_future(town, engine, months, **run):
    """Return the ticks of steps in progress after so many months, once a longer run has told the same."""
    running = paysim.begin(town, years=3, engine=engine, **run)
    running.advance(months)
    early = running.activity()
    running.advance(36 - months)
    assert np.array_equal(occupied(early), occupied(running.activity())[:months])
    return early.in_progress


@pytest.mark.parametrize("engine", ENGINES)
def test_a_hundred_days_in_a_ward(engine):
    stay = step("care.stay", "ward", Duration("constant", 100.0, 0.0))
    town = system([service("ward", 10**6)], [pathway("care", 6.0, stay)], residents=500)
    activity = paysim.simulate(town, years=1, engine=engine)
    longer = paysim.simulate(town, years=2, engine=engine)
    there = (longer.start < 365) & (longer.end >= 365)
    starts = period_starts(town.start, 12)
    expected = [
        int(((np.minimum(365, stop) - np.maximum(longer.start, first)).clip(0) * there).sum() * TICKS_PER_DAY)
        for first, stop in pairwise(starts)
    ]
    assert sum(expected) > 0
    assert activity.in_progress == {"ward": tuple(expected)}
    assert np.array_equal(occupied(activity), occupied(longer)[:12])


@pytest.mark.parametrize("engine", ENGINES)
def test_beds_that_are_kept_until_the_next_step_has_room(engine):
    ward = step("care.ward", "ward", Duration("constant", 3.0, 0.0), [replace(branch("care.home", 1.0), holds=True)])
    home = step("care.home", "home", Duration("exponential", 60.0, 0.0))
    town = system([service("ward", 30), service("home", 4)], [pathway("care", 2.0, ward, home)], residents=200)
    assert set(agree_with_the_future(town, engine, 12, seed=3)) == {"ward", "home"}


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda path: path.stem)
def test_of_every_feature(config):
    town = paysim.load(config)
    found = [agree_with_the_future(town, engine, 5, sample=0.05) for engine in ENGINES]
    assert found[0] == found[1]


@settings(max_examples=60, deadline=None)
@given(featured(), st.integers(0, 2**63 - 1), st.integers(1, 13))
def test_of_generated_systems(town, seed, months):
    found = [agree_with_the_future(town, engine, months, seed=seed) for engine in ENGINES]
    assert found[0] == found[1]


def test_nothing_before_the_first_month_is_over():
    assert paysim.begin(paysim.load(EXAMPLES[0])).activity().in_progress == {}


def test_an_activity_that_was_written(tmp_path):
    town = paysim.load(ROOT / "configs" / "bhr.toml")
    activity = paysim.simulate(town, years=1, sample=0.01)
    write_activity(activity, tmp_path / "activity.parquet")
    again = read_activity(tmp_path / "activity.parquet", town)
    assert again.in_progress == activity.in_progress != {}
    assert np.array_equal(occupied(replace(again, in_progress={})), occupied(replace(activity, in_progress={})))
