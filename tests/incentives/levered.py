"""A small place with levers: a clinic sends some to a ward, some home; beside it a pathway that no lever touches."""

from dataclasses import replace

import numpy as np
from small_systems import ABOUT_A_DAY, at, branch, everyone, pathway, service, step, system

from paysim.model.activity import COLUMNS, Activity
from paysim.model.curve import Polynomial
from paysim.model.lever import Effect, Lever
from paysim.model.pathway import AfterWait, CaseMix, CaseMixEntry, Duration
from paysim.model.system import System

MIX = CaseMix(
    "severity", (CaseMixEntry("A", 0.6, Duration("exponential", 2.0, 1.0)), CaseMixEntry("B", 0.4, ABOUT_A_DAY))
)
APART = tuple(column for column in COLUMNS if column != "episode")
"""Episodes are numbered in order of arrival, so others' arrivals move their numbers."""


def place(*levers: Lever, capacity: int = 10_000) -> System:
    """Return a system in which nobody waits, unless capacity is low."""
    to_ward = branch("care.ward", 0.4, Duration("exponential", 20.0, 1.0))
    to_ward = replace(to_ward, after_wait=(AfterWait(0.5, everyone(0.6)),), holds=True)
    visit = step("care.visit", "clinic", ABOUT_A_DAY, [to_ward, branch("care.home", 0.3)])
    ward = step("care.ward", at("ward", "hill_ward", group="wards"), None, case_mix="severity")
    home = step("care.home", "team", ABOUT_A_DAY)
    other = step("other.visit", "clinic", ABOUT_A_DAY)
    services = [service("clinic", capacity), *(service(id, 10_000) for id in ("ward", "hill_ward", "team"))]
    made = system(
        services,
        [pathway("care", 4.0, visit, ward, home), pathway("other", 3.0, other)],
        residents=50,
        case_mixes=[MIX],
        warm_up_days=30,
    )
    return with_levers(made, *levers)


def with_levers(system: System, *levers: Lever) -> System:
    return replace(system, levers={lever.id: lever for lever in levers})


def lever(id: str, *effects: Effect, low: float = 0.0, high: float = 1.0, now: float = 0.0) -> Lever:
    """Return a lever of the provider that costs nothing."""
    return Lever(id, id, "provider", "share", low, high, now, 0.1 * (high - low), effects, Polynomial())


def per_unit(amount: float) -> Polynomial:
    return Polynomial(amount)


def rows(activity: Activity, chosen: np.ndarray | slice = slice(None)) -> set[tuple]:
    """Return what happened, without the numbers of episodes; no two rows are the same but for those."""
    return set(zip(*(getattr(activity, column)[chosen].tolist() for column in APART), strict=True))


def same(one: Activity, other: Activity) -> bool:
    return all(getattr(one, column).tobytes() == getattr(other, column).tobytes() for column in COLUMNS)
