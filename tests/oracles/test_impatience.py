"""Erlang A: who waits longer than their patience leaves before being seen (M/M/c+M).

Sources: Palm, Research on telephone traffic carried by full availability groups, Tele 1 (1957); Garnett, Mandelbaum and
Reiman, Designing a call center with impatient customers, Manufacturing & Service Operations Management 4 (2002).
"""

from dataclasses import replace

import numpy as np
import pytest
from markov_chain import stationary
from observe import over_replications
from queue_systems import BOTH_ENGINES, a_day, counted, counts, queue_system
from small_systems import branch, service, step

import paysim

LONGEST_QUEUE = 200


def erlang_a(arrivals: float, servers: int, mean_patience: float) -> dict[str, float]:
    """Return shares of those who came, and mean waits in days, where stays last a day on average.

    Whoever is at place j of the queue moves up when a server comes free or somebody ahead leaves, if they stay.
    """
    leaving = 1 / mean_patience

    def moves(state):
        (present,) = state
        if present < servers + LONGEST_QUEUE:
            yield (present + 1,), arrivals
        if present > 0:
            yield (present - 1,), min(present, servers) + max(0, present - servers) * leaving

    probability = stationary((0,), moves)
    seen_at_once = sum(probability[present,] for present in range(servers))
    seen_later = wait_of_those = waiting = 0.0
    seen, wait = 1.0, 0.0
    for place in range(1, LONGEST_QUEUE + 1):
        rate = servers + place * leaving
        stays = (servers + (place - 1) * leaving) / rate
        seen, wait = stays * seen, stays * (wait + seen / rate)
        seen_later += probability[servers + place - 1,] * seen
        wait_of_those += probability[servers + place - 1,] * wait
        waiting += place * probability[servers + place,]
    return {
        "leaves": 1 - seen_at_once - seen_later,
        "waits at all": 1 - seen_at_once,
        "wait of all": waiting / arrivals,
        "wait of those seen": wait_of_those / (seen_at_once + seen_later),
    }


def impatient(arrivals: float, servers: int, mean_patience: float, discipline: str = "fifo") -> paysim.System:
    """Return a department that residents ask for in no time after they were counted, and that they may leave."""
    ask = replace(counted("ask"), branches=(branch("care.visit", 1.0),))
    visit = replace(step("care.visit", "department", a_day(1.0)), patience=a_day(mean_patience), unserved="care.left")
    return queue_system(arrivals, [service("department", servers, discipline=discipline)], ask, visit, counted("left"))


def figures(activity: paysim.Activity) -> dict[str, float]:
    """Return what an observer sees of those who asked or left in the run and were seen, if so, before it ended."""
    ask, visit, left = (
        activity.step == activity.system.step_ids.index(f"care.{id}") for id in ("ask", "visit", "left")
    )
    asked = np.full(activity.episode.max() + 1, np.nan)
    asked[activity.episode[ask]] = activity.end[ask]
    wait_of_those_who_left = np.nansum(activity.end[left] - asked[activity.episode[left]])
    count = counts(activity)
    came = count["visit"] + count["left"]
    return {
        "leaves": count["left"] / came,
        "waits at all": ((activity.wait[visit] > 0).sum() + count["left"]) / came,
        "wait of all": (activity.wait[visit].sum() + wait_of_those_who_left) / came,
        "wait of those seen": activity.wait[visit].mean(),
    }


def test_the_closed_form_is_the_published_identity():
    """P(leaves) = theta x E(wait), as of any queue with exponential patience; without patience it is Erlang B."""
    for arrivals, servers, patience in ((9, 8, 0.5), (10, 12, 2.0)):
        found = erlang_a(arrivals, servers, patience)
        assert found["leaves"] == pytest.approx(found["wait of all"] / patience)
    assert erlang_a(8, 10, 1e-6)["leaves"] == pytest.approx(0.12166106, abs=1e-5)
    assert erlang_a(4, 5, 1e6)["waits at all"] == pytest.approx(0.554113, abs=1e-4)


@pytest.mark.parametrize(("engine", "replications", "telling"), [("compiled", 120, 0.05), ("simpy", 12, 0.15)])
@pytest.mark.parametrize(("arrivals", "servers", "mean_patience"), [(9, 8, 0.5), (12, 12, 2.0)])
def test_erlang_a(arrivals, servers, mean_patience, engine, replications, telling):
    expected = erlang_a(arrivals, servers, mean_patience)
    system = impatient(arrivals, servers, mean_patience)
    over_replications(system, figures, replications, engine).meet(expected, telling)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_constant_patience_is_the_longest_wait(engine):
    """Whoever leaves has waited for exactly their patience, and nobody waits longer."""
    system = impatient(9, 8, 0.5)
    visit = replace(system.steps["care.visit"], patience=replace(a_day(0.25), distribution="constant", cv=0.0))
    care = replace(
        system.pathways["care"], steps=tuple(visit if one.id == visit.id else one for one in system.steps.values())
    )
    activity = paysim.simulate(replace(system, pathways={"care": care}), engine=engine)
    ask, left = activity.step == 0, activity.step == 2
    asked = dict(zip(activity.episode[ask].tolist(), activity.end[ask].tolist(), strict=True))
    waits = {
        end - asked[episode]
        for episode, end in zip(activity.episode[left].tolist(), activity.end[left].tolist(), strict=True)
        if episode in asked
    }
    assert waits == {0.25}
    assert 0.24 < activity.wait.max() <= 0.25
    assert left.sum() > 100
