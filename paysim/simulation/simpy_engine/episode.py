"""One episode in the SimPy engine: the readable reference of what happens to a resident on a pathway."""

from collections.abc import Generator

from simpy import Event

from paysim.model.errors import InputError
from paysim.simulation import draws
from paysim.simulation.order import REQUEST
from paysim.simulation.program import NOTHING
from paysim.simulation.simpy_engine.custom import Custom, Process, events_of, number_of
from paysim.simulation.simpy_engine.visit import Onward, Visit, next_visit
from paysim.simulation.simpy_engine.world import Episode


def usual(visit: Visit) -> Generator[Event, None, Onward]:
    """Take a resident through one step as the config describes it."""
    server = yield from visit.request()
    if server is None:
        return visit.unserved()
    onward = visit.way_on(server.wait)
    yield visit.work(visit.duration)
    return onward


def travel(episode: Episode, step: int) -> Generator[Event, None, None]:
    """Take one resident through one pathway."""
    world, clock = episode.world, episode.world.clock
    while clock.now < episode.dies:
        # Whoever does not attend asks for another step.
        while (absence := world.tables.absence(step, episode.kind)) is not None:
            if episode.draw(draws.ATTENDANCE, episode.visits)[0] > absence:
                break
            step = world.tables.instead[step]
            episode.visits += 1

        process = world.custom.processes.get(step)
        visit = next_visit(episode, step)
        onward = yield from usual(visit) if process is None else own(process, visit, world.custom)

        # Give the servers back, or keep the last one until the next step gets one.
        if onward.holds and episode.servers:
            episode.held = episode.servers.pop()
        while episode.servers:
            episode.give_back(episode.servers.pop(0))
        if onward.step == NOTHING:
            break
        if onward.delay > 0.0:
            yield clock.at(clock.now + onward.delay, REQUEST, episode.number)
        step = onward.step
    if episode.held:
        episode.give_back(episode.held)


def own(process: Process, visit: Visit, custom: Custom) -> Generator[Event, None, Onward]:
    """Take a resident through a step by a researcher's own process."""
    where, under_way = f"processes.{visit.step}", process(visit)
    if not isinstance(under_way, Generator):
        raise InputError("", where, f"found a function that returns {under_way!r}", "expected a generator function")
    onward = yield from events_of(under_way, where)
    if isinstance(onward, Onward):
        return onward
    step = NOTHING if onward is None else number_of(onward, custom.steps, where)
    return Onward(step, 0.0, False)
