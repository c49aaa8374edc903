"""Single queues and small networks against their closed forms, within 3 standard errors of independent replications.

Sources of the forms: Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory (4th ed., 2008): M/M/c (2.3),
non-preemptive priority (3.4), M/G/1 (5.1, Pollaczek and Khintchine), Jackson networks (4.2).
"""

import math

import pytest
from observe import at, in_service, in_system, mean_number, observed_hours, over_replications

import paysim


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that an arrival waits in M/M/c."""
    full = load**servers / math.factorial(servers) / (1 - load / servers)
    return full / (sum(load**n / math.factorial(n) for n in range(servers)) + full)


def queue_figures(activity: paysim.Activity) -> dict[str, float]:
    """Return waits and numbers of a system with one clinic."""
    wait, stay = activity.wait.astype(float) * 24, activity.stay.astype(float) * 24
    hours = observed_hours(activity)
    present = mean_number(in_system(activity, "clinic"), hours)
    return {
        "Wq": wait.mean(),
        "W": (wait + stay).mean(),
        "L": present,
        "Lq": present - mean_number(in_service(activity, "clinic"), hours),
        "waits at all": (wait > 0).mean(),
    }


@pytest.mark.parametrize(
    ("name", "servers", "load", "replications"), [("m_m_1", 1, 0.9, 200), ("m_m_5", 5, 4, 60), ("m_m_12", 12, 10, 40)]
)
def test_m_m_c(name, servers, load, replications):
    waits = erlang_c(servers, load)
    wait = waits / (servers - load)
    expected = {"Wq": wait, "W": wait + 1, "L": load * (wait + 1), "Lq": load * wait, "waits at all": waits}
    over_replications(name, queue_figures, replications).meet(expected, telling=0.05)


def test_the_closed_forms_are_the_published_values():
    """The values that the systems above are held against, to the digits in which they are quoted."""
    assert erlang_c(1, 0.9) / 0.1 == pytest.approx(9)
    assert erlang_c(5, 4) == pytest.approx(0.554113, abs=5e-7)
    assert erlang_c(5, 4) * 4 == pytest.approx(2.216450, abs=5e-7)
    assert erlang_c(12, 10) == pytest.approx(0.449388, abs=5e-7)
    assert erlang_c(12, 10) / 2 == pytest.approx(0.224694, abs=5e-7)


def test_m_g_1():
    def figures(activity):
        return {service: activity.wait[at(activity, service)].mean() * 24 for service in activity.system.service_ids}

    # Squared coefficients of variation 0, 1 and 4.
    over_replications("m_g_1", figures, 250).meet({"constant": 2.0, "exponential": 4.0, "lognormal": 10.0})


def test_non_preemptive_priority():
    def figures(activity):
        urgent = activity.step == activity.system.step_ids.index("urgent.visit")
        return {"urgent": activity.wait[urgent].mean() * 24, "other": activity.wait[~urgent].mean() * 24}

    over_replications("priority", figures, 80).meet({"urgent": 1.0, "other": 10 / 3}, telling=0.05)


def test_feedback():
    def figures(activity):
        hours = activity.days * 24
        return {
            "visits an hour": len(activity) / hours,
            "load": activity.stay.astype(float).sum() * 24 / hours,
            "L": mean_number(in_system(activity, "clinic"), observed_hours(activity)),
        }

    over_replications("feedback", figures, 60).meet({"visits an hour": 3.75, "load": 0.75, "L": 3.0}, telling=0.05)


def test_jackson_network_and_its_income():
    prices = {"practice": 30, "emergency": 150, "acute": 2_000}

    def figures(activity):
        hours, observed = activity.days * 24, observed_hours(activity)
        visits = {service: int(at(activity, service).sum()) for service in prices}
        ledger = paysim.settle(activity, activity.system.arrangements["activity"])
        assert ledger.amount_pence.sum() == 100 * sum(visits[service] * price for service, price in prices.items())
        return (
            {f"flow {service}": count / hours for service, count in visits.items()}
            | {f"L {service}": mean_number(in_system(activity, service), observed) for service in prices}
            | {f"income {service}": visits[service] * price / hours for service, price in prices.items()}
            | {"income": ledger.amount_pence.sum() / 100 / hours}
        )

    expected = {
        "flow practice": 11.2,
        "flow emergency": 5.12,
        "flow acute": 3.776,
        "L practice": 2.543247,
        "L emergency": 1.402325,
        "L acute": 1.917335,
        "income practice": 336.0,
        "income emergency": 768.0,
        "income acute": 7_552.0,
        "income": 336.0 + 768.0 + 7_552.0,
    }
    over_replications("jackson", figures, 60).meet(expected, telling=0.02)
