"""Durations get numbers."""

import numpy as np

from paysim.model.pathway import Duration
from paysim.simulation import durations
from paysim.simulation.compile.arrays import ints
from paysim.simulation.program import NOTHING, Durations


class DurationTable:
    """Numbers the distinct durations of a system in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[Duration, int] = {}

    def number(self, duration: Duration | None) -> int:
        """Return the duration's number, NOTHING for none."""
        return NOTHING if duration is None else self._numbers.setdefault(duration, len(self._numbers))

    def arrays(self) -> Durations:
        """Return all durations so far."""
        rows = [durations.parameters(duration) for duration in self._numbers]
        kind, a, b = zip(*rows, strict=True)
        return Durations(ints(kind), np.array(a, dtype=np.float64), np.array(b, dtype=np.float64))
