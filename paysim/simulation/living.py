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
    """Each simulated resident's kind in a financial year, and the day on which they die.

    `dies` is infinite for those who live to the year's end, and empty where nobody ever dies.
    """

    kind: Ints
    dies: Floats


def living_at_first(program: Program) -> Living:
    """Return the residents before the run's first financial year: all in the segment that they begin in, and alive."""
    mortal = len(program.residents.number) if program.needs is not None else 0
    return Living(program.residents.kind, np.full(mortal, np.inf))


def living_in(program: Program, before: Living, year: int, seed: int, replication: int) -> Living:
    """Return the residents in the run's year-th financial year, of those of the year before.

    The population is that of the first 1 April: nobody moves or dies before it. A resident's need and death in a year
    come from one block of their own draws, and from the Program's need as it is when the year begins.
    """
    demands = program.demands
    label = demands.first_year + year
    if program.needs is None or label < 0:
        return before
    kind, dies = before.kind.copy(), before.dies.copy()
    _live(
        program.residents.number,
        kind,
        dies,
        program.needs.segments,
        program.needs.until,
        program.needs.death,
        demands.year_starts[year],
        demands.year_starts[year + 1],
        label > 0,
        label,
        seed,
        replication,
    )
    return Living(kind, dies)


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
