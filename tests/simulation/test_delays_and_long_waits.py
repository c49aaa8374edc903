"""Ways on at their exact times, after long waits and for those who do not come, in systems made to tell them apart."""

from dataclasses import replace

import numpy as np
import pytest
from examples import BOTH_ENGINES, at_step, by_chance, followed_by, requested
from small_systems import ABOUT_A_DAY, branch, by_kind, everyone, pathway, service, step, system

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.pathway import AfterWait, Duration, NotAttending

pytestmark = pytest.mark.parametrize("engine", BOTH_ENGINES)

SIX_WEEKS = Duration("constant", 42.0, 0.0)


def test_six_weeks_are_six_weeks(engine):
    visit = step("care.visit", "clinic", ABOUT_A_DAY, [branch("care.follow_up", 1.0, SIX_WEEKS)])
    town = system([service("clinic", 8)], [pathway("care", 3.0, visit, step("care.follow_up"))])
    activity = paysim.simulate(town, engine=engine)
    first = at_step(activity, "care.visit") & (activity.end < 250)
    second = followed_by(activity, first, "care.follow_up")
    assert (second >= 0).all()
    assert set((requested(activity)[second] - activity.end[first]).tolist()) == {42.0}
    assert (activity.wait[second] > 0).mean() > 0.1, "the wait comes after the delay"


def test_the_way_on_is_that_of_the_longest_limit_that_the_wait_exceeded(engine):
    """Shares far apart, by kind of resident, and two ways on."""
    home, ward = by_kind(0.1, 0.2, 0.3, 0.4), everyone(0.3)
    long, longest = by_kind(0.6, 0.5, 0.0, 0.1), by_kind(0.0, 0.1, 0.7, 0.6)
    ways = [
        replace(branch("care.home", home), after_wait=(AfterWait(0.25, long), AfterWait(1.0, longest))),
        replace(branch("care.ward", ward), after_wait=(AfterWait(0.5, everyone(0.05)),)),
    ]
    visit = step("care.visit", "clinic", Duration("exponential", 0.5, 1.0), ways)
    steps = visit, step("care.home", "ample"), step("care.ward", "ample")
    town = system([service("clinic", 6), service("ample", 1_000)], [pathway("care", 9.6, *steps)])
    activity = paysim.simulate(town, engine=engine, years=2)
    seen = at_step(activity, "care.visit") & (activity.end < activity.days - 10)
    went = [followed_by(activity, seen, f"care.{way}") >= 0 for way in ("home", "ward")]
    wait, kind = activity.wait[seen], activity.resident[seen] // 100
    expected = {
        (-1.0, 0.25): (home, ward),
        (0.25, 0.5): (long, ward),
        (0.5, 1.0): (long, everyone(0.05)),
        (1.0, np.inf): (longest, everyone(0.05)),
    }
    for (over, up_to), tables in expected.items():
        for number in range(4):
            band = (wait > over) & (wait <= up_to) & (kind == number)
            assert band.sum() > 60, (over, number)
            for way, table in zip(went, tables, strict=True):
                share = table[number // 2, 10 * (number % 2)]
                count = way[band].sum()
                assert count == 0 if share == 0 else by_chance(count, band.sum(), share), (over, number)


def test_those_who_come_live_as_if_everybody_came(engine):
    """With room for all, whoever attends has the rows that they have where nobody is ever absent."""
    visit = step("care.visit", "clinic", ABOUT_A_DAY, [branch("care.visit", 0.3, SIX_WEEKS)])
    absent = replace(visit, not_attending=NotAttending(by_kind(0.0, 0.1, 0.5, 1.0), "care.missed"))
    missed = step("care.missed", "letter", Duration("constant", 0.0, 0.0))
    services = [service("clinic", 1_000), service("letter", 1_000)]
    town, every = (system(services, [pathway("care", 4.0, one, missed)], 300) for one in (absent, visit))
    activity, attended = (paysim.simulate(one, engine=engine) for one in (town, every))
    lost, first = at_step(activity, "care.missed"), first_rows(activity)
    kind = activity.resident // 300
    for number, share in enumerate((0.0, 0.1, 0.5, 1.0)):
        here = (kind == number) & first
        absences = (lost & here).sum()
        assert absences in (0, here.sum()) if share in (0.0, 1.0) else by_chance(absences, here.sum(), share)
    never_lost = ~np.isin(activity.episode, activity.episode[lost])
    same = np.isin(attended.episode, activity.episode[never_lost])
    for column in COLUMNS:
        assert getattr(activity, column)[never_lost].tobytes() == getattr(attended, column)[same].tobytes(), column


def first_rows(activity):
    """Return which rows are the first of their episodes."""
    first = np.zeros(len(activity), dtype=bool)
    first[np.unique(activity.episode, return_index=True)[1]] = True
    return first
