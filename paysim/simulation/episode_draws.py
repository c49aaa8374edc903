"""Whose episodes begin, and when: a pathway's, drawn by resident.

In three rounds over a few hundred residents at a time: who has any, how many and which uniforms say when, and the tick
of each. What a round writes is still in the nearest cache for the next one. What a round does next hardly depends on
what it has drawn, so that the processor works at several residents or episodes at once.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined, kernel
from paysim.model.calendar import HOURS_PER_DAY, TICKS_PER_DAY
from paysim.simulation.compile.demand import HOUR_PARTS
from paysim.simulation.draws import ARRIVALS, THINNING, episode_stream, uniforms
from paysim.simulation.piles import deal
from paysim.simulation.program import Floats

LAYER_BITS = 16
"""Bits of a stream's ordinal under the number of its layer."""

MOST_LAYERS = 1 << 23 - LAYER_BITS
"""A stream has 24 bits for layer and ordinal, 23 where its sign is one: further layers would repeat the first ones."""

_TICK = 1.0 / TICKS_PER_DAY
_AT_ONCE = 1 << 8
_FEW = 8
"""Numbers of episodes up to which their probabilities are kept; few residents have more on one pathway."""

_NEXT = np.uint32(1)

_BLOCK = 3
"""Episodes whose times are in the block of four uniforms that says how many there are."""


class Layer(NamedTuple):
    """One layer of a pathway's episodes in one year, by kind of resident: `rate` a year, and the share `kept` of them.

    `at_most[kind, n]` is the probability of no more than n in a year, 1 where none would be kept.
    """

    number: int
    demand: int
    year: int
    since: float
    rate: Floats
    kept: Floats
    at_most: Floats
    at_once: int


class Desk(NamedTuple):
    """Room for what the rounds hand on: residents that have episodes, and packed episodes, their uniforms and ticks."""

    found: NDArray[np.int64]
    episode: NDArray[np.int64]
    share: Floats
    tick: NDArray[np.int64]


def new_desk(most: int) -> Desk:
    """Return a desk for residents with at most so many episodes each. What is never written takes no memory."""
    episodes = _AT_ONCE * (most + _BLOCK)
    found, episode, tick = (np.empty(room, dtype=np.int64) for room in (_AT_ONCE, episodes, episodes))
    return Desk(found, episode, np.empty(episodes), tick)


def layer_of(number: int, demand: int, year: int, since: float, rate: Floats, kept: Floats) -> Layer:
    """Return a layer with its probabilities."""
    at_once = max(1, int(_AT_ONCE / max(1.0, rate.max(initial=0.0))))
    layer = Layer(number, demand, year, since, rate, kept, np.empty((len(rate), _FEW)), at_once)
    _fill_at_most(layer)
    return layer


@kernel
def _fill_at_most(layer):  # type: ignore[no-untyped-def]
    for kind in range(len(layer.rate)):
        term = math.exp(-layer.rate[kind])
        total = term
        for count in range(_FEW):
            layer.at_most[kind, count] = total if layer.kept[kind] > 0.0 else 1.0
            term *= layer.rate[kind] / (count + 1)
            total += term


@kernel
def deal_episodes(  # type: ignore[no-untyped-def]
    piles, desk, demands, layer, layout, first, last, number, kind, dies, seed, replication
):
    """Deal a layer's episodes of residents `first` to before `last`, resident by resident."""
    most = (1 << layout.ordinal_bits) - 1
    key = episode_stream(demands.pathway[layer.demand], demands.first_year + layer.year, layer.number << LAYER_BITS)
    for begin in range(first, last, layer.at_once):
        stop = min(begin + layer.at_once, last)
        count = _who(desk, layer, begin, stop, number, kind, key, seed, replication)
        count = _how_many(desk, layer, layout, count, most, number, kind, key, seed, replication)
        _when(piles, desk, demands, layer, layout, count, number, kind, dies, key, seed, replication)


@inlined
def _who(desk, layer, first, last, number, kind, key, seed, replication):  # type: ignore[no-untyped-def]
    """Find the residents that have an episode; return how many there are."""
    count = 0
    for position in range(first, last):
        none = layer.at_most[kind[position], 0]
        if none < 1.0:
            desk.found[count] = position
            count += uniforms(seed, replication, ARRIVALS, number[position], key, 0)[0] > none
    return count


@inlined
def _how_many(desk, layer, layout, found, most, number, kind, key, seed, replication):  # type: ignore[no-untyped-def]
    """Write the episodes of those found, all but their ticks, and the uniforms of these; return how many there are."""
    count = 0
    for nth in range(found):
        position = desk.found[nth]
        u, u_0, u_1, u_2 = uniforms(seed, replication, ARRIVALS, number[position], key, 0)
        episodes = min(_quantile(u, layer.rate[kind[position]], layer.at_most[kind[position]]), most)
        episode = ((layer.demand << layout.resident_bits) + position << layout.layer_bits) + layer.number
        episode <<= layout.ordinal_bits
        desk.share[count], desk.share[count + 1], desk.share[count + 2] = u_0, u_1, u_2
        for ordinal in range(_BLOCK):
            desk.episode[count + ordinal] = episode + ordinal
        for ordinal in range(_BLOCK, episodes):
            place = (ordinal + 1) % 4
            if place == 0:
                u, u_0, u_1, u_2 = uniforms(seed, replication, ARRIVALS, number[position], key, (ordinal + 1) // 4)
            desk.share[count + ordinal] = u if place == 0 else u_0 if place == 1 else u_1 if place == 2 else u_2
            desk.episode[count + ordinal] = episode + ordinal
        count += episodes
    return count


@inlined
def _when(piles, desk, demands, layer, layout, count, number, kind, dies, key, seed, replication):  # type: ignore[no-untyped-def]
    """Deal the episodes that are kept, with their ticks."""
    start = demands.year_starts[layer.year]
    timing = demands.timing[layer.demand]
    until, hour_of = demands.until[timing, layer.year], demands.hour_of[timing, layer.year]
    resident_shift = layout.layer_bits + layout.ordinal_bits
    # The processor works at several ticks at once, but hardly where a pile in between may be the next episode's, too.
    for nth in range(count):
        desk.tick[nth] = _tick(until, hour_of, desk.share[nth])
    for nth in range(count):
        episode, tick = desk.episode[nth], desk.tick[nth]
        moment = start + tick * _TICK
        position = episode >> resident_shift & (1 << layout.resident_bits) - 1
        if moment < layer.since or (len(dies) > 0 and moment >= dies[position]):
            continue
        kept = layer.kept[kind[position]]
        if kept < 1.0:
            ordinal = np.uint64(episode & (1 << layout.ordinal_bits) - 1)
            stream = key | (ordinal << np.uint64(40))
            if uniforms(seed, replication, THINNING, number[position], stream, 0)[0] >= kept:
                continue
        deal(piles, (tick << layout.demand_bits + layout.resident_bits + resident_shift) + episode)


@inlined
def _quantile(u, mean, at_most):  # type: ignore[no-untyped-def]
    """Return the u-quantile of a Poisson count, of which the first probabilities are known."""
    count = 0
    for few in range(_FEW):
        count += u > at_most[few]
    if count < _FEW:
        return count
    count, term = 0, at_most[0]
    total = term
    while u > total and term > 0.0:
        count += 1
        term *= mean / count
        total += term
    return count


@inlined
def _tick(until, hour_of, u):  # type: ignore[no-untyped-def]
    """Return the clock tick of the year by which a share u of the year's demand has arisen."""
    hour = np.uint32(hour_of[np.uint32(u * HOUR_PARTS)])
    # Whether it is the next hour is anybody's guess, the processor's too: so the answer is added, not branched on.
    hour += np.uint32(until[hour + _NEXT] < u)
    while until[hour + _NEXT] < u:
        hour += _NEXT
    within = (u - until[hour]) / (until[hour + _NEXT] - until[hour])
    return np.int64((np.int64(hour) + within) / HOURS_PER_DAY * TICKS_PER_DAY)
