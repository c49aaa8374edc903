"""What each small example shows, seen from its activity alone, on both engines; bounds of three standard errors."""

from math import exp

import numpy as np
import pytest
from examples import (
    BOTH_ENGINES,
    THREE_ERRORS,
    at_step,
    by_chance,
    followed_by,
    requested,
    run,
)
from scipy import stats
from whole_run import all_arrivals

from paysim.model.calendar import HOURS_PER_DAY
from paysim.simulation.compile import compile_program

pytestmark = pytest.mark.parametrize("engine", BOTH_ENGINES)

EVERYTHING_AFTER_IS_LOGGED = 120.0
"""Days before the end of a year after which what follows a step may not have ended."""


def as_planned(times, distribution):
    return stats.kstest(times, distribution.cdf).pvalue > THREE_ERRORS


def early(activity):
    return activity.end < activity.days - EVERYTHING_AFTER_IS_LOGGED


def test_not_attending(engine):
    activity = run("not_attending", engine)
    missed, seen = at_step(activity, "outpatients.missed"), at_step(activity, "outpatients.appointment")
    assert by_chance(missed.sum(), missed.sum() + seen.sum(), 0.08)
    assert set(activity.stay[missed].tolist()) == {np.float32(round(10 / 1440 * 16384) / 16384)}, "ten minutes lost"
    assert not (followed_by(activity, seen, "outpatients.missed") >= 0).any(), "only in place of an appointment"

    lost = missed & early(activity)
    again = [followed_by(activity, lost, f"outpatients.{id}") for id in ("appointment", "missed")]
    next_row = np.maximum(*again)
    assert by_chance((next_row >= 0).sum(), lost.sum(), 0.5)
    assert by_chance((again[1] >= 0).sum(), (next_row >= 0).sum(), 0.08)
    delays = (requested(activity)[next_row] - activity.end[lost])[next_row >= 0]
    sigma = np.sqrt(np.log1p(0.2**2))
    assert as_planned(delays, stats.lognorm(sigma, scale=28 * exp(-(sigma**2) / 2)))


def test_follow_up_in_six_weeks(engine):
    activity = run("follow_up_in_six_weeks", engine)
    first = at_step(activity, "outpatients.appointment") & early(activity)
    second = followed_by(activity, first, "outpatients.follow_up")
    assert by_chance((second >= 0).sum(), first.sum(), 0.4)
    delays = (requested(activity)[second] - activity.end[first])[second >= 0]
    assert as_planned(delays, stats.norm(42, 4.2))
    assert not (followed_by(activity, at_step(activity, "outpatients.follow_up"), "outpatients.follow_up") >= 0).any()


def test_readmission(engine):
    activity = run("readmission", engine)
    stays = at_step(activity, "emergency.ward") & early(activity)
    again = followed_by(activity, stays, "emergency.ward")
    population = activity.system.population
    age = population.profile[population.cell_of(activity.resident[stays])] // 10
    for band, share in enumerate((0.13, 0.18)):
        assert (age == band).sum() > 200
        assert by_chance((again >= 0)[age == band].sum(), (age == band).sum(), share)
    delays = (requested(activity)[again] - activity.end[stays])[again >= 0]
    assert as_planned(delays, stats.expon(scale=12))


def test_opening_hours(engine):
    activity = run("opening_hours", engine)
    seen = at_step(activity, "outpatients.appointment")
    opening = activity.system.services["clinic"].opening
    assert len(opening) == 7
    hour = np.mod(activity.start[seen] + activity.system.start.weekday(), 7) * HOURS_PER_DAY
    in_hours = [(span.start <= hour) & (hour < span.stop) for span in opening]
    assert np.any(in_hours, axis=0).all()
    assert all(span.sum() > 100 for span in in_hours)
    # Those who come while it is closed are the first who are seen: some start on the very minute of every opening.
    for span in opening:
        assert np.isclose(hour, span.start, atol=24 / 16384).sum() > 40


def test_demand_over_time(engine):
    activity = run("demand_over_time", engine)
    timing = activity.system.timings["attendances"]
    asked = requested(activity)[at_step(activity, "emergency.attendance")]
    asked = asked[(asked >= 0) & (asked < activity.days - 3)]
    dates = np.datetime64(activity.system.start) + np.arange(activity.days - 3)
    months, weekdays = dates.astype("datetime64[M]").astype(int) % 12, (dates.astype(int) + 3) % 7
    weight_of_day = np.array(timing.months)[months] * np.array(timing.weekdays)[weekdays]
    day, hour = np.floor(asked).astype(int), np.floor(np.mod(asked, 1) * HOURS_PER_DAY).astype(int)
    by_hour = np.bincount(hour, minlength=24)
    for observed, expected in (
        (by_hour, np.array(timing.hours)),
        (np.bincount(weekdays[day], minlength=7), np.bincount(weekdays, weights=weight_of_day)),
        (np.bincount(months[day], minlength=12), np.bincount(months, weights=weight_of_day)),
    ):
        assert stats.chisquare(observed, expected / expected.sum() * len(asked)).pvalue > THREE_ERRORS
    assert stats.chisquare(by_hour, np.roll(by_hour, 1)).pvalue < 1e-9, "an hour's shift would be noticed"


def test_long_waits_change_the_way(engine):
    activity = run("long_waits_change_the_way", engine)
    seen = at_step(activity, "emergency.attendance") & early(activity)
    admitted = followed_by(activity, seen, "emergency.ward") >= 0
    hours = activity.wait[seen].astype(float) * HOURS_PER_DAY
    for (over, up_to), share in {(-1, 4): 0.18, (4, 12): 0.21, (12, 999): 0.26}.items():
        band = (hours > over) & (hours <= up_to)
        assert band.sum() > 40
        assert by_chance(admitted[band].sum(), band.sum(), share), (over, band.sum())


def test_waiting_room(engine):
    activity = run("waiting_room", engine)
    seen, away = at_step(activity, "emergency.rehabilitation"), at_step(activity, "emergency.home_care")
    assert away.sum() > 20
    # Those who come find two waiting, if and only if they are turned away; a moment is decided for itself.
    asked, started = np.sort(requested(activity)[seen]), np.sort(activity.start[seen])
    complete = activity.days - EVERYTHING_AFTER_IS_LOGGED

    def waiting(moments):
        return np.searchsorted(asked, moments, "left") - np.searchsorted(started, moments, "right")

    turned_away = requested(activity)[away]
    turned_away = turned_away[(turned_away > 0) & (turned_away < complete)]
    assert (waiting(turned_away) == 2).all()
    let_in = requested(activity)[seen & (activity.wait > 0)]
    let_in = let_in[(let_in > 0) & (let_in < complete)]
    assert len(let_in) > 10
    assert (waiting(let_in) < 2).all()


def test_leaving_before_being_seen(engine):
    activity = run("leaving_before_seen", engine)
    began = all_arrivals(compile_program(activity.system, 1, 1.0), activity.run.seed, 0).time
    left = at_step(activity, "emergency.consultation")
    seen = at_step(activity, "emergency.attendance") & (began[activity.episode] > 0)
    assert left.sum() > 500
    assert not np.isin(activity.episode[left], activity.episode[seen]).any()
    assert (requested(activity)[seen] == began[activity.episode[seen]]).all()
    # Whoever waits leaves at a rate of one in four hours: N minus its intensity is a martingale of variance N.
    waited = requested(activity)[left] - began[activity.episode[left]]
    hours = (activity.wait[seen].sum(dtype=float) + waited.sum()) * HOURS_PER_DAY
    assert abs(left.sum() - hours / 4) < 3 * np.sqrt(left.sum())


def test_the_seriously_ill_are_seen_first(engine):
    activity = run("servers_and_priorities", engine)
    ill, minor = at_step(activity, "emergency.attendance"), at_step(activity, "minor_injuries.attendance")
    # Nobody with a minor injury starts while somebody seriously ill waits.
    asked, started = np.sort(requested(activity)[ill]), np.sort(activity.start[ill])
    waiting = np.searchsorted(asked, activity.start[minor], "left") - np.searchsorted(
        started, activity.start[minor], "right"
    )
    assert not waiting[activity.start[minor] < activity.days - 3].any()
    assert activity.wait[minor].mean() > 2 * activity.wait[ill].mean() > 0
