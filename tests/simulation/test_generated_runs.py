"""What holds in every run of every system: lives as drawn; capacity, hours and order of service kept; nobody lost."""

from collections import defaultdict

import numpy as np
from generated_systems import ENOUGH_TO_FINISH, Finished, finish, finished_runs
from hypothesis import given, settings
from lives import life

from paysim.model.activity import COLUMNS
from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, TICKS_PER_DAY

TICK = 1.0 / TICKS_PER_DAY


def generated(examples):
    def decorate(test):
        return settings(max_examples=examples, deadline=None)(given(run=finished_runs())(test))

    return decorate


def requests(activity):
    return activity.start - activity.wait


def servers(service, weekday, moments):
    """Return how many servers may start work at each moment."""
    hour = np.mod(moments + weekday, DAYS_PER_WEEK) * HOURS_PER_DAY
    opened = [(span.start <= hour) & (hour < span.stop) for span in service.opening]
    return service.capacity * (np.any(opened, axis=0) if opened else np.ones(len(moments), dtype=bool))


def count_at(moments, starts, stops):
    """Return how many half-open spans hold each moment."""
    return np.searchsorted(np.sort(starts), moments, "right") - np.searchsorted(np.sort(stops), moments, "right")


@generated(40)
def test_every_episode_lives_the_life_that_its_draws_say(run: Finished):
    system, activity = run.system, run.activity
    rows = defaultdict(list)
    for row, episode in enumerate(activity.episode.tolist()):
        rows[episode].append(row)
    for episode in range(len(run.arrivals.time)):
        resident = int(run.program.residents.number[run.arrivals.resident[episode]])
        entry, stream = system.step_ids[run.arrivals.step[episode]], int(run.arrivals.stream[episode])
        requested = run.arrivals.time[episode]
        expected = list(life(system, resident, stream, entry, run.seed, run.replication))
        assert len(rows[episode]) == len(expected) or hopeless(run, rows[episode])
        for row, visit in zip(rows[episode], expected, strict=False):
            assert activity.resident[row] == resident
            assert system.step_ids[activity.step[row]] == visit.step
            assert system.service_ids[activity.service[row]] == visit.service
            assert (system.codes[activity.code[row]] if activity.code[row] >= 0 else "") == visit.code
            assert activity.stay[row] == visit.stay
            assert requests(activity)[row] == requested
            requested = activity.end[row] + visit.delay


def hopeless(run, rows):
    """Return whether an episode can have been at a service with a queue so long that the run ended before it did."""
    late = run.program.stop - 60.0
    last_start = [run.activity.start[run.activity.service == s].max(initial=0) for s in range(len(run.system.services))]
    return max(last_start) > late or run.activity.end[rows[-1:]].max(initial=0) > late


@generated(40)
def test_no_service_is_ever_over_capacity_or_idle_while_somebody_waits(run: Finished):
    activity, weekday = run.activity, run.system.start.weekday()
    for number, service in enumerate(run.system.services.values()):
        here = activity.service == number
        start, end, request = activity.start[here], activity.end[here], requests(activity)[here]
        week = np.arange(-7.0, DAYS_PER_WEEK * 60, DAYS_PER_WEEK) - weekday
        opening = [np.ceil((week + span.start / HOURS_PER_DAY) * TICKS_PER_DAY) * TICK for span in service.opening]
        moments = np.unique(np.concatenate([start, end, request, *opening]))
        moments = moments[(moments >= 0) & (moments < run.program.stop - ENOUGH_TO_FINISH / 2)]
        busy, waiting = count_at(moments, start, end), count_at(moments, request, start)
        assert (busy <= service.capacity).all()
        assert (busy >= servers(service, weekday, moments))[waiting > 0].all()
        assert (servers(service, weekday, start) > 0).all()


@generated(40)
def test_nobody_is_overtaken_but_by_priority(run: Finished):
    activity = run.activity
    priority = np.array([step.priority for step in run.system.steps.values()])
    for number, service in enumerate(run.system.services.values()):
        here = np.flatnonzero(activity.service == number)[:2_000]
        start, request = activity.start[here], requests(activity)[here]
        rank = priority[activity.step[here]] if service.discipline == "priority" else np.zeros(len(here))
        waits = activity.wait[here] > 0
        # Rows: who waits; columns: who starts meanwhile.
        meanwhile = (request[waits, None] < start) & (start < start[waits, None])
        better = (rank[waits, None] < rank) | ((rank[waits, None] == rank) & (request[waits, None] < request))
        assert not (meanwhile & better).any()


@generated(40)
def test_the_log_is_in_order_and_on_the_clock(run: Finished):
    activity = run.activity
    assert (activity.wait >= 0).all()
    assert (activity.stay >= 0).all()
    for times in (activity.start, activity.wait, activity.stay):
        assert (times * TICKS_PER_DAY == np.floor(times * TICKS_PER_DAY)).all()
    assert np.array_equal(np.lexsort((activity.episode, activity.end)), np.arange(len(activity)))


@generated(40)
def test_both_engines_write_the_same_rows(run: Finished):
    other = finish(run.system, run.seed, run.replication, engine="simpy").activity
    for column in COLUMNS:
        assert getattr(run.activity, column).tobytes() == getattr(other, column).tobytes(), column


@generated(15)
def test_times_of_day_and_codes_belong_to_the_system(run: Finished):
    activity, system = run.activity, run.system
    offered = [
        {system.service_ids.index(one) for one, share in zip(step.service.services, shares, strict=True) if share > 0}
        for step in system.steps.values()
        for shares in step.service.shares
    ]
    place = system.population.place_of(activity.resident)
    assert all(s in offered[2 * t + p] for s, t, p in zip(activity.service, activity.step, place, strict=True))


def test_generated_runs_are_worth_testing():
    """The strategy makes queues, closed doors, ties and long lives, or the tests above would prove little."""
    seen = {"waits": 0, "closed": 0, "priority": 0, "long": 0, "ties": 0}

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(run=finished_runs())
    def look(run):
        activity = run.activity
        seen["waits"] += bool((activity.wait > 0).mean() > 0.1) if len(activity) else 0
        seen["closed"] += any(service.opening for service in run.system.services.values())
        seen["priority"] += any(service.discipline == "priority" for service in run.system.services.values())
        seen["long"] += len(activity) > 1.3 * len(run.arrivals.time) > 10
        seen["ties"] += len(activity) - len(np.unique(activity.end)) > 3

    look()
    assert min(seen.values()) >= 6, seen
