"""Tallies: rows, midnights and days of an activity, by the financial year of their end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Scope
from paysim.payment.checks import rows_by_service_and_place
from paysim.payment.lookups import Lookups, place_at


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Which services and which places count: one truth value for each of the system's, in its order."""

    services: NDArray[np.bool_]
    places: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """What ended in each financial year, sampled and not scaled.

    `rows` and `midnights` (crossed between start and end) are by year and step, of chosen services and residents of
    chosen places; `days` between start and end are by year and service, whoever came.
    """

    rows: NDArray[np.int64]
    midnights: NDArray[np.int64]
    days: NDArray[np.float64]


def chosen_by(activity: Activity, scope: Scope | None) -> Chosen:
    """Return the services and places of a scope; all of them without one."""
    system = activity.system
    services, places = np.array(system.service_ids), np.array(system.population.places)
    if scope is None:
        return Chosen(np.ones(len(services), dtype=np.bool_), np.ones(len(places), dtype=np.bool_))
    return Chosen(np.isin(services, scope.services), np.isin(places, scope.places))


def year_of_day(lookups: Lookups) -> NDArray[np.int64]:
    """Return the financial year of each day of the run, from 0."""
    return lookups.period_of_day.astype(np.int64) // MONTHS_PER_YEAR


def tallies(activity: Activity, lookups: Lookups, chosen: Chosen) -> Tallies:
    """Return the tallies of an activity. Raises InputError where a row does not belong to the system."""
    rows_by_service_and_place(activity, lookups)
    system, years = activity.system, -(-activity.periods // MONTHS_PER_YEAR)
    rows, midnights = (np.zeros((years, len(system.steps)), dtype=np.int64) for _ in range(2))
    days = np.zeros((years, len(system.services)))
    _tally(
        activity.resident,
        activity.step,
        activity.service,
        activity.start,
        activity.stay,
        year_of_day(lookups),
        lookups.place_of_block,
        lookups.place_of_resident,
        chosen.services,
        chosen.places,
        rows,
        midnights,
        days,
    )
    return Tallies(rows, midnights, days)


@kernel
def _tally(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    year_of_day: NDArray[np.int64],
    place_of_block: NDArray[np.int16],
    place_of_resident: NDArray[np.int16],
    services: NDArray[np.bool_],
    places: NDArray[np.bool_],
    rows: NDArray[np.int64],
    midnights: NDArray[np.int64],
    days: NDArray[np.float64],
) -> None:
    for row in range(len(step)):
        end_day = int(np.floor(start[row] + stay[row]))
        year = year_of_day[end_day]
        days[year, service[row]] += stay[row]
        if services[service[row]] and places[place_at(resident[row], place_of_block, place_of_resident)]:
            rows[year, step[row]] += 1
            midnights[year, step[row]] += end_day - int(np.floor(start[row]))
