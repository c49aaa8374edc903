"""A life stays the same in every scenario except where the scenario touches it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.activity import COLUMNS, Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.simulation.simulate import simulate

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
DRAWN = ("resident", "step", "service", "code", "stay")
"""The columns that no queue has any part in."""


@pytest.fixture(scope="module")
def town() -> System:
    return paysim.load(CONFIG)


@pytest.fixture(scope="module")
def base(town: System) -> Activity:
    return simulate(town, years=1, seed=7)


def with_capacity(system: System, **capacities: int) -> System:
    changed = {id: replace(system.services[id], capacity=capacity) for id, capacity in capacities.items()}
    return replace(system, services={**system.services, **changed})


def table(activity: Activity, rows=slice(None), columns=tuple(COLUMNS)) -> list[tuple]:
    return list(zip(*(getattr(activity, column)[rows].tolist() for column in columns), strict=True))


def same(one: Activity, other: Activity) -> bool:
    return all(getattr(one, column).tobytes() == getattr(other, column).tobytes() for column in COLUMNS)


def who_used(activity: Activity, service: str) -> np.ndarray:
    return np.unique(activity.resident[activity.service == activity.system.service_ids.index(service)])


def test_who_never_uses_a_service_never_notices_its_capacity(town, base):
    # Nothing follows the wards over the river but themselves, so others feel nothing of a longer queue there.
    fewer = simulate(with_capacity(town, other_wards=2), years=1, seed=7)
    users = np.union1d(who_used(base, "other_wards"), who_used(fewer, "other_wards"))
    assert len(users) > 100
    one, other = (table(activity, ~np.isin(activity.resident, users)) for activity in (base, fewer))
    # Episodes that have not ended at the end of the run are missing from the log; numbers are those of the arrivals.
    assert one == other
    assert len(one) > 20_000
    assert fewer.wait.sum() > 2 * base.wait.sum()


def test_a_queue_moves_times_and_nothing_else(town, base):
    tighter = simulate(with_capacity(town, wards=10, emergency_department=2), years=1, seed=7)
    by_episode = [
        {episode: [] for episode in np.union1d(base.episode, tighter.episode).tolist()} for _ in (base, tighter)
    ]
    for activity, lives in zip((base, tighter), by_episode, strict=True):
        for episode, row in zip(activity.episode.tolist(), table(activity, columns=DRAWN), strict=True):
            lives[episode].append(row)
    assert tighter.wait.sum() > 2 * base.wait.sum()
    for one, other in zip(*(lives.values() for lives in by_episode), strict=True):
        # What had not ended when the run began or ended is missing at either end.
        shorter, longer = sorted((one, other), key=len)
        assert not shorter or any(longer[at : at + len(shorter)] == shorter for at in range(len(longer)))


def test_the_arrangement_has_no_part_in_activity(town, base):
    activity_only = {"activity": town.arrangements["activity"]}
    assert same(base, simulate(replace(town, arrangements=activity_only), years=1, seed=7))
    assert same(base, simulate(replace(town, arrangements={"none": Arrangement("none", "None", ())}), years=1, seed=7))


def test_an_intervention_that_prevents_attendances_thins_them(town):
    demand = town.pathways["emergency"].demand
    prevented = replace(town.pathways["emergency"], demand=replace(demand, rate=demand.rate * 0.5))
    thinner = replace(town, pathways={**town.pathways, "emergency": prevented})
    # Ample capacity, so that no queue carries the change on to others.
    before, after = (
        simulate(with_capacity(system, emergency_department=500, wards=500, other_wards=500), years=1, seed=7)
        for system in (town, thinner)
    )
    attendance = town.step_ids.index("emergency.attendance")
    by_request = [
        {(r, s - w) for r, t, s, w in table(activity, columns=("resident", "step", "start", "wait")) if t == attendance}
        for activity in (before, after)
    ]
    assert by_request[1] < by_request[0]
    assert len(by_request[1]) == pytest.approx(0.55 * len(by_request[0]), rel=0.1), "referred by a GP: not prevented"
    practice = [
        table(a, a.step == town.step_ids.index("general_practice.consultation"), DRAWN) for a in (before, after)
    ]
    assert practice[0] == practice[1]


def test_a_replication_alone_is_the_same_as_in_a_batch(town):
    batch = [simulate(town, years=1, seed=7, replication=k, sample=0.1) for k in range(3)]
    assert same(batch[2], simulate(town, years=1, seed=7, replication=2, sample=0.1))


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_longer_run_begins_with_the_rows_of_a_shorter_one(town, engine):
    one, two = (simulate(town, years=years, seed=7, sample=0.3, engine=engine) for years in (1, 2))
    assert len(one) > 9_000
    assert table(two, two.end < one.days) == table(one)
    assert (two.end[: len(one)] < one.days).all()


def test_the_seed_and_the_replication_make_a_run_another(town, base):
    for seed, replication in ((8, 0), (7, 1)):
        other = simulate(town, years=1, seed=seed, replication=replication)
        assert len(np.intersect1d(base.start, other.start)) < len(base) / 20


def test_sampled_residents_keep_their_lives(town):
    """With ample capacity a sample is exactly the sampled residents' part of the whole."""
    ample = with_capacity(town, **dict.fromkeys(town.services, 10_000))
    whole, half = (simulate(ample, years=1, seed=7, sample=sample) for sample in (1.0, 0.5))
    columns = tuple(column for column in COLUMNS if column != "episode")
    kept = np.isin(whole.resident, town.population.sample(0.5))
    assert table(half, columns=columns) == table(whole, kept, columns)
    assert half.weight == town.population.total / len(town.population.sample(0.5)) == 2.0
