"""What there is in the SimPy engine: the world, episodes under way in it, and the servers that their residents have."""

from dataclasses import dataclass, field
from math import inf
from struct import Struct

import numpy as np
from simpy import Event

from paysim.simulation import draws
from paysim.simulation.log import ROW
from paysim.simulation.simpy_engine.clock import Clock
from paysim.simulation.simpy_engine.custom import Custom
from paysim.simulation.simpy_engine.station import Station
from paysim.simulation.simpy_engine.tables import Tables

_PACKED = Struct("=" + "".join(ROW[name].char for name in ROW.names or ()))


@dataclass(slots=True)
class World:
    """What every episode sees. `tables`, residents' `kinds` this year and `log` are replaced while a run goes on.

    `dies` are the days on which residents die (infinite unless they do by the end of this year), None where nobody ever
    dies; `next_lives` is the event of others taking the place of these. `taken` are the servers that residents have.
    """

    seed: int
    replication: int
    clock: Clock
    tables: Tables
    stations: list[Station]
    custom: Custom
    next_lives: Event
    kinds: list[int] = field(default_factory=list)
    dies: list[float] | None = None
    log: bytearray = field(default_factory=bytearray)
    taken: set["Server"] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Server:
    """A server that a resident has: for which step, at which service, with which code, asked for and got when (days).

    Numbers of steps, services and codes are those of Activity's columns.
    """

    step: int
    service: int
    code: int
    requested: float
    start: float

    @property
    def wait(self) -> float:
        """Days between the request and the start."""
        return self.start - self.requested


@dataclass(slots=True, eq=False)
class Episode:
    """One resident on a pathway, as far as they have come.

    `resident` is their number in the population, `position` that in Program.residents. `visits` is the number of the
    next visit; `servers` are those of the step under way, `held` is one that is kept until the next step gets one;
    `chosen` are the options that are remembered, by the keys of their choices.
    """

    world: World
    number: int
    resident: int
    position: int
    stream: int
    visits: int = 0
    chosen: dict[int, int] = field(default_factory=dict)
    servers: list[Server] = field(default_factory=list)
    held: Server | None = None

    @property
    def kind(self) -> int:
        """The kind of resident, this year."""
        return self.world.kinds[self.position]

    @property
    def dies(self) -> float:
        """The day on which the resident dies, infinite unless by the end of this year."""
        return inf if self.world.dies is None else self.world.dies[self.position]

    def draw(self, purpose: np.uint64, index: int) -> tuple[float, float, float, float]:
        """Return four uniforms of this episode."""
        world = self.world
        return draws.uniforms(world.seed, world.replication, purpose, self.resident, self.stream, index)

    def write(self, server: Server) -> None:
        """Write the row of what a server did until now, when it is the resident's no more."""
        self.world.taken.remove(server)
        now = self.world.clock.now
        if now >= 0.0:
            numbers = self.resident, self.number, server.step, server.service, server.code
            self.world.log += _PACKED.pack(*numbers, server.start, server.wait, now - server.start)

    def give_back(self, server: Server) -> None:
        """Write the row of a server and let whoever is next have it."""
        self.write(server)
        self.world.stations[server.service].release()
