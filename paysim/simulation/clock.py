"""SimPy's environment with a stated order for events of the same instant."""

import math
from heapq import heappush
from typing import Final

import simpy
from simpy import Event

from paysim.model.calendar import DAYS_PER_WEEK

CAPACITY_CHANGE: Final = 0
END_OF_SERVICE: Final = 1
REQUEST: Final = 2
"""Events of one instant happen in this order; within each by episode (or service) number.

Opening hours are half-open, so a server that is free at closing time exactly starts nothing more.
"""

_FIRST_OWN_PRIORITY: Final = 2
_PHASE: Final = 1 << 40


class Clock(simpy.Environment):
    """An environment whose events happen by (time, phase, number), so that the engines cannot differ in ties.

    SimPy's own priorities 0 and 1 (a process that starts, an event that succeeds) come before all of them.
    """

    def __init__(self, begin: float, weekday: int) -> None:
        super().__init__(initial_time=begin)
        self._weekday = weekday

    def at(self, time: float, phase: int, number: int) -> Event:
        """Return an event that happens at `time`, exactly."""
        event = Event(self)
        event._ok = True
        event._value = None
        heappush(self._queue, (time, _FIRST_OWN_PRIORITY + phase * _PHASE + number, next(self._eid), event))  # type: ignore[misc]
        return event

    def week_of(self, day: float) -> float:
        """Return the day on which the week of a moment began (Monday, 00:00)."""
        return math.floor((day + self._weekday) / DAYS_PER_WEEK) * DAYS_PER_WEEK - float(self._weekday)
