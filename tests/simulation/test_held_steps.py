"""A bed kept until the next step starts: to the tick, within capacity, through delays, turns away and deaths."""

from dataclasses import replace

import numpy as np
import pytest
from examples import BOTH_ENGINES, at_step, followed_by, requested, run
from small_systems import branch, pathway, service, step, system

import paysim
from paysim.model.pathway import IMMEDIATELY, Duration

pytestmark = pytest.mark.parametrize("engine", BOTH_ENGINES)

TEN_DAYS = Duration("exponential", 10.0, 1.0)


def most_present(activity, service):
    """Return the most servers of a service that were ever taken at once."""
    here = activity.service == activity.system.service_ids.index(service)
    came, left = np.sort(activity.start[here]), np.sort(activity.end[here])
    return (np.arange(1, len(came) + 1) - np.searchsorted(left, came, "right")).max()


def held_town(**ward):
    """Return a ward whose patients all go on to a home with ten places, late and with little patience."""
    stay = step(
        "care.stay", "ward", TEN_DAYS, [replace(branch("care.home", 1.0, Duration("constant", 2.0, 0.0)), holds=True)]
    )
    home = replace(step("care.home", "home", TEN_DAYS), patience=Duration("constant", 3.0, 0.0), unserved="care.hotel")
    hotel = step("care.hotel", "hotel", IMMEDIATELY)
    services = [replace(service("ward", 20), **ward), service("home", 8), service("hotel", 1_000)]
    return system(services, [pathway("care", 1.0, stay, home, hotel)], 100, warm_up_days=60)


def test_the_ward_stay_of_the_example_ends_when_rehabilitation_begins(engine):
    activity = run("delayed_transfer", engine)
    wards = at_step(activity, "emergency.ward")
    onward = followed_by(activity, wards, "emergency.rehabilitation")
    moved, into = np.flatnonzero(wards)[onward >= 0], onward[onward >= 0]
    assert len(moved) > 150
    assert (activity.end[moved] == activity.start[into]).all()
    asked = requested(activity)[into]
    assert (asked >= activity.start[moved]).all()
    assert (activity.wait[into] > 0).sum() > 20, "some beds are blocked"
    base = run("base", engine)
    assert (
        activity.stay[wards].sum() > base.stay[at_step(base, "emergency.ward")].sum() + 0.9 * activity.wait[into].sum()
    )
    for name, beds in (("wards", 28), ("rehabilitation", 10)):
        assert most_present(activity, name) == beds


def test_a_bed_is_kept_through_the_delay_and_the_wait(engine):
    activity = paysim.simulate(held_town(), engine=engine)
    stays = at_step(activity, "care.stay") & (activity.end < 250)
    home, hotel = (followed_by(activity, stays, f"care.{id}") for id in ("home", "hotel"))
    assert ((home >= 0) ^ (hotel >= 0)).all()
    end, start = activity.end[stays], activity.start
    assert (end == np.where(home >= 0, start[home], start[hotel])).all()
    # Two days pass before the request, and whoever has waited for three more days goes elsewhere.
    fit = np.where(home >= 0, requested(activity)[home], start[hotel] - 3.0) - 2.0
    assert (fit >= start[stays]).all()
    assert activity.wait[home[home >= 0]].max() <= 3.0
    assert min((home >= 0).sum(), (hotel >= 0).sum()) > 30
    assert most_present(activity, "ward") <= 20
    assert most_present(activity, "home") <= 8


def test_whoever_waits_takes_the_bed_at_the_moment_at_which_it_is_given_up(engine):
    activity = paysim.simulate(held_town(capacity=12), engine=engine)
    waited = at_step(activity, "care.stay") & (activity.wait > 0) & (activity.start > 0)
    assert waited.sum() > 30
    assert np.isin(activity.start[waited], activity.end[at_step(activity, "care.stay")]).all()


def test_the_next_step_at_the_same_service_goes_on_in_the_same_bed(engine):
    acute = step("care.acute", "ward", TEN_DAYS, [replace(branch("care.recovery", 1.0), holds=True)])
    activity = paysim.simulate(
        system([service("ward", 12)], [pathway("care", 1.0, acute, step("care.recovery", "ward", TEN_DAYS))]),
        engine=engine,
    )
    first = at_step(activity, "care.acute") & (activity.end < 300)
    second = followed_by(activity, first, "care.recovery")
    second = second[second >= 0]
    assert len(second) > 100
    assert not activity.wait[second].any()
    assert (activity.wait[first] > 0).mean() > 0.3, "though others wait for a bed"
    assert most_present(activity, "ward") == 12
