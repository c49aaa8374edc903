"""Episodes by the time they begin: one Poisson process per resident and pathway, thinned and ordered by nothing else.

The number of a resident's episodes in a year and their times come from that resident's own uniforms, so neither the
other residents nor the engine have any part in them. A year's episodes are one sorted array of whole numbers, eight
bytes each.
"""

import math
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import HOURS_PER_DAY, TICKS_PER_DAY
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.simulation.compile.demand import HOURS_PER_LEAP_YEAR
from paysim.simulation.episode_draws import LAYER_BITS, MOST_LAYERS, deal_episodes, layer_of, new_desk
from paysim.simulation.living import Living
from paysim.simulation.piles import Memory, Piles, bits_within, in_order, room_for
from paysim.simulation.program import Demands, Floats, Program

_TICK = 1.0 / TICKS_PER_DAY
_TICKS_PER_HOUR = TICKS_PER_DAY / HOURS_PER_DAY
_TICK_BITS = 23
"""Bits for a clock tick within a year of at most 366 days."""

_RESIDENTS_AT_A_TIME = 1 << 20
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""


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


def refuse_too_many_layers(system: System, first_rate: Floats) -> None:
    """Raise InputError for a rate so far above the `first_rate` that its episodes could not be told apart."""
    inhabited = system.population.inhabited().ravel()
    pathways = [pathway for pathway in system.pathways.values() if pathway.demand is not None]
    for pathway, first in zip(pathways, first_rate, strict=True):
        assert pathway.demand is not None
        rate = pathway.demand.rate.ravel()
        beyond = np.flatnonzero(inhabited & (first > 0.0) & (rate > first * MOST_LAYERS))
        if len(beyond):
            found = f"found {rate[beyond[0]]:g} where the run began with {first[beyond[0]]:g}"
            expected = f"expected at most {MOST_LAYERS} times that"
            raise InputError("", f"pathway.{pathway.id}.demand.rate", found, expected)


def arrivals(
    program: Program, living: Living, year: int, since: float, seed: int, replication: int, memory: Memory
) -> Arrivals:
    """Return every episode that begins in the run's year-th financial year, from day `since` on.

    They are in order of time; ties go by layer, then pathway, then resident. They take the place of those that were
    drawn into the same memory before.

    Rates below those that the run began with keep a share of the episodes, by a uniform of each; rates above them
    add whole layers of further episodes, the last one thinned. Thinning and superposition of Poisson processes: Lewis
    and Shedler, Naval Research Logistics Quarterly 26 (1979).

    Raises InputError where an episode does not fit 63 bits.
    """
    demands = program.demands
    factor = np.divide(demands.rate, demands.first_rate, out=np.zeros_like(demands.rate), where=demands.first_rate > 0)
    layers = max(1, math.ceil(factor.max(initial=0.0)))
    layout = _layout(demands, len(program.residents.number), layers)
    piles, bits = _piles(demands, living, year, layout, memory)
    desk = new_desk(1 << layout.ordinal_bits)
    residents = len(program.residents.number)
    begun = np.flatnonzero(np.maximum(demands.begins, since) < demands.year_starts[year + 1])
    for layer, demand in product(range(layers), begun.tolist()):
        drawn = layer_of(
            number=layer,
            demand=demand,
            year=year,
            since=max(since, float(demands.begins[demand])),
            rate=demands.first_rate[demand],
            kept=np.clip(factor[demand] - layer, 0.0, 1.0),
        )
        for first in range(0, residents, _RESIDENTS_AT_A_TIME):
            deal_episodes(
                piles,
                desk,
                demands,
                drawn,
                layout,
                first,
                min(first + _RESIDENTS_AT_A_TIME, residents),
                program.residents.number,
                living.kind,
                living.dies,
                seed,
                replication,
            )
    # Within a layer they come by pathway, then resident, so nothing but the tick is left to sort by.
    return Arrivals(in_order(piles, bits), layout)


def _piles(demands: Demands, living: Living, year: int, layout: Layout, memory: Memory) -> tuple[Piles, int]:
    """Return piles with room for a year's episodes by their tick, and how many bits of it tell those of one apart."""
    expected = demands.rate @ np.bincount(living.kind, minlength=demands.rate.shape[1])
    bits = bits_within(expected.sum(), _TICK_BITS)
    hours = np.arange(HOURS_PER_LEAP_YEAR + 1)
    ticks = hours[-1] * _TICKS_PER_HOUR
    edges = np.arange(0, ticks + (2 << bits), 1 << bits) / _TICKS_PER_HOUR
    until = [np.interp(edges, hours, demands.until[timing, year]) for timing in demands.timing]
    return room_for(expected @ np.diff(np.reshape(until, (-1, len(edges)))), sum(layout) + bits, memory), bits


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
