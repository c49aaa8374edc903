"""A run of the SimPy engine, which may pause at any moment and go on."""

from collections.abc import Generator

import numpy as np
from simpy import Event

from paysim.simulation.arrivals import Arrivals, unpacked
from paysim.simulation.in_progress import BusyServers
from paysim.simulation.living import Living
from paysim.simulation.log import ROW, Log, Rows
from paysim.simulation.order import CAPACITY_CHANGE, REQUEST
from paysim.simulation.program import Program
from paysim.simulation.simpy_engine.clock import Clock
from paysim.simulation.simpy_engine.custom import Custom
from paysim.simulation.simpy_engine.episode import travel
from paysim.simulation.simpy_engine.station import Station
from paysim.simulation.simpy_engine.tables import Tables
from paysim.simulation.simpy_engine.world import Episode, World
from paysim.simulation.timetable import capacity_changes, servers_at

AS_CONFIGURED = Custom()


class SimpyRun:
    """One replication in progress."""

    def __init__(self, program: Program, seed: int, replication: int, log: Log, custom: Custom = AS_CONFIGURED) -> None:
        clock = Clock(initial_time=program.begin)
        stations = [Station(clock) for _ in program.services.by_priority]
        self._program = program
        self._log = log
        self._world = World(seed, replication, clock, Tables(program), stations, custom, clock.event())
        self._episodes = 0
        self._arriving = 0
        self._timetable = 0
        self._set_services(program, program.begin)

    def begin_year(self, episodes: Arrivals, year: int, living: Living) -> None:
        """Take the episodes that begin from now on in the run's year-th financial year."""
        self._arriving += 1
        columns = unpacked(self._program, year, episodes)
        position = columns.resident
        number = self._program.residents.number[position]
        lists = [column.tolist() for column in (columns.time, number, position, columns.step, columns.stream)]
        self._world.kinds = living.kind.tolist()
        self._world.dies = living.dies.tolist() if len(living.dies) else None
        self._world.next_lives.succeed()
        self._world.next_lives = self._world.clock.event()
        self._world.clock.process(self._arrivals(list(zip(*lists, strict=True)), self._arriving))

    def go_on(self, until: float) -> None:
        """Let everything happen that is due before day `until`."""
        if until > self._world.clock.now:
            self._world.clock.run(until=until)

    def change(self, program: Program, now: float) -> None:
        """Go on with another Program of the same steps and services from day `now`."""
        self._program = program
        self._world.tables = Tables(program)
        self._set_services(program, now)
        for station in self._world.stations:
            station.serve()

    def take_rows(self) -> Rows:
        """Return the log so far and begin another one."""
        rows = np.frombuffer(self._world.log, dtype=ROW)
        for name, column in self._log.room(0, len(rows))._asdict().items():
            column[: len(rows)] = rows[name]
        self._world.log = bytearray()
        return self._log.take(len(rows))

    def busy_servers(self) -> BusyServers:
        """Return the servers that steps in progress have."""
        taken = list(self._world.taken)
        service, since = ([getattr(server, name) for server in taken] for name in ("service", "start"))
        return BusyServers(np.array(service, dtype=np.int64), np.array(since, dtype=np.float64))

    def _set_services(self, program: Program, now: float) -> None:
        self._timetable += 1
        services = program.services
        columns = (servers_at(program, now), services.by_priority, services.waiting_room)
        lists = [column.tolist() for column in columns]
        for station, servers, by_priority, room in zip(self._world.stations, *lists, strict=True):
            station.servers, station.by_priority, station.waiting_room = servers, bool(by_priority), room
        self._world.clock.process(self._capacities(capacity_changes(program, now).tolist(), self._timetable))

    def _arrivals(
        self, episodes: list[tuple[float, int, int, int, int]], arriving: int
    ) -> Generator[Event, None, None]:
        """Start every episode when its time comes, until other arrivals take the place of these."""
        world = self._world
        for time, resident, position, step, stream in episodes:
            yield world.clock.at(time, REQUEST, self._episodes)
            if arriving != self._arriving:
                return
            episode = Episode(world, self._episodes, resident, position, stream)
            world.clock.process(travel(episode, step))
            self._episodes += 1

    def _capacities(self, changes: list[tuple[float, int, int]], timetable: int) -> Generator[Event, None, None]:
        """Change the number of servers, until another timetable takes the place of this one."""
        for time, service, servers in changes:
            yield self._world.clock.at(time, CAPACITY_CHANGE, service)
            if timetable != self._timetable:
                return
            station = self._world.stations[service]
            station.servers = servers
            station.serve()
