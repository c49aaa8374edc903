"""Clocks that run within an episode: how long it takes from one step's request to another's end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.payment.records import number_of_rows
from paysim.payment.survey import Survey
from paysim.payment.tallies import Chosen
from paysim.radix_sort import sorted_by_bits

_ROW_BITS = 32
_ROWS = (1 << _ROW_BITS) - 1
"""A key is an episode and, in the lower bits, the number of a row."""

_AT_A_TIME = 1 << 14
"""Rows that stay in the processor's cache from one clock to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Which steps start and which stop it, one truth value for each step, and the days that it should run at most."""

    starts: NDArray[np.bool_]
    stops: NDArray[np.bool_]
    limit: float


def stopped_clocks(activity: Activity, survey: Survey, chosen: Chosen, clocks: Sequence[Clock]) -> NDArray[np.int64]:
    """Return how many clocks stopped in each financial year, and how many of these in time: shape (clocks, years, 2).

    An episode's clock starts at the first request of a step that starts it and stops at the first end, then or later,
    of a step that stops it. An end before the request belongs to one that came before the run. Clocks count that stop
    at a chosen service for a chosen resident in a chosen month. All are read in one go through the episodes.
    """
    starts, stops = (np.array([getattr(clock, name) for clock in clocks]) for name in ("starts", "stops"))
    either = (starts | stops).any(axis=0)
    # One more than there are: each row is written, and written over by the next one unless it is chosen.
    keys = np.empty(number_of_rows(activity.step, either) + 1, dtype=np.int64)
    keys = keys[: _keys(either, activity.step, activity.episode, keys)]
    keys = sorted_by_bits(keys, _ROW_BITS, (int(keys.max(initial=0)) >> _ROW_BITS).bit_length())
    limits = np.array([clock.limit for clock in clocks])
    counts = np.zeros((len(clocks), chosen.years + 1, 2), dtype=np.int64)
    year = chosen.year_of_day(survey.lookups)
    for some in _whole_episodes(keys):
        step, (begun, requested, ended) = np.empty(len(some), dtype=np.int16), np.empty((3, len(some)))
        _look_up(some, activity.step, activity.start, activity.wait, activity.stay, step, begun, requested, ended)
        counted = _counted(activity, survey, chosen, some)
        _read_clocks(some, step, begun, requested, ended, counted, starts, stops, limits, year, counts)
    return counts[:, : chosen.years]


def _counted(activity: Activity, survey: Survey, chosen: Chosen, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of the rows are at chosen services for chosen residents."""
    if chosen.everywhere:
        return np.ones(len(keys), dtype=np.bool_)
    row = keys & _ROWS
    of_resident = survey.classes.of_resident[activity.resident[row]]
    return chosen.services[activity.service[row]] & chosen.classes[of_resident]


def _whole_episodes(keys: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield sorted keys in parts, each with all rows of its episodes."""
    first = 0
    while first < len(keys):
        last = min(first + _AT_A_TIME, len(keys)) - 1
        stop = int(np.searchsorted(keys, keys[last] | _ROWS, side="right"))
        yield keys[first:stop]
        first = stop


@kernel
def _keys(
    chosen: NDArray[np.bool_], step: NDArray[np.int16], episode: NDArray[np.int32], keys: NDArray[np.int64]
) -> int:
    """Write the episode and the number of each row of a chosen step; return how many there are."""
    count = 0
    for row in range(len(step)):
        keys[count] = np.int64(episode[row]) << _ROW_BITS | row
        at = np.uint16(step[row])
        if at < len(chosen):
            count += chosen[at]
    return count


@kernel
def _look_up(
    keys: NDArray[np.int64],
    step: NDArray[np.int16],
    start: NDArray[np.float64],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    step_of: NDArray[np.int16],
    begun: NDArray[np.float64],
    requested: NDArray[np.float64],
    ended: NDArray[np.float64],
) -> None:
    """Write what the clocks need of each key's row: its step, and when it began, was requested and ended."""
    for position in range(len(keys)):
        row = keys[position] & _ROWS
        step_of[position] = step[row]
        begun[position] = start[row]
        requested[position] = start[row] - wait[row]
        ended[position] = start[row] + stay[row]


@kernel
def _read_clocks(
    keys: NDArray[np.int64],
    step: NDArray[np.int16],
    begun: NDArray[np.float64],
    requested: NDArray[np.float64],
    ended: NDArray[np.float64],
    counted: NDArray[np.bool_],
    starts: NDArray[np.bool_],
    stops: NDArray[np.bool_],
    limit: NDArray[np.float64],
    year_of_day: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> None:
    """Count each episode's clocks that stopped, and those in time, from its rows, which stand together.

    Of rows that end at once the one that starts first counts: a step without length ends when the one before it does.
    """
    for clock in range(len(limit)):
        opening = 0
        while opening < len(keys):
            since, stop = np.inf, opening
            while stop < len(keys) and keys[stop] >> _ROW_BITS == keys[opening] >> _ROW_BITS:
                if starts[clock, step[stop]]:
                    since = min(since, requested[stop])
                stop += 1
            until, last = np.inf, opening
            for row in range(opening, stop):
                if stops[clock, step[row]] and since <= ended[row] and (ended[row], begun[row]) < (until, begun[last]):
                    until, last = ended[row], row
            if until < np.inf and counted[last]:
                year = year_of_day[int(np.floor(until))]
                counts[clock, year, 0] += 1
                counts[clock, year, 1] += until - since <= limit[clock]
            opening = stop
