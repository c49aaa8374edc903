"""Segments of need and deaths become thresholds."""

import numpy as np

from paysim.model.system import System
from paysim.simulation.compile.arrays import complete, thresholds
from paysim.simulation.program import Needs


def compile_needs(system: System) -> Needs | None:
    """Return how need changes from year to year, None where it never does and nobody dies."""
    if system.need is None:
        return None
    return Needs(
        segments=len(system.population.segments),
        until=complete(thresholds(system.need.transitions), "need.transitions"),
        # A copy: kernels are compiled for arrays that can be written to, and those of a system cannot.
        death=np.array(system.need.death).ravel(),
    )
