"""All lives and episodes of a run, which the engines take year by year."""

import numpy as np

from paysim.simulation.arrivals import Episodes, arrivals, unpacked
from paysim.simulation.living import Living, living_at_first, living_in
from paysim.simulation.piles import Memory
from paysim.simulation.program import Program


def living_by_year(program: Program, seed: int, replication: int) -> list[Living]:
    """Return the residents in each of a run's financial years, the warm-up's first."""
    by_year = [living_at_first(program)]
    for year in range(len(program.demands.year_starts) - 1):
        by_year.append(living_in(program, by_year[-1], year, seed, replication))
    return by_year[1:]


def all_arrivals(program: Program, seed: int, replication: int) -> Episodes:
    """Return every episode that begins in a run, in order."""
    years = [
        unpacked(program, year, arrivals(program, living, year, program.begin, seed, replication, Memory()))
        for year, living in enumerate(living_by_year(program, seed, replication))
    ]
    return Episodes(*(np.concatenate(columns) for columns in zip(*years, strict=True)))
