"""A choice by a multinomial logit on waits, against the waits that anybody could have read off at that moment.

McFadden, "Conditional logit analysis of qualitative choice behavior" (1974): at the sensitivity that residents have,
the score of the likelihood has mean 0 and the information as its variance.
"""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import exp, sqrt

import numpy as np
import pytest
from examples import BOTH_ENGINES, at_step, by_chance, example, requested
from queue_systems import EVERYBODY, a_day, queue_system
from small_systems import at, branch, service, step

import paysim

SENSITIVITY = 2.0
"""Per day, twenty times the example's, which makes the choices tell it from others."""

ATTRACTION = {0: (exp(-0.08 * 10), exp(0.8 - 0.08 * 35)), 1: (exp(-0.08 * 30), exp(0.8 - 0.08 * 15))}
"""The example's odds of either clinic without waits, by place: minutes of travel and how it attracts."""


def head_waits(activity: paysim.Activity, service: str, moments):
    """Return how long the first in a queue has waited, in order of request, just before each moment."""
    here = activity.service == activity.system.service_ids.index(service)
    order = np.argsort(requested(activity)[here], kind="stable")
    asked, started = requested(activity)[here][order], np.maximum.accumulate(activity.start[here][order])
    first = np.searchsorted(started, moments, "right")
    asked_first = np.append(asked, np.inf)[first]
    return np.where(asked_first < moments, moments - asked_first, 0.0)


@cache
def seen_choices(engine: str):
    """Return place, whether the clinic over the river was chosen, and by how many days its head waited longer."""
    system = example("travel_and_wait")
    appointment = system.steps["outpatients.appointment"]
    sensitive = replace(appointment, service=replace(appointment.service, wait_sensitivity=SENSITIVITY))
    outpatients = replace(system.pathways["outpatients"], steps=(sensitive,))
    system = replace(system, pathways={**system.pathways, "outpatients": outpatients})
    activity = paysim.simulate(system, engine=engine)
    asked = requested(activity)
    chosen = at_step(activity, "outpatients.appointment") & (asked >= 0) & (asked < activity.days - 60)
    place = activity.system.population.place_of(activity.resident[chosen])
    near, far = (head_waits(activity, clinic, asked[chosen]) for clinic in ("clinic", "other_clinic"))
    return place, activity.service[chosen] == activity.system.service_ids.index("other_clinic"), far - near


def score(place, over_the_river, longer, sensitivity: float) -> float:
    """Return the standardised score of the logit at a sensitivity to waits."""
    near, far = np.array([ATTRACTION[number] for number in place]).T
    probability = 1 / (1 + near / far * np.exp(sensitivity * longer))
    information = (longer**2 * probability * (1 - probability)).sum()
    return float((-(over_the_river - probability) * longer).sum() / sqrt(information))


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_choices_fit_the_logit(engine):
    place, over_the_river, longer = seen_choices(engine)
    assert len(place) > 7_000
    assert abs(score(place, over_the_river, longer, SENSITIVITY)) < 3
    for wrong in (0.0, SENSITIVITY / 2, SENSITIVITY * 2):
        assert abs(score(place, over_the_river, longer, wrong)) > 5, "another sensitivity would be noticed"


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_choices_are_as_frequent_as_their_probabilities(engine):
    place, over_the_river, longer = seen_choices(engine)
    near, far = np.array([ATTRACTION[number] for number in place]).T
    probability = 1 / (1 + near / far * np.exp(SENSITIVITY * longer))
    for number in ATTRACTION:
        edges = np.quantile(longer[place == number], [0, 0.1, 0.3, 0.7, 0.9, 1])
        for low, high in pairwise(edges):
            band = (place == number) & (longer >= low) & (longer <= high)
            error = sqrt((probability * (1 - probability))[band].sum())
            assert abs(over_the_river[band].sum() - probability[band].sum()) < 3 * error


def two_hospitals(capacity: int, sensitivity: float) -> paysim.System:
    """Return two hospitals chosen once an episode, for a visit and, for most, for follow-ups."""
    choice = replace(at("near", "far", shares=[[0.7, 0.3], [0.2, 0.8]]), wait_sensitivity=sensitivity)
    visit = step("care.visit", choice, a_day(0.5), [branch("care.follow_up", 0.8, a_day(20.0))])
    follow_up = step("care.follow_up", choice, a_day(0.5), [branch("care.follow_up", 0.4, a_day(20.0))])
    return queue_system(10, [service("near", capacity), service("far", capacity)], visit, follow_up)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_without_waits_the_shares_are_as_written(engine):
    activity = paysim.simulate(two_hospitals(EVERYBODY, 5.0), engine=engine)
    assert not activity.wait.any()
    first = at_step(activity, "care.visit")
    place = activity.system.population.place_of(activity.resident)
    for number, share in enumerate((0.7, 0.2)):
        here = first & (place == number)
        assert by_chance((activity.service[here] == 0).sum(), here.sum(), share)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_choice_holds_for_the_whole_episode(engine):
    activity = paysim.simulate(two_hospitals(6, 1.0), engine=engine)
    assert (activity.wait > 0).mean() > 0.2
    pairs = np.unique(np.stack([activity.episode, activity.service]), axis=1)
    assert len(pairs.T) == len(np.unique(activity.episode))
    assert np.bincount(activity.episode).max() > 5


def test_the_example_is_the_one_reckoned_with():
    shares = example("travel_and_wait").steps["outpatients.appointment"].service.shares
    for number, (near, far) in ATTRACTION.items():
        assert shares[number] == pytest.approx([near / (near + far), far / (near + far)])
