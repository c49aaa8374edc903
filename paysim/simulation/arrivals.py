"""Episodes by the time they begin: one Poisson process per resident and pathway, thinned and ordered by nothing else.

The number of a resident's episodes in a year and their times come from that resident's own uniforms, so neither the
other residents nor the engine have any part in them.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.calendar import HOURS_PER_DAY, TICKS_PER_DAY
from paysim.simulation.draws import ARRIVALS, episode_stream, uniforms
from paysim.simulation.program import Program

_TICK = 1.0 / TICKS_PER_DAY


class Arrivals(NamedTuple):
    """The first requests of all episodes in order of time, one row an episode.

    `resident` is a position in Program.residents; `stream` keys the episode's draws.
    """

    time: NDArray[np.float64]
    resident: NDArray[np.int32]
    step: NDArray[np.int32]
    stream: NDArray[np.uint64]


def arrivals(program: Program, seed: int, replication: int) -> Arrivals:
    """Return every episode that begins in the run, warm-up included; ties go by pathway, then resident."""
    demands, residents = program.demands, program.residents
    expected = float(demands.rate[:, residents.kind].sum()) * (len(demands.year_starts) - 1)
    room = int(expected + 10.0 * math.sqrt(expected) + 100.0)
    time = np.empty(room)
    resident = np.empty(room, dtype=np.int32)
    step = np.empty(room, dtype=np.int32)
    stream = np.empty(room, dtype=np.uint64)
    count = _generate(
        demands, residents.number, residents.kind, program.begin, seed, replication, time, resident, step, stream
    )
    order = np.argsort(time[:count], kind="stable")
    return Arrivals(time[order], resident[order], step[order], stream[order])


@kernel
def _generate(demands, number, kind, begin, seed, replication, time, resident, step, stream):  # type: ignore[no-untyped-def]
    """Fill the columns, pathway after pathway, and return the number of episodes."""
    count = 0
    for demand in range(len(demands.pathway)):
        none_at_all = np.exp(-demands.rate[demand])
        for position in range(len(number)):
            rate = demands.rate[demand, kind[position]]
            if rate == 0.0:
                continue
            for year in range(len(demands.year_starts) - 1):
                financial_year = demands.first_year + year
                key = episode_stream(demands.pathway[demand], financial_year, 0)
                words = uniforms(seed, replication, ARRIVALS, number[position], key, 0)
                episodes = _poisson(words[0], rate, none_at_all[kind[position]])
                used = 1
                for ordinal in range(episodes):
                    if used == 4:
                        words = uniforms(seed, replication, ARRIVALS, number[position], key, 1 + (ordinal - 3) // 4)
                        used = 0
                    moment = _moment(
                        demands.until[demands.timing[demand], year],
                        words[used],
                        demands.year_starts[year],
                        demands.year_starts[year + 1],
                    )
                    used += 1
                    if moment >= begin:
                        time[count] = moment
                        resident[count] = position
                        step[count] = demands.entry[demand]
                        stream[count] = episode_stream(demands.pathway[demand], financial_year, ordinal)
                        count += 1
    return count


@kernel
def _poisson(u, mean, none_at_all):  # type: ignore[no-untyped-def]
    """Return the u-quantile of a Poisson count; `none_at_all` is exp(-mean)."""
    count = 0
    term = none_at_all
    total = term
    while u > total and term > 0.0:
        count += 1
        term *= mean / count
        total += term
    return count


@kernel
def _moment(until, u, start, stop):  # type: ignore[no-untyped-def]
    """Return the moment, on a clock tick, by which a share u of the year's demand has arisen."""
    hours = int((stop - start) * HOURS_PER_DAY)
    low, high = 0, hours
    while high - low > 1:
        middle = (low + high) // 2
        if until[middle] < u:
            low = middle
        else:
            high = middle
    within = (u - until[low]) / (until[high] - until[low])
    return start + math.floor((low + within) / HOURS_PER_DAY * TICKS_PER_DAY) * _TICK
