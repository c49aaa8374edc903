"""Health: quality-adjusted life years that residents gain and lose, by deprivation quintile and year."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.outcome import Floats, Point
from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import years_of
from paysim.model.population import QUINTILES, Population
from paysim.model.system import System
from paysim.payment.lookups import Lookups
from paysim.payment.tallies import year_of_day

STEPS, DAYS_WAITED, DAYS = range(3)
"""What health effects count: steps, days waited for them, days that they last."""


def activity_qalys(activity: Activity, lookups: Lookups) -> Floats:
    """Return what the system's health effects make of an activity, scaled to the population: (quintiles, years).

    A step counts whole in the financial year of its end. The most deprived quintile comes first. Not discounted.
    """
    effects = qalys_per_unit(activity.system)
    years = years_of(activity.periods)
    sums = np.zeros((len(activity.system.steps), len(QUINTILES), years, 3))
    if effects.any():
        quintile = quintile_of_resident(activity.system.population)
        _add_up(
            activity.resident,
            activity.step,
            activity.start,
            activity.wait,
            activity.stay,
            quintile,
            np.asarray(effects.any(axis=1)),
            year_of_day(lookups),
            sums,
        )
    return np.einsum("sqyu,su->qy", sums, effects) * activity.weight


def qalys_per_unit(system: System) -> Floats:
    """Return the QALYs of each step, each day waited for it and each day that it lasts: shape (steps, 3)."""
    numbers = {step: number for number, step in enumerate(system.step_ids)}
    table = np.zeros((len(numbers), 3))
    for effect in system.health.effects:
        for step in effect.steps:
            table[numbers[step]] += effect.per_step, effect.per_day_waited, effect.per_day
    return table


def lever_qalys(system: System, point: Point, years: int) -> Floats:
    """Return what levers do to health beyond activity, a year like another: shape (quintiles, years).

    Each quintile has as much of it as it has residents whom the lever is for, see `shares_of_levers`.
    """
    annual = health_by_lever(system, point) @ shares_of_levers(system)
    return np.repeat(annual[:, None], years, axis=1)


def health_by_lever(system: System, point: Point) -> Floats:
    """Return the QALYs a year that each lever brings beyond activity."""
    return np.array([lever.health.at(point.get(lever.id, lever.now)) for lever in system.levers.values()])


def shares_of_levers(system: System) -> Floats:
    """Return the share that each quintile has in the residents whom a lever is for: shape (levers, quintiles).

    Those are the residents that any of its effects names, and all of them where one names none.
    """
    population = system.population
    of_profile = np.array([quintile for _, _, quintile, _ in population.profile_labels()])
    in_quintile = of_profile[:, None] == np.array(QUINTILES)
    heads = [(residents.sum(axis=0) @ in_quintile) / residents.sum() for residents in _reached(system)]
    return np.array(heads).reshape(len(system.levers), len(QUINTILES))


def _reached(system: System) -> Iterator[Floats]:
    everybody = system.population.counts().astype(np.float64)
    for lever in system.levers.values():
        named = [mask for effect in lever.effects if (mask := getattr(effect, "residents", None)) is not None]
        for_some = lever.effects and len(named) == len(lever.effects)
        reached = everybody * np.max(named, axis=0) if for_some else everybody
        yield reached if reached.any() else everybody


def quintile_of_resident(population: Population) -> NDArray[np.int8]:
    """Return the deprivation quintile of every resident, from 0 for the most deprived."""
    quintile = np.array([quintile - 1 for _, _, quintile, _ in population.profile_labels()], dtype=np.int8)
    return np.repeat(quintile[population.profile], population.residents)


@kernel
def _add_up(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    quintile: NDArray[np.int8],
    counts: NDArray[np.bool_],
    year_of_day: NDArray[np.int64],
    sums: NDArray[np.float64],
) -> None:
    for row in range(len(resident)):
        if not counts[step[row]]:
            continue
        cell = sums[step[row], quintile[resident[row]], year_of_day[int(np.floor(start[row] + stay[row]))]]
        cell[STEPS] += 1.0
        cell[DAYS_WAITED] += wait[row]
        cell[DAYS] += stay[row]
