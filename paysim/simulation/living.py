"""The simulated residents as years go by: their kind, which follows their segment of need, and their death."""

import math
from typing import NamedTuple

import numpy as np

from paysim.jit import kernel
from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.draws import NEED, uniforms
from paysim.simulation.program import Floats, Ints, Program

_TICK = 1.0 / TICKS_PER_DAY


class Living(NamedTuple):
    """Each simulated resident's kind in a financial year, and the day on which they die (infinite unless they do).

    `dies` is empty where nobody ever dies.
    """

    kind: Ints
    dies: Floats


def living_by_year(program: Program, seed: int, replication: int) -> list[Living]:
    """Return the residents in each of the run's financial years.

    In the first year all are in the segment that they begin in. A resident's need and death in a year come from one
    block of their own draws, so whole lives are known from the beginning; `dies` is the same in all years.
    """
    residents, demands = program.residents, program.demands
    years = len(demands.year_starts) - 1
    if program.needs is None:
        return [Living(residents.kind, np.zeros(0))] * years
    dies = np.full(len(residents.number), np.inf)
    by_year, kind = [], residents.kind
    for year in range(years):
        kind = kind.copy()
        _live(
            residents.number,
            kind,
            dies,
            program.needs.segments,
            program.needs.until,
            program.needs.death,
            demands.year_starts[year],
            demands.year_starts[year + 1],
            year > 0,
            demands.first_year + year,
            seed,
            replication,
        )
        by_year.append(Living(kind, dies))
    return by_year


@kernel
def _live(  # type: ignore[no-untyped-def]
    number, kind, dies, segments, until, death, start, stop, moves, year, seed, replication
):
    for position in range(len(number)):
        if dies[position] < start:
            continue
        u_move, u_death, _, _ = uniforms(seed, replication, NEED, number[position], 0, year + 128)
        if moves:
            before = kind[position] % segments
            after = 0
            while until[before, after] < u_move:
                after += 1
            kind[position] += after - before
        probability = death[kind[position]]
        if u_death < probability:
            days = u_death / probability * (stop - start)
            dies[position] = start + math.floor(days * TICKS_PER_DAY) * _TICK
