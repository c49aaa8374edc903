"""Queues with a finite waiting room: who comes when it is full is turned away.

Sources: Erlang's B formula and M/M/c/K in Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory (4th
ed., 2008), 2.4 and 2.5. The numbers present in a loss system are distributed as those of the same queue without the
limit, given that they are at most that limit, as for any reversible Markov process cut short (Kelly, Reversibility and
Stochastic Networks, 1979, corollary 1.10): the way in which Monks and others (BMC Health Services Research 16:530,
2016) plan stroke units.
"""

from dataclasses import replace

import numpy as np
import pytest
from observe import FINISHED, audit, in_service, in_system, mean_number, over_replications
from queue_systems import EVERYBODY, counted, counts, queue_system
from small_systems import ABOUT_A_DAY, service, step

import paysim

ERLANG_B = {(5, 3): 0.11005435, (10, 8): 0.12166106, (14, 9): 0.03378540, (20, 15): 0.04559322, (100, 90): 0.02695738}


def erlang_b(servers: int, load: float) -> float:
    """Return the probability of being blocked, by the usual recursion."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def limited(arrivals_a_day: float, servers: int, room: int | None) -> paysim.System:
    """Return a ward of so many beds and so many who may wait, stays of a day, and a count of those turned away."""
    stay = replace(step("care.stay", "ward", ABOUT_A_DAY), unserved="care.turned_away")
    ward = replace(service("ward", servers), waiting_room=room)
    return queue_system(arrivals_a_day, [ward], stay, counted("turned_away"))


def share_turned_away(activity: paysim.Activity) -> float:
    count = counts(activity)
    return count["turned_away"] / (count["turned_away"] + count["stay"])


@pytest.mark.parametrize(("system", "blocked"), ERLANG_B.items())
def test_the_table_is_erlangs_formula(system, blocked):
    assert erlang_b(*system) == pytest.approx(blocked, abs=5e-9)


@pytest.mark.parametrize(("engine", "replications", "telling"), [("compiled", 150, 0.05), ("simpy", 10, 0.25)])
@pytest.mark.parametrize(("beds", "load"), ERLANG_B)
def test_erlang_b(beds, load, engine, replications, telling):
    def figures(activity):
        return {"turned away": share_turned_away(activity)}

    expected = {"turned away": ERLANG_B[beds, load]}
    over_replications(limited(load, beds, room=0), figures, replications, engine).meet(expected, telling)


@pytest.mark.parametrize(("engine", "replications", "telling"), [("compiled", 400, 0.05), ("simpy", 60, 0.1)])
def test_m_m_3_6(engine, replications, telling):
    def figures(activity):
        hours = 24 * (activity.days - FINISHED)
        present = mean_number(in_system(activity, "ward"), hours)
        return {
            "turned away": share_turned_away(activity),
            "Lq": present - mean_number(in_service(activity, "ward"), hours),
            "Wq": activity.wait[activity.step == 0].mean(),
        }

    expected = {"turned away": 0.102417, "Lq": 0.700530, "Wq": 0.312185}
    over_replications(limited(2.5, 3, room=3), figures, replications, engine).meet(expected, telling)


def test_a_loss_system_is_the_unlimited_one_cut_short():
    """The stroke unit is planned by this identity, so it is held against those that the engine turns away."""

    def figures(activity):
        count = audit(in_service(activity, "ward"), 24 * (activity.days - FINISHED), every=6)
        return {"all beds taken": count[10] / count[:11].sum()}

    ample = over_replications(limited(8, EVERYBODY, room=None), figures, 150)
    ample.meet({"all beds taken": ERLANG_B[10, 8]}, telling=0.05)
    turned_away = over_replications(limited(8, 10, room=0), lambda activity: {"": share_turned_away(activity)}, 150)
    difference = ample.values["all beds taken"] - turned_away.values[""]
    assert abs(difference.mean()) < 3 * difference.std(ddof=1) / np.sqrt(len(difference))


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_nobody_waits_where_there_is_no_waiting_room(engine):
    activity = paysim.simulate(limited(8, 10, room=0), engine=engine)
    assert not activity.wait.any()
    assert counts(activity)["turned_away"] > 200
