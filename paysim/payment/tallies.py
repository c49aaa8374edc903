"""Tallies: rows, midnights and days of an activity, by the financial year of their end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR, years_of
from paysim.model.contract import Scope
from paysim.payment.classes import in_scope
from paysim.payment.lookups import Lookups
from paysim.payment.scopes import periods_within, services_within
from paysim.payment.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Which services, classes of residents and months count: one truth value for each, in their order."""

    services: NDArray[np.bool_]
    classes: NDArray[np.bool_]
    months: NDArray[np.bool_]

    @property
    def everywhere(self) -> bool:
        """Whether no service and no resident is left out."""
        return bool(self.services.all() and self.classes.all())

    @property
    def years(self) -> int:
        """The number of financial years of the run, the last as far as it goes."""
        return years_of(len(self.months))

    def year_of_day(self, lookups: Lookups) -> NDArray[np.int64]:
        """Return the financial year of each day of the run, from 0; `years`, one more, for days of other months."""
        return np.where(self.months[lookups.period_of_day], year_of_day(lookups), self.years)


@dataclass(frozen=True, slots=True, eq=False)
class Tallies:
    """What ended in each financial year, sampled and not scaled.

    `rows` and `midnights` (crossed between start and end) are by year and step, of chosen services and residents;
    `days` between start and end are by year and service, whoever came. Only chosen months count.
    """

    rows: NDArray[np.int64]
    midnights: NDArray[np.int64]
    days: NDArray[np.float64]


def chosen_by(activity: Activity, survey: Survey, scope: Scope | None) -> Chosen:
    """Return the services, classes and months of a scope; all of them without one."""
    if scope is None:
        sizes = len(activity.system.services), len(survey.classes), activity.periods
        return Chosen(*(np.ones(size, dtype=np.bool_) for size in sizes))
    return Chosen(
        services_within(activity.system, scope),
        in_scope(survey.classes, activity.system.population, scope),
        periods_within(scope, activity.periods),
    )


def year_of_day(lookups: Lookups) -> NDArray[np.int64]:
    """Return the financial year of each day of the run, from 0."""
    return lookups.period_of_day.astype(np.int64) // MONTHS_PER_YEAR


def tallies(activity: Activity, survey: Survey, chosen: Chosen) -> Tallies:
    """Return the tallies of an activity."""
    system, years = activity.system, chosen.years
    sorts = chosen.services[survey.sorts.service]
    rows, midnights = (np.zeros((years, len(system.steps)), dtype=np.int64) for _ in range(2))
    for table, counts in ((rows, survey.steps), (midnights, survey.midnights)):
        by_period = counts[:, chosen.classes].sum(axis=1) * chosen.months
        for year in range(years):
            of_year = by_period[:, year * MONTHS_PER_YEAR : (year + 1) * MONTHS_PER_YEAR].sum(axis=1)
            np.add.at(table[year], survey.sorts.step[sorts], of_year[sorts])
    days = np.zeros((years + 1, len(system.services)))
    _add_days(activity.service, activity.start, activity.stay, chosen.year_of_day(survey.lookups), days)
    return Tallies(rows, midnights, days[:years])


@kernel
def _add_days(
    service: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    year_of_day: NDArray[np.int64],
    days: NDArray[np.float64],
) -> None:
    for row in range(len(service)):
        days[year_of_day[int(np.floor(start[row] + stay[row]))], service[row]] += stay[row]
