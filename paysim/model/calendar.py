"""Days and periods: day 0 is 1 April of the first financial year; a period is a calendar month."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

MONTHS_PER_YEAR = 12
HOURS_PER_DAY = 24
MINUTES_PER_DAY = 1440
DAYS_PER_WEEK = 7
DAYS_PER_YEAR = 365.25

TICKS_PER_DAY = 2**14
"""The clock's resolution: all times are whole ticks of 1/16384 day (5.3 seconds).

Sums of such times are exact in float64, so the order of additions can never change a result.
"""


def period_starts(start: date, periods: int) -> NDArray[np.float64]:
    """Return the day on which each monthly period begins, and the end of the last: shape (periods + 1,)."""
    firsts = [_month_after(start, month) for month in range(periods + 1)]
    return np.array([(first - start).days for first in firsts], dtype=np.float64)


def period_labels(start: date, periods: int) -> tuple[str, ...]:
    """Return the periods' names, such as '2017-04'."""
    return tuple(f"{_month_after(start, month):%Y-%m}" for month in range(periods))


def labels_from(first: str, periods: int) -> tuple[str, ...]:
    """Return the names of so many months from one that is called by its name, such as '2017-04'."""
    return period_labels(date.fromisoformat(f"{first}-01"), periods)


def year_labels(periods: tuple[str, ...]) -> tuple[str, ...]:
    """Return the financial year of each month of a run, such as '2017-18'; a run begins with a financial year."""
    first = int(periods[0][:4]) if periods else 0
    return tuple(
        f"{first + month // MONTHS_PER_YEAR}-{(first + month // MONTHS_PER_YEAR + 1) % 100:02d}"
        for month in range(len(periods))
    )


def years_of(periods: int) -> int:
    """Return the number of financial years of so many months, the last one as far as they go."""
    return -(-periods // MONTHS_PER_YEAR)


def days_in_years(start: date, years: int) -> int:
    """Return the number of days from `start` to the same date `years` later (negative years look back)."""
    return (start.replace(year=start.year + years) - start).days


def _month_after(start: date, months: int) -> date:
    year, month = divmod(start.year * MONTHS_PER_YEAR + start.month - 1 + months, MONTHS_PER_YEAR)
    return date(year, month + 1, 1)
