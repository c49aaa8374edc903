"""One episode in the SimPy engine: the readable reference of what happens to a resident on a pathway."""

from collections.abc import Generator
from dataclasses import dataclass, field
from struct import Struct

import numpy as np
from simpy import Event

from paysim.simulation import draws
from paysim.simulation.choice import attraction
from paysim.simulation.log import ROW
from paysim.simulation.order import END_OF_SERVICE, LEAVE, REQUEST
from paysim.simulation.program import NOTHING
from paysim.simulation.simpy_engine.clock import Clock
from paysim.simulation.simpy_engine.station import Station, Waiting
from paysim.simulation.simpy_engine.tables import Tables

_PACKED = Struct("=" + "".join(ROW[name].char for name in ROW.names or ()))


@dataclass(slots=True)
class World:
    """What every episode sees. `tables` and `log` are replaced while a run goes on."""

    seed: int
    replication: int
    clock: Clock
    tables: Tables
    stations: list[Station]
    log: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Stay:
    """A step under way, or one whose server is still kept."""

    step: int
    service: int
    code: int
    requested: float
    start: float


def episode(
    world: World, number: int, resident: int, kind: int, dies: float, step: int, stream: int
) -> Generator[Event, None, None]:
    """Take one resident through one pathway."""
    clock = world.clock
    visit = 0
    chosen: dict[int, int] = {}
    held: Stay | None = None

    def uniforms(purpose: np.uint64, index: int) -> tuple[float, float, float, float]:
        return draws.uniforms(world.seed, world.replication, purpose, resident, stream, index)

    def write(stay: Stay) -> None:
        if clock.now >= 0.0:
            times = stay.start, stay.start - stay.requested, clock.now - stay.start
            world.log += _PACKED.pack(resident, number, stay.step, stay.service, stay.code, *times)

    def choose() -> int:
        place = kind // world.tables.profiles
        certain = world.tables.certain[place][step]
        if certain != NOTHING:
            return certain
        remembered = world.tables.remembered[step]
        if remembered == NOTHING:
            u = uniforms(draws.CHOICE, world.tables.group[step])[0]
            return world.tables.option[world.tables.option_by_share(step, place, u)]
        options = world.tables.options(step)
        if remembered not in chosen:
            u = uniforms(draws.CHOICE, world.tables.group[step])[0]
            chosen[remembered] = _option_by_wait(world, step, place, u)
        return world.tables.option[options[chosen[remembered]]]

    while True:
        # Ask for the step, unless the resident has died; whoever does not attend asks for another step.
        if clock.now >= dies:
            break
        while (absence := world.tables.absence(step, kind)) is not None:
            if uniforms(draws.ATTENDANCE, visit)[0] > absence:
                break
            step = world.tables.instead[step]
            visit += 1
        service = choose()
        station, requested = world.stations[service], clock.now
        kept = world.stations[held.service] if held else None

        # Get a server: at once, after a wait, or not at all.
        seen = station.take_server(kept)
        if not seen and station.has_room():
            waiting = station.join_queue(world.tables.priority[step], kept)
            until = dies
            if world.tables.patience[step] != NOTHING:
                patience = world.tables.days(world.tables.patience[step], uniforms(draws.ATTENDANCE, visit)[1])
                until = min(until, clock.now + patience)
            seen = yield from _wait(world, station, waiting, until, number)
            if not seen and clock.now >= dies:
                break
        if not seen:
            step = world.tables.unserved[step]
            if step == NOTHING:
                break
            visit += 1
            continue
        if held:
            write(held)
            held = None

        # Be seen.
        u_code, u_duration, u_branch, u_delay = uniforms(draws.VISIT, visit)
        code, duration = world.tables.code_and_duration(step, u_code, u_duration)
        onward, delay, holds = world.tables.way_on(step, kind, clock.now - requested, u_branch, u_delay)
        stay = Stay(step, service, code, requested, clock.now)
        yield clock.at(clock.now + duration, END_OF_SERVICE, number)

        # Give the server back, or keep it until the next step starts.
        if holds:
            held = stay
        else:
            write(stay)
            station.release()
        if onward == NOTHING:
            return
        if delay > 0.0:
            yield clock.at(clock.now + delay, REQUEST, number)
        step = onward
        visit += 1
    if held:
        write(held)
        world.stations[held.service].release()


def _wait(world: World, station: Station, waiting: Waiting, until: float, number: int) -> Generator[Event, None, bool]:
    """Wait for a server until a day at most, and return whether there was one."""
    if until == np.inf:
        yield waiting.turn
        return True
    yield waiting.turn | world.clock.at(until, LEAVE, number)
    if waiting.turn.triggered:
        return True
    station.leave_queue(waiting)
    return False


def _option_by_wait(world: World, step: int, place: int, u: float) -> int:
    """Return the option, counted from the step's first, that a uniform chooses by shares and current waits."""
    tables, weights = world.tables, []
    for option in tables.options(step):
        wait = world.stations[tables.option[option]].head_wait(tables.priority[step])
        weights.append(attraction(tables.share[place][option], tables.sensitivity[step], wait))
    total = 0.0
    for weight in weights:
        total += weight
    until = 0.0
    for number, weight in enumerate(weights):
        until += weight
        if until >= u * total:
            return number
    return len(weights) - 1
