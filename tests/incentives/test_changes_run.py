"""Runs with levers: whom a lever does not touch lives the same life, and both engines agree to the bit."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from examples import by_chance, poisson_by_chance
from levered import lever, per_unit, place, rows, same
from small_systems import A_DAY, by_kind, everyone

from paysim.incentives.outcome import Trial
from paysim.incentives.simulate import simulate_with
from paysim.model.activity import Activity
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.population import ByResident
from paysim.model.system import System
from paysim.simulation.simulate import simulate

TRIAL = Trial(years=1, seed=1979, sample=1.0, engine="compiled")
OLD = by_kind(0, 1, 0, 1)
RESIDENTS = 50
"""In each of the four cells: young and old of hill, young and old of vale."""


def run(system: System, point: dict[str, float], engine: str = "compiled") -> Activity:
    return simulate_with(system, point, replace(TRIAL, engine=engine), 0)


def as_it_is(system: System) -> Activity:
    return simulate(system, years=1, seed=1979)


def is_old(activity: Activity) -> np.ndarray:
    return activity.resident // RESIDENTS % 2 == 1


def at_step(activity: Activity, step: str) -> np.ndarray:
    return activity.step == activity.system.step_ids.index(step)


def away(to: str | None = "care.home", residents: ByResident | None = None) -> DivertEffect:
    return DivertEffect("care.visit", "care.ward", to, A_DAY, per_unit(1.0), residents)


EVERY_KIND = (
    lever("demand", DemandEffect("care", per_unit(1.0), OLD), low=-1.0, high=1.0),
    lever("team", away("care.home", OLD)),
    lever("home", away(None)),
    lever("stay", StayEffect(("care.ward",), per_unit(-0.5))),
    lever("delay", DelayEffect("care.visit", "care.ward", per_unit(-0.5))),
    lever("beds", CapacityEffect("clinic", per_unit(4.0))),
    lever("choice", ChoiceEffect("wards", 1, per_unit(0.5))),
    lever("cost", UnitCostEffect("clinic", per_unit(10.0))),
)


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_at_now_it_is_the_run_of_the_system(engine):
    system = place(*EVERY_KIND, capacity=6)
    same_run = simulate(system, years=1, seed=1979, engine=engine)
    assert same(run(system, {}, engine), same_run)
    assert same(run(system, {"team": 0.0, "demand": 0.0}, engine), same_run)
    assert same(run(system, {"cost": 1.0}, engine), same_run), "costs are no matter of care"


@pytest.mark.parametrize(
    "point",
    [
        *({each.id: 0.4} for each in EVERY_KIND if each.id != "cost"),
        {"demand": -0.5},
        {each.id: 0.6 for each in EVERY_KIND},
    ],
    ids=lambda point: " ".join(point),
)
def test_both_engines_agree_under_levers(point):
    system = place(*EVERY_KIND, capacity=6)
    one, other = (run(system, point, engine) for engine in ("compiled", "simpy"))
    assert same(one, other)
    assert not same(one, as_it_is(system))
    assert (one.wait > 0).mean() > 0.1, "queues have their part"


@pytest.mark.parametrize("x", [-0.6, -0.2, 0.7])
def test_demand_is_thinned_or_added_to_from_the_warm_up_on(x):
    system = place(lever("demand", DemandEffect("care", per_unit(1.0), OLD), low=-1.0, high=1.0))
    before, after = as_it_is(system), run(system, {"demand": x})
    assert rows(after, ~is_old(after)) == rows(before, ~is_old(before))
    one, other = rows(after), rows(before)
    assert one < other if x < 0 else one > other
    begun = at_step(before, "care.visit") & is_old(before)
    left = int((at_step(after, "care.visit") & is_old(after)).sum())
    if x < 0:
        assert by_chance(left, int(begun.sum()), 1 + x)
    else:
        assert poisson_by_chance(left - int(begun.sum()), 4.0 * x * 2 * RESIDENTS)


def test_without_demand_nobody_comes_in_the_warm_up_either():
    system = place(lever("demand", DemandEffect("care", per_unit(1.0), OLD), low=-1.0, high=1.0))
    before, after = as_it_is(system), run(system, {"demand": -1.0})
    of_care = [is_old(activity) & ~at_step(activity, "other.visit") for activity in (before, after)]
    assert (before.start[of_care[0]] < 0).sum() > 10
    assert not of_care[1].any()


def test_smaller_shares_are_nested_in_larger_ones():
    system = place(EVERY_KIND[0], lever("home", away(None)))
    found = [rows(run(system, {"demand": x})) for x in (-0.9, -0.5, -0.1, 0.0, 0.3, 0.9)]
    assert all(fewer < more for fewer, more in pairwise(found))
    activities = [run(system, {"home": x}) for x in (1.0, 0.6, 0.3, 0.0)]
    found = [rows(activity, at_step(activity, "care.ward")) for activity in activities]
    assert all(fewer < more for fewer, more in pairwise(found))
    assert not found[0]


@pytest.mark.parametrize("to", ["care.home", None])
def test_only_those_diverted_go_another_way(to):
    system = place(lever("team", away(to, OLD)))
    before, after = as_it_is(system), run(system, {"team": 0.3})
    lost, gained = rows(before) - rows(after), rows(after) - rows(before)
    ward, visit = (system.step_ids.index(step) for step in ("care.ward", "care.visit"))
    # Whoever is diverted keeps no bed of the clinic while waiting for the ward, so the visit ends earlier.
    assert {row[1] for row in lost} == {ward, visit}
    assert {row[1] for row in gained} == {visit} | ({system.step_ids.index(to)} if to else set())
    assert all(row[0] // RESIDENTS % 2 == 1 for row in lost | gained)
    went = int((at_step(before, "care.ward") & is_old(before)).sum())
    stayed = int((at_step(after, "care.ward") & is_old(after)).sum())
    assert by_chance(went - stayed, went, 0.3)
    if to is None:
        assert not at_step(after, "care.home").sum() - at_step(before, "care.home").sum()


def test_two_diversions_of_one_branch_move_nobody_twice():
    system = place(lever("team", away("care.home")), lever("home", away(None)))
    team, both = run(system, {"team": 0.5}), run(system, {"team": 0.5, "home": 0.4})
    # The second takes from the ward alone: the rest of what the first made of it stays, to the bit.
    lost = rows(team) - rows(both)
    ward, visit = (system.step_ids.index(step) for step in ("care.ward", "care.visit"))
    assert {row[1] for row in lost} == {ward, visit}
    counts = [int(at_step(activity, "care.ward").sum()) for activity in (team, both)]
    assert by_chance(counts[0] - counts[1], counts[0], 0.4)


def test_stays_are_scaled_and_nothing_else_moves():
    system = place(lever("stay", StayEffect(("care.ward",), per_unit(-0.5))))
    before, after = as_it_is(system), run(system, {"stay": 0.5})
    others = [~at_step(activity, "care.ward") for activity in (before, after)]
    assert rows(before, others[0]) == rows(after, others[1])
    long, short = (
        {
            (resident, start): (code, stay)
            for resident, start, code, stay in zip(
                *(
                    column[at_step(activity, "care.ward")].tolist()
                    for column in (activity.resident, activity.start, activity.code, activity.stay)
                ),
                strict=True,
            )
        }
        for activity in (before, after)
    )
    both = long.keys() & short.keys()
    assert len(both) > 100
    for key in both:
        assert short[key][0] == long[key][0], "the code is the same"
        assert abs(short[key][1] - 0.75 * long[key][1]) <= 1 / 16_384


def test_a_choice_of_two_moves_only_those_who_choose_otherwise():
    system = place(lever("here", ChoiceEffect("wards", 1, per_unit(1.0))))
    before, after = as_it_is(system), run(system, {"here": 0.2})
    hill = system.service_ids.index("hill_ward")
    lost = rows(before) - rows(after)
    assert {(*row[:2], hill, *row[3:]) for row in lost} == rows(after) - rows(before)
    ward = at_step(before, "care.ward")
    assert by_chance(len(lost), int(ward.sum()), 0.2)


def test_capacity_from_before_the_warm_up_on():
    system = place(lever("beds", CapacityEffect("clinic", per_unit(10_000.0))), capacity=5)
    waits = [float(run(system, {"beds": x}).wait.sum()) for x in (0.0, 1.0)]
    assert waits[0] > 0.0
    assert waits[1] == 0.0


def test_a_sample_and_a_replication_of_its_own():
    system = place(EVERY_KIND[0])
    trial = replace(TRIAL, sample=0.5)
    fewer, other = (simulate_with(system, {"demand": -0.5}, trial, replication) for replication in (0, 1))
    assert fewer.weight == 2.0
    assert fewer.run.replication == 0
    assert rows(fewer) != rows(other)
    assert rows(fewer) < rows(simulate(system, years=1, seed=1979, sample=0.5))


def test_nobody_diverted_by_an_effect_for_nobody():
    system = place(lever("team", away("care.home", everyone(0.0))))
    assert same(run(system, {"team": 0.5}), as_it_is(system))
