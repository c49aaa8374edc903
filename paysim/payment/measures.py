"""Measures taken from activity: one function a kind, by financial year, and the published value beside it.

Every measure is one number over another in each year. What it counts (rows, episodes, spells) counts in the year of
its end. Counts are whole numbers and their ratios exact fractions, so whether a threshold is met never depends on
floating point.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, MONTHS_PER_YEAR, period_starts
from paysim.model.contract import Scope
from paysim.model.exact import exact
from paysim.model.measure import Measure, MeasureKind
from paysim.model.service import Service
from paysim.model.system import System
from paysim.payment.episodes import Clock, stopped_clocks
from paysim.payment.readmissions import followed
from paysim.payment.spells import Spells
from paysim.payment.survey import Survey, survey_of
from paysim.payment.tallies import Chosen, Tallies, chosen_by, tallies, year_of_day

Parts = list[tuple[Fraction, Fraction]]
"""The measured and what it is held against, in each financial year."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """An activity and what more than one of the measures asks of it, worked out when it is first asked for."""

    activity: Activity
    survey: Survey
    chosen: Chosen
    measures: Sequence[Measure]

    @cached_property
    def tallies(self) -> Tallies:
        return tallies(self.activity, self.survey, self.chosen)

    @cached_property
    def stopped(self) -> dict[str, Sequence[Sequence[int]]]:
        """How many clocks stopped in each year, and how many of these in time, by measure."""
        timed = [measure for measure in self.measures if measure.kind == "within"]
        clocks = [
            Clock(_is_step(self.activity, measure.steps), _is_step(self.activity, measure.until), _limit(measure))
            for measure in timed
        ]
        counts = stopped_clocks(self.activity, self.survey, self.chosen, clocks).tolist()
        return dict(zip([measure.id for measure in timed], counts, strict=True))

    @property
    def stays(self) -> Spells:
        return self.survey.spells

    @cached_property
    def steps_of_stays(self) -> NDArray[np.int16]:
        """The step of each of the spells' rows."""
        return self.activity.step[self.stays.rows]

    @property
    def years(self) -> range:
        return range(self.chosen.years)

    def months(self, year: int) -> int:
        """Return how many chosen months a financial year has."""
        return int(self.chosen.months[year * MONTHS_PER_YEAR : (year + 1) * MONTHS_PER_YEAR].sum())

    def by_year(self, table: NDArray[np.int64], steps: Sequence[str]) -> list[Fraction]:
        """Return the sums over some steps of a table by year and step."""
        return [Fraction(total) for total in table[:, _is_step(self.activity, steps)].sum(axis=1).tolist()]

    def year_of(self, days: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the financial years of some times in chosen months."""
        return year_of_day(self.survey.lookups)[np.floor(days).astype(np.int64)]

    def ended(self, days: NDArray[np.float64]) -> list[Fraction]:
        """Return how many ended in each year, from the days of their end in chosen months."""
        return [Fraction(count) for count in np.bincount(self.year_of(days), minlength=len(self.years)).tolist()]

    def spells_with(self, steps: Sequence[str]) -> NDArray[np.bool_]:
        """Return which spells contain any of the steps, and end at a chosen service, of a chosen resident, in time."""
        stays = self.stays
        found = np.zeros(len(stays), dtype=np.bool_)
        found[stays.spell_of_row[_is_step(self.activity, steps)[self.steps_of_stays]]] = True
        if not self.chosen.everywhere:
            found &= self.chosen.services[self.activity.service[stays.last_row]]
            found &= self.chosen.classes[self.survey.classes.of_resident[stays.resident]]
        if not self.chosen.months.all():
            month = self.survey.lookups.period_of_day[np.floor(stays.discharge).astype(np.int64)]
            found &= self.chosen.months[month]
        return found


def measures_by_year(
    activity: Activity,
    ids: Iterable[str],
    scope: Scope | None = None,
    survey: Survey | None = None,
) -> Mapping[str, tuple[Fraction | None, ...]]:
    """Return the value of some measures of the system in each financial year; None where nothing was observed.

    With a `scope`, rows at its services by its residents in its months count alone, of all pathways; an episode or
    spell belongs to the service and month where it ends, a readmission to those of the discharge before it, wherever
    and whenever it is. A year that the run or the scope has a part of is measured as far as it goes. `survey` saves a
    pass over the rows where it is at hand.

    Raises InputError where a row does not belong to the system.
    """
    survey = survey_of(activity) if survey is None else survey
    measures = [activity.system.measures[id] for id in ids]
    seen = _Seen(activity, survey, chosen_by(activity, survey, scope), measures)
    return {
        measure.id: tuple(part / whole if whole else None for part, whole in _TAKE[measure.kind](measure, seen))
        for measure in measures
    }


def take_measures(activity: Activity, survey: Survey | None = None) -> NDArray[np.float64]:
    """Return the value of every measure of the system over the whole run, in its order; NaN where nothing was observed.

    Raises InputError where a row does not belong to the system.
    """
    survey = survey_of(activity) if survey is None else survey
    measures = list(activity.system.measures.values())
    seen = _Seen(activity, survey, chosen_by(activity, survey, None), measures)
    return np.array([_over_the_run(_TAKE[measure.kind](measure, seen)) for measure in measures])


def reference_value(measure: Measure, system: System) -> float:
    """Return the published value for the system's own residents, NaN where there is none."""
    if measure.target is None:
        return float("nan")
    if isinstance(measure.target, float):
        return measure.target
    counts = system.population.counts()
    return float((measure.target * counts).sum() / counts.sum())


def _over_the_run(parts: Parts) -> float:
    part, whole = (sum((of_year[side] for of_year in parts), Fraction(0)) for side in (0, 1))
    return float(part / whole) if whole else float("nan")


def _rate(measure: Measure, seen: _Seen) -> Parts:
    weight = Fraction(seen.activity.weight)
    heads = int(seen.activity.system.population.counts()[seen.chosen.classes[seen.survey.classes.of_kind]].sum())
    counts = seen.by_year(seen.tallies.rows, measure.steps)
    return [(counts[year] * weight, heads * Fraction(seen.months(year), MONTHS_PER_YEAR)) for year in seen.years]


def _share(measure: Measure, seen: _Seen) -> Parts:
    rows = seen.tallies.rows
    return list(zip(seen.by_year(rows, measure.steps), seen.by_year(rows, measure.base), strict=True))


def _delayed(measure: Measure, seen: _Seen) -> Parts:
    midnights, bed_steps = seen.tallies.midnights, (*measure.steps, *measure.base)
    return list(zip(seen.by_year(midnights, measure.steps), seen.by_year(midnights, bed_steps), strict=True))


def _stay(measure: Measure, seen: _Seen) -> Parts:
    found = seen.spells_with(measure.steps)
    discharge, length_of_stay = seen.stays.discharge[found], seen.stays.length_of_stay[found]
    nights = np.zeros(len(seen.years), dtype=np.int64)
    np.add.at(nights, seen.year_of(discharge), length_of_stay)
    return list(zip(map(Fraction, nights.tolist()), seen.ended(discharge), strict=True))


def _occupancy(measure: Measure, seen: _Seen) -> Parts:
    activity = seen.activity
    month_days = np.diff(period_starts(activity.system.start, activity.periods))
    server_days = activity.servers_by_month() * (month_days * seen.chosen.months)[:, None]
    numbered = {
        number: service
        for number, service in enumerate(activity.system.services.values())
        if service.id in measure.services and seen.chosen.services[number]
    }
    parts = []
    for year in seen.years:
        of_year = server_days[year * MONTHS_PER_YEAR : (year + 1) * MONTHS_PER_YEAR].sum(axis=0)
        used = sum((Fraction(float(seen.tallies.days[year, number])) for number in numbered), Fraction(0))
        offered = sum(
            (Fraction(float(of_year[number])) * _open_share(service) for number, service in numbered.items()),
            Fraction(0),
        )
        parts.append((used, offered))
    return parts


def _within(measure: Measure, seen: _Seen) -> Parts:
    return [(Fraction(in_time), Fraction(stopped)) for stopped, in_time in seen.stopped[measure.id]]


def _readmission(measure: Measure, seen: _Seen) -> Parts:
    """Take the readmissions after each discharge; the last `limit` days have no follow-up."""
    activity, stays, limit = seen.activity, seen.stays, _limit(measure)
    discharged = seen.spells_with(measure.base) & (stays.discharge < activity.days - limit)
    emergency = _is_step(activity, measure.steps)[activity.step[stays.first_row]]
    again = followed(stays, discharged, emergency, limit)
    return list(zip(seen.ended(stays.discharge[again]), seen.ended(stays.discharge[discharged]), strict=True))


_TAKE: dict[str, Callable[[Measure, _Seen], Parts]] = {
    "rate": _rate,
    "share": _share,
    "stay": _stay,
    "occupancy": _occupancy,
    "within": _within,
    "readmission": _readmission,
    "delayed": _delayed,
}


FROM_SURVEY: frozenset[MeasureKind] = frozenset({"rate", "share", "delayed"})
"""Kinds of measure that need no rows where a survey is at hand."""


def _open_share(service: Service) -> Fraction:
    """Return the share of the week in which a service starts work, exactly."""
    if not service.opening:
        return Fraction(1)
    hours = (exact(span.stop) - exact(span.start) for span in service.opening)
    return sum(hours, Fraction(0)) / (DAYS_PER_WEEK * HOURS_PER_DAY)


def _is_step(activity: Activity, steps: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(np.array(activity.system.step_ids), steps)


def _limit(measure: Measure) -> float:
    assert measure.limit is not None
    return measure.limit
