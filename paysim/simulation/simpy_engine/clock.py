"""SimPy's environment with a stated order for events of the same instant."""

from heapq import heappush
from math import inf
from typing import Any, Final

import simpy
from simpy import Event

from paysim.model.errors import InputError
from paysim.simulation import durations

_FIRST_OWN_PRIORITY: Final = 2
_PHASE: Final = 1 << 40


class Clock(simpy.Environment):
    """An environment whose events happen by (time, phase, number), so that the engines cannot differ in ties.

    Phases: `paysim.simulation.order`. SimPy's own priorities 0 and 1 (a process that starts, an event that succeeds)
    come before all of them. All times are whole ticks, so that their sums are exact.
    """

    def at(self, time: float, phase: int, number: int) -> Event:
        """Return an event that happens at `time`, exactly."""
        event = Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (time, _FIRST_OWN_PRIORITY + phase * _PHASE + number, next(self._eid), event))  # type: ignore[misc]
        return event

    def timeout(self, delay: float = 0.0, value: Any = None) -> simpy.Timeout:
        """Return an event that happens after a delay in days, rounded to whole ticks."""
        return simpy.Timeout(self, on_ticks(delay), value)


def on_ticks(days: float) -> float:
    """Return a time span in days, rounded to whole clock ticks.

    Raises InputError for one that is negative or has no end.
    """
    if not 0.0 <= days < inf:
        raise InputError("", "days", f"found {days}", "expected a finite number of at least 0")
    return float(durations.sample(durations.CONSTANT, float(days), 0.0, 0.5))
