"""Episodes by the time they begin: one Poisson process per resident and pathway, thinned and ordered by nothing else.

The number of a resident's episodes in a year and their times come from that resident's own uniforms, so neither the
other residents nor the engine have any part in them. A year's episodes are one sorted array of whole numbers, eight
bytes each; at no time does a run hold those of two years.
"""

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.calendar import HOURS_PER_DAY, TICKS_PER_DAY
from paysim.model.errors import InputError
from paysim.simulation.compile.demand import HOUR_PARTS, HOURS_PER_LEAP_YEAR
from paysim.simulation.draws import ARRIVALS, THINNING, episode_stream, uniforms
from paysim.simulation.living import Living
from paysim.simulation.piles import Piles, bits_within, deal, in_order, room_for
from paysim.simulation.program import Demands, Program

_TICK = 1.0 / TICKS_PER_DAY
_TICKS_PER_HOUR = TICKS_PER_DAY / HOURS_PER_DAY
_TICK_BITS = 23
"""Bits for a clock tick within a year of at most 366 days."""

_RESIDENTS_AT_A_TIME = 1 << 20
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""

_AMONG = 1 << 8
"""Residents among whom those with an episode are found before any of these is looked at."""

LAYER_BITS = 16
"""Bits of a stream's ordinal under the number of its layer."""


class Layout(NamedTuple):
    """Where the parts of a packed episode lie: tick of the year, demand, resident, layer and ordinal, high to low."""

    demand_bits: int
    resident_bits: int
    layer_bits: int
    ordinal_bits: int


class Arrivals(NamedTuple):
    """The episodes of a financial year in order of time, packed; `resident` is a position in Program.residents."""

    packed: NDArray[np.int64]
    layout: Layout


class Episodes(NamedTuple):
    """The same, unpacked: the first request's day, the resident's position, the entry step and the draws' stream."""

    time: NDArray[np.float64]
    resident: NDArray[np.int64]
    step: NDArray[np.int32]
    stream: NDArray[np.uint64]


def arrivals(program: Program, living: Living, year: int, since: float, seed: int, replication: int) -> Arrivals:
    """Return every episode that begins in the run's year-th financial year, from day `since` on.

    They are in order of time; ties go by layer, then pathway, then resident.

    Rates below those that the run began with keep a share of the episodes, by a uniform of each; rates above them
    add whole layers of further episodes, the last one thinned. Thinning and superposition of Poisson processes: Lewis
    and Shedler, Naval Research Logistics Quarterly 26 (1979).

    Raises InputError where an episode does not fit 63 bits.
    """
    demands = program.demands
    factor = np.divide(demands.rate, demands.first_rate, out=np.zeros_like(demands.rate), where=demands.first_rate > 0)
    layers = max(1, math.ceil(factor.max(initial=0.0)))
    layout = _layout(demands, len(program.residents.number), layers)
    piles, bits = _piles(demands, living, year, layout)
    found = np.empty(_AMONG, dtype=np.int64)
    none_at_all = np.empty_like(demands.first_rate)
    parts = range(0, len(program.residents.number), _RESIDENTS_AT_A_TIME)
    for layer in range(layers):
        kept = np.clip(factor - layer, 0.0, 1.0)
        _fill_none_at_all(demands.first_rate, kept, none_at_all)
        for demand, first in product(range(len(demands.pathway)), parts):
            _generate(
                piles,
                demands,
                none_at_all,
                kept,
                layout,
                layer,
                demand,
                first,
                min(first + _RESIDENTS_AT_A_TIME, len(program.residents.number)),
                program.residents.number,
                living.kind,
                living.dies,
                year,
                max(since, demands.begins[demand]),
                seed,
                replication,
                found,
            )
    # Within a layer they come by pathway, then resident, so nothing but the tick is left to sort by.
    return Arrivals(in_order(piles, bits), layout)


def _piles(demands: Demands, living: Living, year: int, layout: Layout) -> tuple[Piles, int]:
    """Return piles with room for a year's episodes by their tick, and how many bits of it tell those of one apart."""
    expected = demands.rate @ np.bincount(living.kind, minlength=demands.rate.shape[1])
    bits = bits_within(expected.sum(), _TICK_BITS)
    hours = np.arange(HOURS_PER_LEAP_YEAR + 1)
    ticks = hours[-1] * _TICKS_PER_HOUR
    edges = np.arange(0, ticks + (2 << bits), 1 << bits) / _TICKS_PER_HOUR
    until = [np.interp(edges, hours, demands.until[timing, year]) for timing in demands.timing]
    return room_for(expected @ np.diff(until), sum(layout) + bits), bits


def unpacked(program: Program, year: int, episodes: Arrivals) -> Episodes:
    """Return the columns of packed episodes."""
    demands, layout, rest = program.demands, episodes.layout, episodes.packed
    ordinal = rest & ((1 << layout.ordinal_bits) - 1)
    rest = rest >> layout.ordinal_bits
    layer = rest & ((1 << layout.layer_bits) - 1)
    rest = rest >> layout.layer_bits
    resident = rest & ((1 << layout.resident_bits) - 1)
    rest = rest >> layout.resident_bits
    demand = rest & ((1 << layout.demand_bits) - 1)
    tick = rest >> layout.demand_bits
    key = demands.pathway[demand].astype(np.uint64) | np.uint64(demands.first_year + year + 128) << np.uint64(32)
    stream = key | (ordinal | layer << LAYER_BITS).astype(np.uint64) << np.uint64(40)
    return Episodes(demands.year_starts[year] + tick * _TICK, resident, demands.entry[demand], stream)


def _layout(demands: Demands, residents: int, layers: int) -> Layout:
    most = float(demands.first_rate.max(initial=0.0))
    layout = Layout(
        demand_bits=_bits(len(demands.pathway)),
        resident_bits=_bits(residents),
        layer_bits=_bits(layers),
        ordinal_bits=_bits(int(most + 12.0 * math.sqrt(most) + 40.0)),
    )
    if _TICK_BITS + sum(layout) > 63:
        found = f"found {residents:,} residents, {len(demands.pathway)} pathways and {most:g} episodes a year"
        raise InputError("", "population", found, "expected a system whose episodes can be numbered in 63 bits")
    return layout


def _bits(numbers: int) -> int:
    return max(1, (numbers - 1).bit_length())


@kernel
def _fill_none_at_all(rate, kept, probability):  # type: ignore[no-untyped-def]
    """Fill in the probability of no episode in a year, by demand and kind; 1 where none would be kept."""
    for demand in range(rate.shape[0]):
        for kind in range(rate.shape[1]):
            probability[demand, kind] = math.exp(-rate[demand, kind]) if kept[demand, kind] > 0.0 else 1.0


@kernel
def _generate(  # type: ignore[no-untyped-def]
    piles,
    demands,
    none_at_all,
    kept,
    layout,
    layer,
    demand,
    first,
    last,
    number,
    kind,
    dies,
    year,
    since,
    seed,
    replication,
    found,
):
    """Deal one layer of a pathway's episodes, of residents `first` to before `last`."""
    start = demands.year_starts[year]
    most = (1 << layout.ordinal_bits) - 1
    timing = demands.timing[demand]
    none = none_at_all[demand]
    key = episode_stream(demands.pathway[demand], demands.first_year + year, layer << LAYER_BITS)
    for begin in range(first, last, len(found)):
        stop = min(begin + len(found), last)
        for nth in range(_find(none, number, kind, begin, stop, key, seed, replication, found)):
            position = found[nth]
            rate, keep = demands.first_rate[demand, kind[position]], kept[demand, kind[position]]
            u, u_0, u_1, u_2 = uniforms(seed, replication, ARRIVALS, number[position], key, 0)
            for ordinal in range(min(_poisson(u, rate, none[kind[position]]), most)):
                place = (ordinal + 1) % 4
                if place == 0:
                    u, u_0, u_1, u_2 = uniforms(seed, replication, ARRIVALS, number[position], key, (ordinal + 1) // 4)
                share = u if place == 0 else u_0 if place == 1 else u_1 if place == 2 else u_2
                tick = _tick(demands.until[timing, year], demands.hour_of[timing, year], share)
                moment = start + tick * _TICK
                if moment < since or (len(dies) > 0 and moment >= dies[position]):
                    continue
                if keep < 1.0:
                    stream = key | (np.uint64(ordinal) << np.uint64(40))
                    if uniforms(seed, replication, THINNING, number[position], stream, 0)[0] >= keep:
                        continue
                episode = (np.int64(tick) << layout.demand_bits) + demand
                episode = (episode << layout.resident_bits) + position
                episode = (episode << layout.layer_bits) + layer
                deal(piles, (episode << layout.ordinal_bits) + ordinal)


@inlined
def _find(none_at_all, number, kind, first, last, key, seed, replication, found):  # type: ignore[no-untyped-def]
    """Find who has an episode among residents `first` to before `last`; return how many there are.

    Nothing here depends on what was drawn, so the processor works at several residents' draws at once.
    """
    count = 0
    for position in range(first, last):
        none = none_at_all[kind[position]]
        if none < 1.0:
            found[count] = position
            count += uniforms(seed, replication, ARRIVALS, number[position], key, 0)[0] > none
    return count


@inlined
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


@inlined
def _tick(until, hour_of, u):  # type: ignore[no-untyped-def]
    """Return the clock tick of the year by which a share u of the year's demand has arisen."""
    hour = hour_of[int(u * HOUR_PARTS)]
    while until[hour + 1] < u:
        hour += 1
    within = (u - until[hour]) / (until[hour + 1] - until[hour])
    return math.floor((hour + within) / HOURS_PER_DAY * TICKS_PER_DAY)
