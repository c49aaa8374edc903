"""All episodes of a run, which the engines take year by year."""

import numpy as np

from paysim.simulation.arrivals import Episodes, arrivals, unpacked
from paysim.simulation.living import living_by_year
from paysim.simulation.piles import Memory
from paysim.simulation.program import Program


def all_arrivals(program: Program, seed: int, replication: int) -> Episodes:
    """Return every episode that begins in a run, in order."""
    years = [
        unpacked(program, year, arrivals(program, living, year, program.begin, seed, replication, Memory()))
        for year, living in enumerate(living_by_year(program, seed, replication))
    ]
    return Episodes(*(np.concatenate(columns) for columns in zip(*years, strict=True)))
