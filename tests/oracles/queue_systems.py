"""Queues made by hand whose unit of time is the day: arrivals a day over a year of 365 days, one service or two."""

from collections.abc import Iterable
from dataclasses import replace

from small_systems import ABOUT_A_DAY, pathway, service, step, system

import paysim
from paysim.model.pathway import IMMEDIATELY, Duration, Step
from paysim.model.service import Service

DAYS = 365
EVERYBODY = 1_000_000
"""A capacity at which nobody ever waits."""

BOTH_ENGINES = ("compiled", "simpy")


def a_day(mean: float) -> Duration:
    """Return an exponential duration of so many days."""
    return replace(ABOUT_A_DAY, mean=mean)


def counted(id: str) -> Step:
    """Return a step that takes no time and nobody waits for, so that those who come to it can be counted."""
    return step(f"care.{id}", "counter", IMMEDIATELY)


def queue_system(arrivals_a_day: float, services: Iterable[Service], *steps: Step) -> paysim.System:
    """Return a year of one pathway, after twenty days of warm-up; the service `counter` has room for everybody."""
    residents = 400
    care = pathway("care", arrivals_a_day * DAYS / residents, *steps)
    return system([*services, service("counter", EVERYBODY)], [care], residents // 4, warm_up_days=20)


def counts(activity: paysim.Activity) -> dict[str, int]:
    """Return how many steps there were, by the step's id within the pathway."""
    return {
        id.split(".")[1]: int((activity.step == number).sum()) for number, id in enumerate(activity.system.step_ids)
    }
