"""When the step of each row began and ended."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import MINUTES_PER_DAY, TICKS_PER_DAY
from paysim.study.extract.clean import EARLIEST, days, numbers, time_of_day
from paysim.study.extract.columns import Column
from paysim.study.extract.reader import Reader

_EXACT_STAY = 1000.0
"""Days up to which a stay in 32 bits is exact to the clock tick; longer ones are kept in whole days."""


def times_of(reader: Reader) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return start and stay in days, NaN where unknown."""
    column = reader.table.by_role["start"]
    start = _moments(reader, column, "start_time", _clock(reader, "start_time"))
    end, told_by = _ends(reader, start)
    late = end < start
    reader.refuse(
        late,
        told_by,
        "end before start",
        "expected an end at or after the start",
        found=lambda at: column.texts(at) + " to " + told_by.texts(at),
    )
    outside = ~((end >= 0) & (end < reader.run_days)) & ~np.isnan(end)
    last = date.fromordinal(reader.system.start.toordinal() + int(reader.run_days) - 1)
    within = f"expected an end from {reader.system.start.isoformat()} to {last.isoformat()}"
    reader.refuse(outside & ~late, told_by, "outside the months", within)
    stay = np.where(late, np.nan, end - start)
    long = stay > _EXACT_STAY
    start = np.where(long, np.floor(start), start)
    return start, np.where(long, np.floor(end) - start, stay)


def _dates(reader: Reader, column: Column) -> NDArray[np.float64]:
    form = reader.map.dates if column.form is None else "%Y-%m-%d"
    told = "; the map's key `dates` says how dates are written" if column.form is None else ""
    reader.refuse_empty(column, f"expected a date {form}")
    moments = days(column, reader.map.dates, reader.system.start)
    bad = np.isnan(moments) & ~column.empty
    reader.refuse(bad, column, "bad date", f"expected a date {form} from {EARLIEST.year} on{told}")
    return moments


def _moments(reader: Reader, column: Column, role: str, clock: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dates with their own time of day, or that of the column with a role where they have none."""
    moments = _dates(reader, column)
    own = moments - np.floor(moments)
    if (times := reader.role(role)) is not None:
        differs = (own > 0) & (np.abs(own - clock) >= 1 / MINUTES_PER_DAY)
        expected = f"expected the time of day that {column.name} has; taken as there"
        reader.refuse(differs, times, "bad time", expected, left_out=False)
    return np.where(own > 0, moments, moments + np.nan_to_num(clock))


def _clock(reader: Reader, role: str) -> NDArray[np.float64]:
    """Return the time of day in a column of times, NaN where there is none."""
    column = reader.role(role)
    if column is None:
        return np.full(len(reader.usable), np.nan)
    clock = time_of_day(column)
    reader.refuse(
        np.isnan(clock) & ~column.empty,
        column,
        "bad time",
        "expected HHMM or HH:MM; taken as not known",
        left_out=False,
    )
    return clock


def _ends(reader: Reader, start: NDArray[np.float64]) -> tuple[NDArray[np.float64], Column]:
    """Return the end of each row, and the column that it is known by."""
    end_column, clock = reader.role("end"), _clock(reader, "end_time")
    timed = ~np.isnan(clock)
    if end_column is not None:
        end = _moments(reader, end_column, "end_time", clock)
        same_day = np.floor(end) == np.floor(start)
        # A date alone does not say that a day's end came before its start.
        dated = (end == np.floor(end)) & ~timed
        return np.where(dated & same_day, start, end), end_column
    for role, per_day in (("days", 1), ("minutes", MINUTES_PER_DAY)):
        if (column := reader.role(role)) is not None:
            length = lengths(reader, column, role, left_out=role == "days")
            length = np.where(np.isnan(length) & (role == "minutes"), 0.0, length) / per_day
            return start + np.floor(length * TICKS_PER_DAY) / TICKS_PER_DAY, column
    if (end_time := reader.role("end_time")) is not None:
        end = np.floor(start) + clock
        return np.where(timed, end + (end < start), start), end_time
    return start, reader.table.by_role["start"]


def lengths(reader: Reader, column: Column, unit: str, *, left_out: bool) -> NDArray[np.float64]:
    """Return the lengths of time in a column, NaN where there is none; note the cells that are none."""
    length = numbers(column)
    otherwise = "" if left_out else "; taken as 0"
    reader.refuse_empty(column, f"expected a number of {unit}{otherwise}", left_out=left_out)
    bad = np.isnan(length) & ~column.empty
    reader.refuse(bad, column, "bad number", f"expected a number of {unit} of at least 0{otherwise}", left_out=left_out)
    return length
