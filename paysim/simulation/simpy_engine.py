"""The SimPy engine: the readable reference, one process an episode."""

from bisect import bisect_left
from collections.abc import Generator
from struct import Struct

import numpy as np
from simpy import Event

from paysim.simulation import draws, durations
from paysim.simulation.arrivals import Arrivals, arrivals
from paysim.simulation.clock import END_OF_SERVICE, REQUEST, Clock
from paysim.simulation.log import ROW, Rows
from paysim.simulation.program import NOTHING, Program
from paysim.simulation.station import Station

_PACKED = Struct("=" + "".join(ROW[name].char for name in ROW.names or ()))


def run(program: Program, seed: int, replication: int) -> list[Rows]:
    """Return the log of one replication in a single chunk: every step that ends in [0, stop)."""
    clock = Clock(program.begin, program.weekday)
    log = bytearray()
    world = _World(program, seed, replication, clock, log)
    clock.process(_source(world, arrivals(program, seed, replication)))
    clock.run(until=program.stop)
    return [np.frombuffer(log, dtype=ROW)]


class _World:
    """What every episode sees: the Program as Python lists (which are faster to index one by one), and the stations."""

    def __init__(self, program: Program, seed: int, replication: int, clock: Clock, log: bytearray) -> None:
        self.seed, self.replication, self.clock, self.log = seed, replication, clock, log
        self.numbers = program.residents.number.tolist()
        self.kinds = program.residents.kind.tolist()
        self.profiles = program.residents.profiles
        kind, a, b = (column.tolist() for column in program.durations)
        self.durations: list[tuple[int, float, float]] = list(zip(kind, a, b, strict=True))
        steps = program.steps
        self.group, self.step_duration = steps.group.tolist(), steps.duration.tolist()
        self.step_code, self.step_mix, self.priority = (
            steps.code.tolist(),
            steps.case_mix.tolist(),
            steps.priority.tolist(),
        )
        self.first_option, self.option_service = steps.first_option.tolist(), steps.option_service.tolist()
        self.certain_service = steps.certain_service.tolist()
        self.option_until = steps.option_until.tolist()
        self.first_branch, self.branch_to = steps.first_branch.tolist(), steps.branch_to.tolist()
        self.branch_delay, self.varies = steps.branch_delay.tolist(), steps.varies.tolist()
        self.first_threshold, self.branch_until = steps.first_threshold.tolist(), steps.branch_until.tolist()
        self.mix_first, self.mix_until = program.case_mixes.first.tolist(), program.case_mixes.until.tolist()
        self.mix_code, self.mix_duration = program.case_mixes.code.tolist(), program.case_mixes.duration.tolist()
        self.stations = _stations(program, clock)

    def days(self, duration: int, u: float) -> float:
        """Return the u-quantile of a numbered duration."""
        kind, a, b = self.durations[duration]
        return durations.sample(kind, a, b, u)

    def service(self, step: int, resident: int, stream: int) -> int:
        """Return the service that carries out a step for this resident in this episode."""
        place = self.kinds[resident] // self.profiles
        certain = self.certain_service[place][step]
        if certain != NOTHING:
            return certain
        u = draws.uniforms(self.seed, self.replication, draws.CHOICE, self.numbers[resident], stream, self.group[step])[
            0
        ]
        options = self.first_option[step], self.first_option[step + 1]
        return self.option_service[bisect_left(self.option_until[place], u, *options)]

    def code_and_duration(self, step: int, u_code: float, u_duration: float) -> tuple[int, float]:
        """Return the code that a step is recorded with and its duration in days."""
        code, duration = self.step_code[step], self.step_duration[step]
        mix = self.step_mix[step]
        if mix != NOTHING:
            entry = bisect_left(self.mix_until, u_code, self.mix_first[mix], self.mix_first[mix + 1])
            code = self.mix_code[entry]
            if duration == NOTHING:
                duration = self.mix_duration[entry]
        return code, self.days(duration, u_duration)

    def next_step(self, step: int, resident: int, u_branch: float, u_delay: float) -> tuple[int, float]:
        """Return the step that follows, or NOTHING, and the delay before it in days."""
        for branch in range(self.first_branch[step], self.first_branch[step + 1]):
            threshold = self.first_threshold[branch] + self.kinds[resident] * self.varies[branch]
            if u_branch <= self.branch_until[threshold]:
                return self.branch_to[branch], self.days(self.branch_delay[branch], u_delay)
        return NOTHING, 0.0


def _stations(program: Program, clock: Clock) -> list[Station]:
    services = program.services
    first = services.first_change.tolist()
    changes = list(zip(services.change_day.tolist(), services.change_servers.tolist(), strict=True))
    return [
        Station(clock, changes[first[number] : first[number + 1]], bool(by_priority), number)
        for number, by_priority in enumerate(services.by_priority.tolist())
    ]


def _source(world: _World, episodes: Arrivals) -> Generator[Event, None, None]:
    """Start every episode when its time comes."""
    columns = zip(*(column.tolist() for column in episodes), strict=True)
    for number, (time, resident, step, stream) in enumerate(columns):
        yield world.clock.at(time, REQUEST, number)
        world.clock.process(_episode(world, number, resident, step, stream))


def _episode(world: _World, episode: int, resident: int, step: int, stream: int) -> Generator[Event, None, None]:
    """Take one resident through one pathway."""
    clock, log = world.clock, world.log
    number = world.numbers[resident]
    visit = 0
    while True:
        u_code, u_duration, u_branch, u_delay = draws.uniforms(
            world.seed, world.replication, draws.VISIT, number, stream, visit
        )
        service = world.service(step, resident, stream)
        station = world.stations[service]
        requested = clock.now
        turn = station.request(world.priority[step])
        if turn is not None:
            yield turn
        start = clock.now
        code, duration = world.code_and_duration(step, u_code, u_duration)
        yield clock.at(start + duration, END_OF_SERVICE, episode)
        station.release()
        if clock.now >= 0.0:
            log += _PACKED.pack(number, episode, step, service, code, start, start - requested, duration)
        step, delay = world.next_step(step, resident, u_branch, u_delay)
        if step == NOTHING:
            return
        if delay > 0.0:
            yield clock.at(clock.now + delay, REQUEST, episode)
        visit += 1
