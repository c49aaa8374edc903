"""A service in the SimPy engine: servers, opening hours and one queue."""

from collections.abc import Generator
from heapq import heappop, heappush
from itertools import count

from simpy import Event

from paysim.model.calendar import DAYS_PER_WEEK
from paysim.simulation.clock import CAPACITY_CHANGE, Clock


class Station:
    """The servers of one service and the requests that wait for them.

    Waiting requests are served by priority, then in the order in which they came. Servers that close finish what they
    began.
    """

    def __init__(self, clock: Clock, changes: list[tuple[float, int]], by_priority: bool, number: int) -> None:
        self._clock = clock
        self._by_priority = by_priority
        self._waiting: list[tuple[int, int, Event]] = []
        self._ticket = count()
        self._busy = 0
        self._servers = changes[-1][1]
        if len(changes) > 1:
            clock.process(self._follow(changes, number))
        else:
            self._servers = changes[0][1]

    def request(self, priority: int) -> Event | None:
        """Take a server: None if one was free at once, else the event of getting one."""
        if self._busy < self._servers:
            self._busy += 1
            return None
        turn = self._clock.event()
        heappush(self._waiting, (priority if self._by_priority else 0, next(self._ticket), turn))
        return turn

    def release(self) -> None:
        """Give a server back and let whoever is first in the queue have it."""
        self._busy -= 1
        self._serve()

    def _serve(self) -> None:
        while self._waiting and self._busy < self._servers:
            self._busy += 1
            heappop(self._waiting)[2].succeed()

    def _follow(self, changes: list[tuple[float, int]], number: int) -> Generator[Event, None, None]:
        """Change the number of servers by the weekly timetable, for ever."""
        week = self._clock.week_of(self._clock.now)
        while True:
            for day, servers in changes:
                moment = week + day
                if moment >= self._clock.now:
                    yield self._clock.at(moment, CAPACITY_CHANGE, number)
                self._servers = servers
                self._serve()
            week += DAYS_PER_WEEK
