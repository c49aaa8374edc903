"""What no config could say, no run begins or goes on with: it is refused before anything of it is taken."""

import re
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.need import Need
from paysim.model.pathway import IMMEDIATELY, AfterWait, Branch, Duration, NotAttending
from paysim.model.service import FollowsActivity, OpenHours

FOLDER = Path(__file__).parents[2] / "configs" / "how-to"
WHOLE_CAPACITY = "expected a whole number of at least 0"


@pytest.fixture(scope="module")
def town():
    return paysim.load(FOLDER / "one_hospital.toml")


@pytest.fixture(scope="module")
def usual(town):
    return paysim.simulate(town, sample=0.1)


def columns(activity):
    return {name: getattr(activity, name).tobytes() for name in COLUMNS}


def wards(**changes):
    def change(town):
        return replace(town, services={**town.services, "wards": replace(town.services["wards"], **changes)})

    return change


def rate(of):
    def change(town):
        pathway = town.pathways["emergency"]
        demand = replace(pathway.demand, rate=of(pathway.demand.rate))
        return replace(town, pathways={**town.pathways, "emergency": replace(pathway, demand=demand)})

    return change


def attendance(**changes):
    """Change the step of the emergency department, each key by what is given or, if that is a function, returned."""

    def change(town):
        pathway = town.pathways["emergency"]
        step = town.steps["emergency.attendance"]
        values = {name: value(step) if callable(value) else value for name, value in changes.items()}
        steps = tuple(replace(step, **values) if each.id == step.id else each for each in pathway.steps)
        return replace(town, pathways={**town.pathways, "emergency": replace(pathway, steps=steps)})

    return change


def branch(**changes):
    return attendance(branches=lambda step: (replace(step.branches[0], **changes), *step.branches[1:]))


def lasting(distribution, mean, cv):
    return attendance(duration=Duration(distribution, mean, cv))


def like_the_rate(town, value):
    return np.full_like(town.pathways["emergency"].demand.rate, value)


def missing(value):
    return lambda town: attendance(not_attending=NotAttending(like_the_rate(town, value), "emergency.ward"))(town)


def going_on(value, *more):
    """Let the first way on from the emergency department have a probability, and further ones beside it."""

    def change(town):
        others = tuple(
            Branch("emergency.ward", like_the_rate(town, probability), Duration("constant", 0.0, 0.0))
            for probability in more
        )
        return attendance(
            branches=lambda step: (replace(step.branches[0], probability=like_the_rate(town, value)), *others)
        )(town)

    return change


def after_a_wait(value):
    return lambda town: branch(after_wait=(AfterWait(0.5, like_the_rate(town, value)),))(town)


def shares(of):
    return attendance(service=lambda step: replace(step.service, shares=of(step.service.shares)))


def mix(of):
    def change(town):
        id, mix = next(iter(town.case_mixes.items()))
        first, *others = mix.entries
        return replace(town, case_mixes={**town.case_mixes, id: replace(mix, entries=(of(first), *others))})

    return change


def standing_in_for_itself(town):
    return attendance(unserved="emergency.attendance")(town)


def round_and_round(town):
    again = Branch("emergency.attendance", like_the_rate(town, 1.0), IMMEDIATELY)
    return attendance(branches=(again,), duration=IMMEDIATELY)(town)


IMPOSSIBLE = {
    "a circle at one instant": (
        standing_in_for_itself,
        "emergency.attendance.unserved: found steps that take each other's place in a circle: "
        "emergency.attendance -> emergency.attendance; expected a chain that ends",
    ),
    "a circle that never ends": (
        round_and_round,
        "emergency.attendance.next: found a cycle that never ends; expected a way out with a probability above 0",
    ),
    "capacity below zero": (wards(capacity=-5), f"service.wards.capacity: found -5; {WHOLE_CAPACITY}"),
    "half a bed": (wards(capacity=2.5), f"service.wards.capacity: found 2.5; {WHOLE_CAPACITY}"),
    "capacity beyond 32 bits": (wards(capacity=2**31), "service.wards.capacity: found 2147483648; expected at most"),
    "waiting room": (wards(waiting_room=-1), f"service.wards.waiting_room: found -1; {WHOLE_CAPACITY}"),
    "closing before opening": (
        wards(opening=(OpenHours(20.0, 8.0),)),
        "service.wards.opening: found hours 20 to 8 of the week; expected spans that end after they begin and do not"
        " overlap, between 0 and 168",
    ),
    "overlapping hours": (
        wards(opening=(OpenHours(8.0, 12.0), OpenHours(11.0, 13.0))),
        "service.wards.opening: found hours 11 to 13",
    ),
    "no step to follow by": (
        wards(follows_activity=FollowsActivity(0, 1)),
        "service.wards.follows_activity.servers_per_step: found 0; expected a whole number of at least 1",
    ),
    "no lag to follow by": (
        wards(follows_activity=FollowsActivity(4, 0)),
        "service.wards.follows_activity.lag_months: found 0",
    ),
    "negative rate": (rate(lambda rate: -rate), "pathway.emergency.demand.rate: found -"),
    "no rate": (rate(lambda rate: rate * np.nan), "pathway.emergency.demand.rate: found nan; expected 0 to 700"),
    "endless rate": (
        rate(lambda rate: np.full_like(rate, np.inf)),
        "pathway.emergency.demand.rate: found inf; expected 0 to 700",
    ),
    "a rate for all": (rate(lambda rate: 0.4), "pathway.emergency.demand.rate: found an array of shape (); expected"),
    "negative duration": (
        lasting("exponential", -1.0, 1.0),
        "emergency.attendance.duration.mean: found -1; expected 0 to 1e+12",
    ),
    "no duration": (attendance(duration=None), "emergency.attendance.duration: found none"),
    "not a duration": (lasting("lognormal", np.nan, 0.5), "emergency.attendance.duration.mean: found nan"),
    "negative spread": (lasting("lognormal", 1.0, -0.5), "emergency.attendance.duration.cv: found -0.5"),
    "uniform below zero": (
        lasting("uniform", 1.0, 0.6),
        "emergency.attendance.duration.cv: found 0.6; expected at most 0.577, so that no time is negative",
    ),
    "normal cut off": (
        lasting("normal", 1.0, 0.6),
        "emergency.attendance.duration.cv: found 0.6; expected at most 0.5, so that cutting off at zero hardly moves",
    ),
    "unknown distribution": (
        lasting("gamma", 1.0, 0.6),
        "emergency.attendance.duration.distribution: found 'gamma'; expected constant, exponential, lognormal",
    ),
    "patience": (attendance(patience=Duration("constant", -1.0, 0.0)), "emergency.attendance.patience.mean: found -1"),
    "delay": (branch(delay=Duration("constant", -1.0, 0.0)), "emergency.attendance.next[0].delay.mean: found -1"),
    "negative probability": (
        going_on(-0.1),
        "emergency.attendance.next[0].probability: found -0.1; expected 0 to 1",
    ),
    "more than certain": (going_on(1.2), "emergency.attendance.next[0].probability: found 1.2; expected 0 to 1"),
    "together more than certain": (
        going_on(0.6, 0.5),
        "emergency.attendance.next: found probabilities that add up to 1.1; expected at most 1",
    ),
    "a limit of wait": (
        branch(after_wait=(AfterWait(-0.5, np.zeros(1)),)),
        "emergency.attendance.next[0].after_wait[0].over: found -0.5",
    ),
    "after a wait": (
        after_a_wait(np.nan),
        "emergency.attendance.next[0].after_wait[0].probability: found nan; expected 0 to 1",
    ),
    "not attending": (missing(1.5), "emergency.attendance.not_attending.probability: found 1.5; expected 0 to 1"),
    "nowhere": (branch(to="emergency.roof"), "emergency.attendance.next[0].to: unknown step 'emergency.roof'"),
    "no service": (
        attendance(service=lambda step: replace(step.service, group="", services=("roof",))),
        "emergency.attendance.service: unknown service 'roof'",
    ),
    "shares below zero": (shares(lambda shares: -shares), "emergency.attendance.service.shares: found -"),
    "shares of half": (
        shares(lambda shares: shares / 2),
        "emergency.attendance.service.shares: found shares that add up to 0.5; expected 1",
    ),
    "a share of a case mix": (
        mix(lambda entry: replace(entry, share=1.5)),
        "share: found 1.5; expected 0 to 1",
    ),
    "shares of a case mix": (
        mix(lambda entry: replace(entry, share=entry.share / 2)),
        "found shares that add up to",
    ),
    "shares of a choice that round to 1": (
        shares(lambda shares: shares * 0.9999995),
        "emergency.attendance.service.shares: found shares that add up to 0.9999995; expected 1",
    ),
    "a stay of a case mix": (
        mix(lambda entry: replace(entry, stay=Duration("constant", np.inf, 0.0))),
        "stay.mean: found inf",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_the_impossible_is_refused_and_the_run_goes_on_as_it_was(town, usual, name):
    change, message = IMPOSSIBLE[name]
    running = paysim.begin(town, sample=0.1)
    running.advance(2)
    with pytest.raises(paysim.InputError, match=re.escape(message)):
        running.change(change(town))
    running.advance(12)
    assert columns(running.activity()) == columns(usual)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_no_run_begins_with_the_impossible(town, name):
    change, message = IMPOSSIBLE[name]
    with pytest.raises(paysim.InputError, match=re.escape(message)):
        paysim.begin(change(town), sample=0.1)


def timing(**changes):
    return lambda town: replace(town, timings={**town.timings, "office": replace(town.timings["office"], **changes)})


def emergency(**changes):
    return lambda town: replace(
        town, pathways={**town.pathways, "emergency": replace(town.pathways["emergency"], **changes)}
    )


def at_times_unknown(town):
    return emergency(demand=replace(town.pathways["emergency"].demand, timing="never"))(town)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (timing(hours=(np.nan,) * 24), "timing.office.hours: found nan; expected 0 to 1e+12"),
        (timing(weekdays=(-1.0,) + (1.0,) * 6), "timing.office.weekdays: found -1; expected 0 to 1e+12"),
        (timing(months=(0.0,) * 12), "timing.office.months: found nothing above 0; expected at least one"),
        (timing(hours=(1.0,) * 48), "timing.office.hours: found an array of shape (48,); expected shape (24,)"),
        (at_times_unknown, "pathway.emergency.demand.timing: unknown timing 'never'"),
        (emergency(entry="emergency.roof"), "pathway.emergency.entry: unknown step 'emergency.roof'"),
        (attendance(currency="gold"), "emergency.attendance.currency: unknown currency 'gold'"),
        (attendance(priority=-3), "emergency.attendance.priority: found -3; expected a whole number of at least 0"),
        (wards(discipline="lifo"), "service.wards.discipline: found 'lifo'; expected fifo, priority"),
        (lambda town: replace(town, start=date(2017, 7, 1)), "start: found 2017-07-01; expected 1 April"),
    ],
)
def test_no_run_begins_with_demand_or_queues_that_no_config_could_hold(town, change, message):
    with pytest.raises(paysim.InputError, match=re.escape(message)):
        paysim.begin(change(town), sample=0.1)


@pytest.mark.parametrize("begun", [paysim.simulate, paysim.compare, partial(paysim.Running, years=1, seed=1)])
def test_nothing_is_simulated_of_the_impossible(town, begun):
    with pytest.raises(paysim.InputError, match=re.escape("pathway.emergency.demand.rate: found -")):
        begun(rate(lambda rate: -rate)(town), sample=0.1)


def test_probabilities_of_residents_that_nobody_is_may_be_any_together(town, usual):
    """As in a config, whose tables may leave kinds of residents out that there are none of."""
    population = replace(
        town.population, residents=np.where(town.population.profile == 0, 0, town.population.residents)
    )
    fewer = replace(town, population=population)
    inhabited = population.inhabited()
    assert not inhabited.all()

    def with_ways_on(of_residents, of_nobody):
        probability = np.where(inhabited, of_residents, of_nobody)
        return attendance(
            branches=lambda step: tuple(
                Branch("emergency.ward", probability, Duration("constant", 0.0, 0.0)) for _ in range(2)
            )
        )(fewer)

    running = paysim.begin(with_ways_on(0.5, 0.6), sample=0.1)
    running.change(with_ways_on(0.4, 1.0))
    running.advance(1)
    with pytest.raises(paysim.InputError, match=r"found probabilities that add up to 1\.2; expected at most 1"):
        running.change(with_ways_on(0.6, 0.5))


@pytest.mark.parametrize(
    ("need", "message"),
    [
        (lambda need: replace(need, death=need.death - 1.0), "need.death: found -"),
        (lambda need: replace(need, transitions=need.transitions * 2.0), "need.transitions: found "),
        (lambda need: Need(need.transitions * 0.5, need.death), "need.transitions: found shares that add up to 0.5"),
    ],
)
def test_need_is_a_matter_of_probabilities(need, message):
    system = paysim.load("configs/examples/segments.toml")
    running = paysim.begin(system, sample=0.05)
    with pytest.raises(paysim.InputError, match=re.escape(message)):
        running.change(replace(system, need=need(system.need)))


@pytest.mark.parametrize(
    "change",
    [
        wards(capacity=0),
        wards(capacity=np.int64(9)),
        wards(opening=(OpenHours(20.0, 24.0), OpenHours(8.0, 12.0))),
        rate(lambda rate: rate * 0.0),
        lasting("lognormal", 0.0, 0.5),
        going_on(0.4, 0.6),
    ],
)
def test_what_is_merely_extreme_is_taken(town, usual, change):
    running = paysim.begin(town, sample=0.1)
    running.advance(2)
    running.change(change(town))
    running.advance(12)
    assert running.activity().periods == 12
    assert columns(running.activity()) != columns(usual)
