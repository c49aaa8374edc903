"""Opening hours: work starts within them to the tick, and work begun is finished after closing."""

from dataclasses import replace

import numpy as np
import pytest
from small_systems import WEEKDAYS, branch, pathway, service, step, system

from paysim import begin
from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, TICKS_PER_DAY
from paysim.model.pathway import Duration
from paysim.model.service import FollowsActivity, OpenHours
from paysim.simulation.simulate import simulate

EVERY_DAY = tuple(OpenHours(24 * day, 24 * (day + 1)) for day in range(7))
NINE_TO_SIX = tuple(OpenHours(24 * day + 9, 24 * day + 18) for day in range(7))
TICK = 1.0 / TICKS_PER_DAY


def hour_of_week(system, days):
    return np.mod(days + system.start.weekday(), DAYS_PER_WEEK) * HOURS_PER_DAY


def is_open(system, opening, days):
    hour = hour_of_week(system, days)
    return np.any([(span.start <= hour) & (hour < span.stop) for span in opening], axis=0)


def clinic(opening, duration, rate=20.0, capacity=1):
    return system(
        [service(capacity=capacity, opening=opening)], [pathway("care", rate, step("care.visit", duration=duration))]
    )


@pytest.mark.parametrize(
    "opening", [WEEKDAYS, NINE_TO_SIX, (OpenHours(50.25, 75.0),)], ids=["weekdays", "daily", "odd"]
)
def test_nothing_starts_while_closed_and_work_begun_is_finished(opening):
    town = clinic(opening, Duration("lognormal", 1 / 24, 1.0), rate=0.5)
    activity = simulate(town, years=1, seed=1)
    assert len(activity) > 100
    assert is_open(town, opening, activity.start).all()
    if len(opening) > 1:
        assert not is_open(town, opening, activity.end).all()
    requests = activity.start - activity.wait
    at_once = activity.wait == 0
    assert (activity.wait[~is_open(town, opening, requests)] > 0).all()
    assert at_once.any()


def test_what_came_overnight_starts_on_the_first_tick_of_the_morning():
    town = clinic(WEEKDAYS, Duration("constant", TICK, 0.0), capacity=10_000)
    activity = simulate(town, years=1, seed=1)
    waited = activity.wait > 0
    opened = hour_of_week(town, activity.start[waited]) - HOURS_PER_DAY * np.arange(5)[:, None]
    late = np.where(opened >= 8.0, opened - 8.0, np.inf).min(axis=0)
    assert waited.sum() > 1_000
    assert late.max() < TICK * HOURS_PER_DAY


def test_times_are_whole_ticks_whatever_the_opening_hours():
    activity = simulate(clinic(WEEKDAYS, Duration("lognormal", 0.02, 1.0)), years=1, seed=1)
    for times in (activity.start, activity.wait, activity.stay):
        assert (times * TICKS_PER_DAY == np.floor(times * TICKS_PER_DAY)).all()
    assert (activity.wait > 0).any()


def test_an_end_at_closing_time_lets_nobody_else_start():
    # Three hours are a whole number of ticks: work that began at 09:00 ends at 12:00, 15:00 and 18:00 sharp.
    town = clinic(NINE_TO_SIX, Duration("constant", 0.125, 0.0))
    activity = simulate(town, years=1, seed=1)
    assert (activity.wait > 1.0).any(), "nobody had to wait for the next day"
    assert np.mod(activity.end, 1.0).max() == 0.75
    assert set(np.mod(activity.start, 1.0)[activity.wait > 0]) == {9 / 24, 12 / 24, 15 / 24}


def test_open_all_day_every_day_is_always_open():
    steps = step("care.visit", duration=Duration("exponential", 0.05, 1.0), branches=[branch("care.visit", 0.2)])
    one, other = (
        simulate(system([service(opening=opening)], [pathway("care", 10.0, steps)]), years=1, seed=3)
        for opening in ((), EVERY_DAY)
    )
    assert len(one) > 2_000
    assert np.array_equal(one.start, other.start)
    assert np.array_equal(one.resident, other.resident)


def test_a_span_over_midnight_is_two_that_touch():
    night = (OpenHours(22.0, 24.0), OpenHours(24.0, 30.0), OpenHours(166.0, 168.0), OpenHours(0.0, 6.0))
    town = clinic(night, Duration("constant", 0.25, 0.0), rate=0.25)
    activity = simulate(town, years=1, seed=1)
    assert is_open(town, night, activity.start).all()
    assert (hour_of_week(town, activity.start) < 6.0).any()
    monday_midnight = hour_of_week(town, activity.start) == 0.0
    assert monday_midnight.sum() < 30, "work that waits for Monday has already begun on Sunday at 22:00"


EVENINGS = tuple(OpenHours(24 * day + 20, 24 * day + 24) for day in range(7))
MORNINGS = tuple(OpenHours(24 * day, 24 * day + 4) for day in range(7))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
@pytest.mark.parametrize("opening", [EVENINGS, NINE_TO_SIX])
def test_more_servers_at_midnight_do_not_open_what_closes_then(opening, engine):
    hours = Duration("constant", 0.4, 0.0)
    running = begin(clinic(opening, hours), years=1, seed=1, engine=engine)
    running.advance()
    running.change(town := clinic(EVENINGS, hours, capacity=40))
    running.advance()
    starts = running.activity().start
    assert is_open(town, opening, starts[starts < 30]).all()
    assert is_open(town, EVENINGS, starts[starts >= 30]).all()


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_what_opens_when_settings_change_starts_at_once(engine):
    hours = Duration("constant", 0.4, 0.0)
    running = begin(clinic(NINE_TO_SIX, hours), years=1, seed=1, engine=engine)
    running.advance()
    running.change(clinic(MORNINGS, hours, capacity=40))
    running.advance()
    assert (running.activity().start == 30.0).sum() == 40


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_what_follows_activity_and_closes_at_midnight_stays_closed(engine):
    town = clinic(EVENINGS, Duration("constant", 0.4, 0.0))
    town = replace(
        town, services={"clinic": replace(town.services["clinic"], follows_activity=FollowsActivity(1, 1, 0.1))}
    )
    running = begin(town, years=1, seed=1, engine=engine)
    running.advance(3)
    assert is_open(town, EVENINGS, running.activity().start).all()
