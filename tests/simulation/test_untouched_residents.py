"""Common random numbers: of all residents whom a change cannot reach, every bit of every row stays as it was."""

from dataclasses import replace

import numpy as np
import pytest
from examples import BOTH_ENGINES
from small_systems import A_DAY, ABOUT_A_DAY, at, branch, everyone, pathway, service, step, system

import paysim
from paysim.model.activity import COLUMNS, Activity
from paysim.model.need import Need
from paysim.model.pathway import AfterWait, Duration, NotAttending, Step
from paysim.model.system import System

HOSPITALS = ("hill_ward", "vale_ward", "hill_home", "vale_home", "hill_clinic", "vale_clinic")


def of_both_places(what: str) -> object:
    """Return the service of the place where a resident lives."""
    return at(f"hill_{what}", f"vale_{what}", shares=[[1.0, 0.0], [0.0, 1.0]], group=what)


def two_places() -> System:
    """Return two places that share a practice with room for all, and nothing else, with every kind of queue in each."""

    def visit() -> Step:
        changes = replace(branch("care.ward", 0.3), after_wait=(AfterWait(0.5, everyone(0.6)),))
        return replace(
            step("care.visit", of_both_places("clinic"), Duration("lognormal", 0.4, 1.0), [changes]),
            patience=Duration("exponential", 2.0, 1.0),
            unserved="care.practice",
            not_attending=NotAttending(everyone(0.1), "care.practice"),
        )

    def ward() -> Step:
        return step("care.ward", of_both_places("ward"), ABOUT_A_DAY, [replace(branch("care.home", 0.5), holds=True)])

    home = replace(
        step("care.home", of_both_places("home"), Duration("exponential", 3.0, 1.0)), unserved="care.practice"
    )
    practice = step("care.practice", "practice", A_DAY, [branch("care.visit", 0.2, Duration("normal", 42.0, 0.1))])
    services = [replace(service(id, 1), waiting_room=5) for id in HOSPITALS]
    town = system([*services, service("practice", 10_000)], [pathway("care", 4.0, visit(), ward(), home, practice)])
    return replace(town, need=Need(np.eye(1), everyone(0.05)))


def with_capacity(system: System, **capacities: int) -> System:
    changed = {id: replace(system.services[id], capacity=capacity) for id, capacity in capacities.items()}
    return replace(system, services={**system.services, **changed})


def rows_of(activity: Activity, residents: np.ndarray) -> list[bytes]:
    kept = np.isin(activity.resident, residents)
    return [getattr(activity, column)[kept].tobytes() for column in COLUMNS]


@pytest.mark.parametrize("engine", BOTH_ENGINES)
@pytest.mark.parametrize("changed", [{"vale_clinic": 3}, {"vale_ward": 4}, {"vale_home": 2}, {"vale_clinic": 0}])
def test_all_residents_whom_a_capacity_cannot_reach_keep_every_bit(engine, changed):
    before, after = (
        paysim.simulate(town, engine=engine) for town in (two_places(), with_capacity(two_places(), **changed))
    )
    hill, vale = np.arange(200), np.arange(200, 400)
    assert rows_of(before, hill) == rows_of(after, hill)
    assert rows_of(before, vale) != rows_of(after, vale)
    for what in range(len(before.system.service_ids)):
        assert (before.service == what).sum() > 50, "every service is in use"
    assert (before.wait > 0).mean() > 0.2
