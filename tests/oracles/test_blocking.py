"""Loss systems, through the identity by which planners read them off a system that never turns anybody away.

Services here have no limit to their queue. But the numbers present in a loss system M/M/c/K are distributed as those of
the same queue without the limit, given that they are at most K, as for any reversible Markov process cut short (Kelly,
Reversibility and Stochastic Networks, 1979, corollary 1.10). So the probability of being blocked by c beds is
P(N = c) / P(N <= c) with ample beds: Erlang's B formula, and the way in which Monks and others (BMC Health Services
Research 16:530, 2016) plan stroke units.
"""

import pytest
from observe import audit, in_service, in_system, observed_hours, over_replications

ERLANG_B = {(5, 3): 0.11005435, (10, 8): 0.12166106, (14, 9): 0.03378540, (20, 15): 0.04559322, (100, 90): 0.02695738}


def erlang_b(servers: int, load: float) -> float:
    """Return the probability of being blocked, by the usual recursion."""
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


@pytest.mark.parametrize(("system", "blocked"), ERLANG_B.items())
def test_the_table_is_erlangs_formula(system, blocked):
    assert erlang_b(*system) == pytest.approx(blocked, abs=5e-9)


def test_erlang_b():
    def figures(activity):
        found = {}
        for servers, load in ERLANG_B:
            count = audit(in_service(activity, f"load_{load}"), observed_hours(activity), every=0.5)
            found[f"{servers} beds for {load}"] = count[servers] / count[: servers + 1].sum()
        return found

    expected = {f"{servers} beds for {load}": blocked for (servers, load), blocked in ERLANG_B.items()}
    over_replications("ample_beds", figures, 12).meet(expected)


def test_m_m_3_6():
    def figures(activity):
        count = audit(in_system(activity, "clinic"), observed_hours(activity), every=0.5)[:7]
        blocked = count[6] / count.sum()
        queue = (count * [0, 0, 0, 0, 1, 2, 3]).sum() / count.sum()
        return {"blocked": blocked, "Lq": queue, "Wq": queue / (2.5 * (1 - blocked))}

    expected = {"blocked": 0.102417, "Lq": 0.700530, "Wq": 0.312185}
    over_replications("m_m_3", figures, 60).meet(expected, telling=0.05)
