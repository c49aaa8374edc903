"""Two stages without room between them: a ward bed is kept until the next service has a free one.

Blocking after service, by the Markov chain of a small line. One server each and no waiting room: Gross, Shortle,
Thompson and Harris, Fundamentals of Queueing Theory (4th ed., 2008), chapter 4, series queues with blocking.
"""

from dataclasses import replace

import pytest
from markov_chain import stationary
from observe import over_replications
from queue_systems import a_day, counted, counts, queue_system
from small_systems import branch, service, step

import paysim


def line(arrivals: float, ward: int, room: int, rehabilitation: int, mean_stay: float) -> dict[str, float]:
    """Return what a line does whose ward stays last a day on average before anybody is held.

    States: waiting for the ward, being treated there, held there, and treated in rehabilitation.
    """

    def moves(state):
        waiting, treated, held, after = state
        if treated + held < ward:
            yield (waiting, treated + 1, held, after), arrivals
        elif waiting < room:
            yield (waiting + 1, treated, held, after), arrivals
        next_in = min(waiting, 1)
        if treated and after < rehabilitation:
            yield (waiting - next_in, treated - 1 + next_in, held, after + 1), float(treated)
        elif treated:
            yield (waiting, treated - 1, held + 1, after), float(treated)
        if held:
            yield (waiting - next_in, treated + next_in, held - 1, after), after / mean_stay
        elif after:
            yield (waiting, treated, held, after - 1), after / mean_stay

    states = stationary((0, 0, 0, 0), moves).items()
    away = sum(p for (waiting, treated, held, _), p in states if waiting == room and treated + held == ward)
    through = arrivals * (1 - away)
    return {
        "turned away": away,
        "through a day": through,
        "wait for the ward": sum(p * waiting for (waiting, *_), p in states) / through,
        "ward stay": sum(p * (treated + held) for (_, treated, held, _), p in states) / through,
        "wait while held": sum(p * held for (_, _, held, _), p in states) / through,
    }


def beds(arrivals: float, ward: int, room: int, rehabilitation: int, mean_stay: float) -> paysim.System:
    stay = replace(
        step("care.stay", "ward", a_day(1.0), [replace(branch("care.rehabilitation", 1.0), holds=True)]),
        unserved="care.turned_away",
    )
    after = step("care.rehabilitation", "rehabilitation", a_day(mean_stay))
    services = [replace(service("ward", ward), waiting_room=room), service("rehabilitation", rehabilitation)]
    return queue_system(arrivals, services, stay, after, counted("turned_away"))


def figures(activity: paysim.Activity) -> dict[str, float]:
    count = counts(activity)
    stay, after = activity.step == 0, activity.step == 1
    return {
        "turned away": count["turned_away"] / (count["turned_away"] + count["stay"]),
        "through a day": count["rehabilitation"] / activity.days,
        "wait for the ward": activity.wait[stay].mean(),
        "ward stay": activity.stay[stay].mean(),
        "wait while held": activity.wait[after].mean(),
    }


@pytest.mark.parametrize("load", [0.2, 1.0, 3.0])
def test_the_chain_is_the_published_one(load):
    """One bed each, no waiting room and equal mean stays: the book's five states."""
    found = line(load, 1, 0, 1, 1.0)
    all_states = 3 * load**2 + 4 * load + 2
    assert found["turned away"] == pytest.approx((load * (load + 2) + 2 * load**2) / all_states)
    assert found["wait while held"] == pytest.approx(load**2 / all_states / found["through a day"])


def test_ample_rehabilitation_is_no_hindrance():
    """Nobody is held; the ward alone is Erlang's loss system."""
    found = line(3.0, 5, 0, 60, 1.0)
    assert found["turned away"] == pytest.approx(0.11005435, abs=1e-8)
    assert found["wait while held"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("engine", "replications", "telling"), [("compiled", 150, 0.05), ("simpy", 15, 0.15)])
@pytest.mark.parametrize("shape", [(1.0, 1, 4, 1, 1.0), (4.0, 4, 3, 3, 0.9)], ids=["one bed each", "four and three"])
def test_blocking_after_service(shape, engine, replications, telling):
    over_replications(beds(*shape), figures, replications, engine).meet(line(*shape), telling)
