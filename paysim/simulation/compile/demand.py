"""When demand arises: rates by resident and running totals of the year's demand, hour by hour."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import HOURS_PER_DAY, days_in_years
from paysim.model.errors import InputError
from paysim.model.pathway import MOST_EPISODES
from paysim.model.system import System
from paysim.simulation.draws import name_key
from paysim.simulation.program import Demands, Floats

HOURS_PER_LEAP_YEAR = 366 * HOURS_PER_DAY

HOUR_PARTS = 2 * HOURS_PER_LEAP_YEAR
"""Equal parts of a year's demand by which `Demands.hour_of` finds the hour that a share falls into."""

Weights = tuple[float, ...]


def compile_demands(system: System, begins: Floats, years: int) -> Demands:
    """Return the demand of every pathway that has any, for the financial years that a run touches.

    `begins` are the days on which it begins, by pathway with demand.

    Raises InputError for a rate above MOST_EPISODES.
    """
    pathways = [pathway for pathway in system.pathways.values() if pathway.demand is not None]
    demands = [pathway.demand for pathway in pathways if pathway.demand is not None]
    for pathway, demand in zip(pathways, demands, strict=True):
        if (most := demand.rate.max()) > MOST_EPISODES:
            expected = f"expected at most {MOST_EPISODES:g} episodes per resident and year"
            raise InputError("", f"pathway.{pathway.id}.demand.rate", f"found {most:g}", expected)
    timing_numbers = {timing: number for number, timing in enumerate(system.timings)}
    step_numbers = {step: number for number, step in enumerate(system.steps)}
    first_year = 0
    while days_in_years(system.start, first_year) > begins.min(initial=0.0):
        first_year -= 1
    year_starts = [days_in_years(system.start, year) for year in range(first_year, years + 1)]
    until = np.empty((len(system.timings), years - first_year, HOURS_PER_LEAP_YEAR + 1))
    hour_of = np.empty((*until.shape[:2], HOUR_PARTS), dtype=np.int32)
    for number, timing in enumerate(system.timings.values()):
        # Systems made in Python may have lists or arrays.
        weights = tuple(timing.hours), tuple(timing.weekdays), tuple(timing.months)
        for year in range(years - first_year):
            first = system.start + timedelta(days=year_starts[year])
            until[number, year], hour_of[number, year] = _hour_by_hour(*weights, first)
    kinds = len(system.population.places) * system.population.profiles
    rate = np.array([demand.rate.ravel() for demand in demands]).reshape(len(demands), kinds)
    return Demands(
        pathway=np.array([name_key(pathway.id) for pathway in pathways], dtype=np.int32),
        entry=np.array([step_numbers[pathway.entry] for pathway in pathways], dtype=np.int32),
        timing=np.array([timing_numbers[demand.timing] for demand in demands], dtype=np.int32),
        rate=rate,
        first_rate=rate,
        begins=begins,
        until=until,
        hour_of=hour_of,
        first_year=first_year,
        year_starts=np.array(year_starts, dtype=np.float64),
    )


@lru_cache(maxsize=64)
def _hour_by_hour(
    hours: Weights, weekdays: Weights, months: Weights, first: date
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Return `Demands.until` and `Demands.hour_of` of a timing's weights in the year that begins on a day.

    Every replication of a study asks for the same ones.
    """
    totals = _running_total(hours, weekdays, months, first)
    until = np.ones(HOURS_PER_LEAP_YEAR + 1)
    until[: len(totals)] = totals
    hour_of = np.maximum(np.searchsorted(until, np.arange(HOUR_PARTS) / HOUR_PARTS) - 1, 0)
    return until, hour_of.astype(np.int32)


def _running_total(hours: Weights, weekdays: Weights, months: Weights, first: date) -> NDArray[np.float64]:
    """Return the share of a year's demand that has arisen by the end of each hour, from 0 to 1."""
    days = [first + timedelta(days=day) for day in range(days_in_years(first, 1))]
    weekday = _scaled(weekdays)[[day.weekday() for day in days]]
    month = _scaled(months)[[day.month - 1 for day in days]]
    weights = ((weekday * month)[:, None] * _scaled(hours)[None, :]).ravel()
    totals = np.concatenate(([0.0], np.cumsum(weights)))
    return np.asarray(totals / totals[-1])


def _scaled(weights: Weights) -> NDArray[np.float64]:
    """Return weights with the largest between a half and 1, so that no product of them vanishes.

    They are scaled by a power of two, which changes no digit of what comes of them.
    """
    array = np.array(weights)
    _, exponent = np.frexp(array.max())
    return np.asarray(np.ldexp(array, -exponent))
