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
    order = _in_order(time[:count], program.begin)
    return Arrivals(time[order], resident[order], step[order], stream[order])


def _in_order(time: NDArray[np.float64], begin: float) -> NDArray[np.int64]:
    """Return the order of the episodes by time, then as they were generated.

    The tick and the position fit one integer, and NumPy sorts integers many times faster than it finds the stable
    order of floats.
    """
    ticks = ((time - begin) * TICKS_PER_DAY).astype(np.int64)
    keys = np.sort(ticks << _POSITION_BITS | np.arange(len(time)))
    keys &= (1 << _POSITION_BITS) - 1
    return keys


_POSITION_BITS = 31


# Arrays are taken out of the tuple before the loops: a tuple's field would be counted as a reference at every use.
@kernel
def _generate(demands, number, kind, begin, seed, replication, time, resident, step, stream):  # type: ignore[no-untyped-def]
    """Fill the columns, pathway after pathway, and return the number of episodes."""
    rates, until, starts = demands.rate, demands.until, demands.year_starts
    pathways, entries, timings, first_year = demands.pathway, demands.entry, demands.timing, demands.first_year
    count = 0
    for demand in range(len(pathways)):
        none_at_all = np.exp(-rates[demand])
        for year in range(len(starts) - 1):
            start, stop, timing = starts[year], starts[year + 1], timings[demand]
            key = episode_stream(pathways[demand], first_year + year, 0)
            for position in range(len(number)):
                u, u_0, u_1, u_2 = uniforms(seed, replication, ARRIVALS, number[position], key, 0)
                none = none_at_all[kind[position]]
                if u <= none:
                    continue
                for ordinal in range(_poisson(u, rates[demand, kind[position]], none)):
                    place = (ordinal + 1) % 4
                    if place == 0:
                        u, u_0, u_1, u_2 = uniforms(
                            seed, replication, ARRIVALS, number[position], key, (ordinal + 1) // 4
                        )
                    share = u if place == 0 else u_0 if place == 1 else u_1 if place == 2 else u_2
                    moment = _moment(until, timing, year, share, start, stop)
                    if moment >= begin:
                        time[count] = moment
                        resident[count] = position
                        step[count] = entries[demand]
                        stream[count] = episode_stream(pathways[demand], first_year + year, ordinal)
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
def _moment(until, timing, year, u, start, stop):  # type: ignore[no-untyped-def]
    """Return the moment, on a clock tick, by which a share u of the year's demand has arisen."""
    hours = int((stop - start) * HOURS_PER_DAY)
    low, high = 0, hours
    while high - low > 1:
        middle = (low + high) // 2
        if until[timing, year, middle] < u:
            low = middle
        else:
            high = middle
    begun, ended = until[timing, year, low], until[timing, year, high]
    within = (u - begun) / (ended - begun)
    return start + math.floor((low + within) / HOURS_PER_DAY * TICKS_PER_DAY) * _TICK
