"""A service in the SimPy engine: servers and one queue."""

from collections import OrderedDict
from dataclasses import dataclass

from simpy import Event

from paysim.simulation.program import NOTHING
from paysim.simulation.simpy_engine.clock import Clock


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """A request in a queue: since when, the event of getting a server, and the station whose server is kept."""

    level: int
    requested: float
    turn: Event
    held: "Station | None"


class Station:
    """The servers of one service and the requests that wait for them.

    Waiting requests are served by priority, then in the order in which they came. Servers that close finish what they
    began. `servers` is how many there are now, `busy` how many serve or are kept, `waiting` how many requests wait.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queues: dict[int, OrderedDict[Waiting, None]] = {}
        self.servers = 0
        self.busy = 0
        self.waiting = 0
        self.by_priority = False
        self.waiting_room = NOTHING

    def take_server(self, held: "Station | None") -> bool:
        """Return whether a server was free, which the caller now has instead of the one that was held.

        Whoever holds a server of this very station goes on with it.
        """
        if held is not self and self.busy >= self.servers:
            return False
        self.busy += 1
        if held is not None:
            held.release()
        return True

    def has_room(self) -> bool:
        """Return whether another request may wait."""
        return self.waiting_room == NOTHING or self.waiting < self.waiting_room

    def join_queue(self, priority: int, held: "Station | None") -> Waiting:
        """Return a new request at the end of its queue."""
        level = priority if self.by_priority else 0
        waiting = Waiting(level, self._clock.now, self._clock.event(), held)
        self._queues.setdefault(level, OrderedDict())[waiting] = None
        self.waiting += 1
        return waiting

    def leave_queue(self, waiting: Waiting) -> None:
        """Take a request out of its queue."""
        del self._queues[waiting.level][waiting]
        self.waiting -= 1

    def head_wait(self, priority: int) -> float:
        """Return for how many days the first in a priority's queue has waited, 0 where nobody waits."""
        queue = self._queues.get(priority if self.by_priority else 0)
        return self._clock.now - next(iter(queue)).requested if queue else 0.0

    def release(self) -> None:
        """Give a server back and let whoever is first in the queue have it."""
        self.busy -= 1
        self.serve()

    def serve(self) -> None:
        """Let those who wait have the servers that are free."""
        while self.waiting and self.busy < self.servers:
            level = min(level for level, queue in self._queues.items() if queue)
            waiting, _ = self._queues[level].popitem(last=False)
            self.waiting -= 1
            self.busy += 1
            waiting.turn.succeed()
            if waiting.held is not None:
                waiting.held.release()
