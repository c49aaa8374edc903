"""From texts to numbers: dates, times of day and counts, each distinct text once."""

import re
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.limits import FIRST_YEAR
from paysim.study.extract.columns import Column

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", re.ASCII)
_DIGITS = re.compile(r"\d{3,4}", re.ASCII)
_SECONDS_PER_DAY = 86_400

EARLIEST = date(FIRST_YEAR, 1, 1)


def days(column: Column, form: str, start: date) -> NDArray[np.float64]:
    """Return each row's date in days after `start`, with the time of day if the form has one, NaN where none.

    Times are cut to whole clock ticks, so that none moves to the next day.
    """
    texts = pd.Series(column.values, dtype="str")
    moments = pd.to_datetime(texts, format=column.form or form, errors="coerce").to_numpy().astype("datetime64[s]")
    after = (moments - np.datetime64(start, "s")) / np.timedelta64(_SECONDS_PER_DAY, "s")
    after[(moments < np.datetime64(EARLIEST, "s")) | np.isnat(moments)] = np.nan
    return column.each(np.floor(after * TICKS_PER_DAY) / TICKS_PER_DAY, np.nan)


def time_of_day(column: Column) -> NDArray[np.float64]:
    """Return each row's time of day as a share of the day, cut to whole clock ticks; NaN where there is none."""
    return column.each(np.array([_time(text) for text in column.values], dtype=np.float64), np.nan)


def _time(text: str) -> float:
    """Return HHMM, HH:MM or HH:MM:SS as a share of the day, NaN for anything else; '930' lost its zero."""
    digits, clock = _DIGITS.fullmatch(text), _CLOCK.search(text)
    if digits:
        hour, minute, second = int(text[:-2]), int(text[-2:]), 0
    elif clock and clock[0] == text.rpartition("T")[2]:
        hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    else:
        return np.nan
    if hour > 23 or minute > 59 or second > 59:
        return np.nan
    return (hour * 3600 + minute * 60 + second) * TICKS_PER_DAY // _SECONDS_PER_DAY / TICKS_PER_DAY


def numbers(column: Column) -> NDArray[np.float64]:
    """Return each row's number, NaN where there is none or it is below zero."""
    found = pd.to_numeric(pd.Series(column.values, dtype="str"), errors="coerce").to_numpy(dtype=np.float64)
    return column.each(np.where((found >= 0) & np.isfinite(found), found, np.nan), np.nan)


def known(column: Column, numbers_of: Mapping[str, int], begins: int | None = None) -> NDArray[np.int32]:
    """Return what each row's text stands for, in whatever case, -1 where it is empty or unknown.

    With `begins`, a text that is unknown itself stands for what so many of its first characters do.
    """

    def number(text: str) -> int:
        code = text.upper()
        found = numbers_of.get(code, -1)
        return numbers_of.get(code[:begins], -1) if found < 0 and begins is not None else found

    return column.each(np.array([number(text) for text in column.values], dtype=np.int32), -1).astype(np.int32)
