"""SimPy's environment with a stated order for events of the same instant."""

from heapq import heappush
from typing import Final

import simpy
from simpy import Event

_FIRST_OWN_PRIORITY: Final = 2
_PHASE: Final = 1 << 40


class Clock(simpy.Environment):
    """An environment whose events happen by (time, phase, number), so that the engines cannot differ in ties.

    Phases: `paysim.simulation.order`. SimPy's own priorities 0 and 1 (a process that starts, an event that succeeds)
    come before all of them.
    """

    def at(self, time: float, phase: int, number: int) -> Event:
        """Return an event that happens at `time`, exactly."""
        event = Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (time, _FIRST_OWN_PRIORITY + phase * _PHASE + number, next(self._eid), event))  # type: ignore[misc]
        return event
