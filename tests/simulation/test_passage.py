"""When demand begins: closed forms of the time to a step's end, and a run whose first month is like all others."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import gamma
from small_systems import branch, pathway, service, step, system

from paysim.model.pathway import Duration
from paysim.simulation.passage import LONGEST_LEAD, MOST_MISSING, MOST_MISSING_OF_ONE, first_days
from paysim.simulation.simulate import simulate

WARM_UP = 20


def town(*pathways, warm_up_days=WARM_UP):
    return system([service(capacity=10_000)], pathways, residents=500, warm_up_days=warm_up_days)


def constant(days):
    return Duration("constant", days, 0.0)


def exponential(days):
    return Duration("exponential", days, 1.0)


def lead_of(mean, variance, missing=MOST_MISSING_OF_ONE):
    return math.ceil(gamma.isf(missing, mean**2 / variance, scale=variance / mean))


def test_a_stay_of_any_length():
    assert first_days(town(pathway("p", 1.0, step("p.a", duration=constant(3.5))))).tolist() == [-WARM_UP - 4]
    # The length of the stay that a day of service belongs to is the sum of two exponential times.
    lead = lead_of(20.0, 200.0)
    assert first_days(town(pathway("p", 1.0, step("p.a", duration=exponential(10.0))))).tolist() == [-WARM_UP - lead]


@pytest.mark.parametrize(
    ("duration", "mean", "variance"),
    [
        (Duration("lognormal", 10.0, 1.0), 20.0, 400.0),
        (Duration("uniform", 10.0, 0.5), 12.5, 18.75),
        (Duration("normal", 10.0, 0.5), 12.5, 18.75),
    ],
)
def test_days_of_service_belong_to_longer_stays(duration, mean, variance):
    # After an exponential stay of 4 days and a constant delay of 3.
    first = step("p.a", duration=exponential(4.0), branches=[branch("p.b", 0.5, delay=constant(3.0))])
    lead = lead_of(7.0 + mean, 16.0 + variance)
    assert first_days(town(pathway("p", 1.0, first, step("p.b", duration=duration)))).tolist() == [-WARM_UP - lead]


def several(number, later):
    """Return a system of so many pathways alike, each of which leads to one step alike."""
    first = [branch("q.b", 0.5, delay=constant(later))]
    pathways = [
        pathway(f"p{each}", 1.0, step(f"p{each}.a", duration=constant(0.0), branches=first)) for each in range(number)
    ]
    return town(*pathways, pathway("q", None, step("q.b", duration=exponential(10.0))))


def test_each_of_many_pathways_begins_early_enough():
    assert (first_days(several(34, later=200.0)) < -WARM_UP - 200).all()


@pytest.mark.parametrize("number", [4, 10, 50])
def test_pathways_alike_miss_little_together(number):
    # Each may miss an equal part of MOST_MISSING, or MOST_MISSING_OF_ONE where that is less, of its share 1 / number.
    missing = min(MOST_MISSING, number * MOST_MISSING_OF_ONE)
    assert first_days(several(number, later=0.0)).tolist() == [-WARM_UP - lead_of(20.0, 200.0, missing)] * number


def test_a_step_months_later_counts_however_few_come_to_it():
    first = step("p.a", duration=constant(1.0), branches=[branch("p.b", 0.01, delay=constant(200.0))])
    assert first_days(town(pathway("p", 1.0, first, step("p.b", duration=constant(2.0))))).tolist() == [-WARM_UP - 203]


def test_a_step_that_others_lead_to_more_often_does_not_count():
    seldom = step("p.a", duration=constant(1.0), branches=[branch("q.b", 0.02, delay=constant(200.0))])
    often = step("q.b", duration=constant(2.0))
    assert first_days(town(pathway("p", 1.0, seldom), pathway("q", 1.0, often))).tolist() == [
        -WARM_UP - 1,
        -WARM_UP - 2,
    ]


def test_visits_that_repeat_themselves_thin_out():
    # Begins after 0, 1, 2, ... stays of mean 5, each followed by another with probability 0.6: with 0.6 after an
    # exponential time of mean 12.5, else at once. The stay that a day belongs to has mean 10 and variance 50.
    again = step("p.a", duration=exponential(5.0), branches=[branch("p.a", 0.6)])
    lead = lead_of(0.6 * 12.5 + 10.0, 0.6 * 2 * 12.5**2 - 7.5**2 + 50.0)
    assert first_days(town(pathway("p", 1.0, again))).tolist() == [-WARM_UP - lead]


def test_there_is_a_longest_lead():
    for probability in (0.999, 1.0):
        again = step("p.a", duration=constant(30.0), branches=[branch("p.a", probability)])
        assert first_days(town(pathway("p", 1.0, again))).tolist() == [-WARM_UP - LONGEST_LEAD]


def test_steps_that_nobody_comes_to_do_not_count():
    first = step("p.a", duration=constant(1.0), branches=[branch("p.b", 0.0, delay=constant(200.0))])
    assert first_days(town(pathway("p", 1.0, first, step("p.b")), pathway("q", 0.0, step("q.c")))).tolist() == [
        -21,
        -20,
    ]


def test_nothing_comes_before_an_empty_start():
    first = step("p.a", branches=[branch("p.b", 0.5, delay=constant(200.0))])
    place = town(pathway("p", 1.0, first, step("p.b")), warm_up_days=0)
    assert first_days(place).tolist() == [0.0]
    assert first_days(replace(place, pathways={})).tolist() == []


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_the_first_month_is_like_all_others(engine):
    first = step("p.a", duration=constant(0.01), branches=[branch("p.b", 0.5, delay=constant(240.0))])
    later = step("p.b", duration=exponential(30.0))
    activity = simulate(town(pathway("p", 12.0, first, later)), years=1, seed=5, engine=engine)
    months = np.bincount(activity.period()[activity.step == 1], minlength=12)
    expected = 2_000 * 12.0 * 0.5 * np.array([30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31]) / 365
    assert (np.abs(months - expected) < 4 * np.sqrt(expected)).all()
