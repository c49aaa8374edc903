"""All episodes of a run, which the engines take year by year."""

import numpy as np

from paysim.simulation.arrivals import Episodes, arrivals, unpacked
from paysim.simulation.living import living_at_first, living_in
from paysim.simulation.program import Program


def all_arrivals(program: Program, seed: int, replication: int) -> Episodes:
    """Return every episode that begins in a run, in order."""
    living = living_at_first(program)
    years = []
    for year in range(len(program.demands.year_starts) - 1):
        living = living_in(program, living, year, seed, replication)
        years.append(unpacked(program, year, arrivals(program, living, year, program.begin, seed, replication)))
    return Episodes(*(np.concatenate(columns) for columns in zip(*years, strict=True)))
