"""Capacity that follows activity: the rule, reckoned again in plain Python, is the capacity that residents met."""

from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from examples import BOTH_ENGINES, requested, run
from small_systems import WEEKDAYS, pathway, service, step, system

import paysim
from paysim.model.calendar import period_starts
from paysim.model.pathway import Duration, Timing
from paysim.model.service import FollowsActivity

MANY = 1_000_000

SUMMER = Timing("summer", (1.0,) * 24, (1.0,) * 7, (1.0, 1.0, 1.0, 2.0, 4.0, 4.0, 6.0, 4.0, 2.0, 1.0, 1.0, 1.0))


def planned(activity, name):
    """Return a service's capacity in each month, from what is written and the work logged."""
    service = activity.system.services[name]
    follows, starts = service.follows_activity, period_starts(activity.system.start, activity.periods)
    here = activity.service == activity.system.service_ids.index(name)
    capacities = []
    for month in range(activity.periods):
        if month < follows.lag_months:
            capacities.append(service.capacity)
            continue
        begin, end = starts[month - follows.lag_months], starts[month - follows.lag_months + 1]
        ended = here & (activity.end >= begin) & (activity.end < end)
        busy = activity.stay[ended].sum(dtype=float) / ((end - begin) * service.open_share)
        steps = ceil(busy / (follows.servers_per_step * follows.planned_utilisation) - 1e-9)
        capacities.append(max(1, steps) * follows.servers_per_step)
    return capacities


def met(activity, name):
    """Return by month the most servers taken by whoever began, and the fewest taken where whoever came had to wait."""
    service = activity.system.services[name]
    here = activity.service == activity.system.service_ids.index(name)
    begun, end = np.sort(activity.start[here]), np.sort(activity.end[here])
    asked = requested(activity)[here & (activity.wait > 0)]
    hour = np.mod(asked + activity.system.start.weekday(), 7) * 24
    is_open = [(span.start <= hour) & (hour < span.stop) for span in service.opening]
    asked = asked[np.any(is_open, axis=0)] if is_open else asked

    def by_month(moments, least, best):
        taken = np.searchsorted(begun, moments, "right") - np.searchsorted(end, moments, "right")
        months = np.searchsorted(period_starts(activity.system.start, activity.periods), moments, "right") - 1
        return np.array([best(taken[months == month], initial=least) for month in range(activity.periods)])

    return by_month(begun, 0, np.max), by_month(asked, MANY, np.min)


def agrees(capacities, most, fewest):
    """Tell whether nobody began beyond a capacity, nor waited below it.

    A month that begins with fewer servers has those who finish; in the last two some stays are not logged.
    """
    fewer = np.append(False, np.diff(capacities) < 0)
    return (most <= capacities)[~fewer].all() and (fewest >= capacities)[:-2].all()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_the_wards_of_the_example(engine):
    activity = run("capacity_follows_activity", engine)
    capacities, (most, fewest) = np.array(planned(activity, "wards")), met(activity, "wards")
    assert (capacities[:6] == 35).all()
    assert set(capacities) == {28, 35}
    assert agrees(capacities, most, fewest)
    assert (most == capacities).sum() >= 6


def summer_clinic(**follows):
    visit = step("care.visit", "clinic", Duration("exponential", 0.25, 1.0))
    clinic = replace(service("clinic", 12, WEEKDAYS), follows_activity=FollowsActivity(2, **follows))
    return system([clinic], [pathway("care", 20.0, visit, timing="summer")], 80, timings=[SUMMER], warm_up_days=30)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
@pytest.mark.parametrize("lag", [1, 4])
def test_a_clinic_follows_the_seasons_late(engine, lag):
    activity = paysim.simulate(summer_clinic(lag_months=lag, planned_utilisation=0.7), years=2, engine=engine)
    capacities, (most, fewest) = np.array(planned(activity, "clinic")), met(activity, "clinic")
    assert (capacities[:lag] == 12).all()
    assert len(set(capacities)) > 5
    assert agrees(capacities, most, fewest)
    assert (fewest < MANY).sum() > 12
    assert (most == capacities).sum() > 12
    assert not agrees(np.roll(capacities, 1), most, fewest), "another lag would be noticed"


def following_from(system, months, engine, look):
    """Return activity of 12 months without following, 2 with and, after as many on and off as said, 12 more with."""
    running = paysim.begin(system, years=3, engine=engine)
    clinic = system.services["clinic"]
    as_it_was = replace(system, services={"clinic": replace(clinic, follows_activity=None)})
    for other, span in ((as_it_was, 12), (system, 2), (as_it_was, months), (system, 22 - months)):
        running.change(other)
        for _ in range(span):
            running.advance()
            if look:
                running.activity()
    return running.activity()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
@pytest.mark.parametrize("months", [0, 6])
def test_what_follows_late_or_again_follows_single_months(engine, months):
    clinic = summer_clinic(lag_months=1, planned_utilisation=0.7)
    activity = following_from(clinic, months, engine, look=False)
    rule = np.array(planned(activity, "clinic"))
    # What has begun to follow has no work to follow yet; whoever follows on does.
    expected = [12] * 13 + [*rule[13:14]] + [12] * (months + (months > 0)) + [*rule[14 + months + (months > 0) :]]
    assert list(activity.servers["clinic"]) == expected
    looked_at = following_from(clinic, months, engine, look=True)
    assert looked_at.servers == activity.servers
    assert looked_at.stay.tobytes() == activity.stay.tobytes()


@pytest.mark.parametrize("capacity", [2, 40])
def test_once_the_lag_is_over_another_capacity_changes_nothing_but_none_closes(capacity):
    town = summer_clinic(lag_months=1, planned_utilisation=0.7)
    other, closed = (
        replace(town, services={"clinic": replace(town.services["clinic"], capacity=each)}) for each in (capacity, 0)
    )
    running = paysim.begin(town, years=1)
    for settings in (town, other, closed, town):
        running.change(settings)
        running.advance(3)
    usual = paysim.simulate(town, years=1)
    servers = running.activity().servers["clinic"]
    assert servers[:6] == usual.servers["clinic"][:6]
    assert servers[6:9] == (0, 0, 0)
    assert servers[9] > 0
