"""An episode of the SimPy engine asks for a server: where it goes, and whether and for how long it waits."""

from collections.abc import Generator

import numpy as np
from simpy import AnyOf, Event, Interrupt

from paysim.simulation import draws
from paysim.simulation.choice import attraction
from paysim.simulation.order import LEAVE
from paysim.simulation.program import NOTHING
from paysim.simulation.simpy_engine.world import Episode, World


def get_server(episode: Episode, service: int, priority: int, patience: float) -> Generator[Event, None, bool]:
    """Get a server of a service in place of the one that is held: at once, after a wait, or not at all.

    Return whether there was one. Whoever finds the waiting room full, has waited for `patience` days, or dies gets
    none and keeps what is held.
    """
    clock, station = episode.world.clock, episode.world.stations[service]
    held, episode.held = episode.held, None
    kept = episode.world.stations[held.service] if held else None
    interrupt = None
    seen = station.take_server(kept)
    if not seen and station.has_room():
        waiting = station.join_queue(priority, kept)
        try:
            yield from _wait(episode, waiting.turn, clock.now + patience)
        except Interrupt as error:
            interrupt = error
        seen = waiting.turn.triggered
        if not seen:
            station.leave_queue(waiting)
    if held and seen:
        episode.write(held)
    else:
        episode.held = held
    if interrupt is not None:
        if seen:
            station.release()
        raise interrupt
    return seen


def _wait(episode: Episode, turn: Event, patience: float) -> Generator[Event, None, None]:
    """Wait for a turn, until day `patience` at most, or the resident's death."""
    world, clock, leave = episode.world, episode.world.clock, None
    while not turn.triggered and (leave is None or not leave.processed):
        until = min(episode.dies, patience)
        leave = None if until == np.inf else clock.at(until, LEAVE, episode.number)
        # Who dies in a year is known when it begins.
        news = None if world.dies is None else world.next_lives
        awaited = [event for event in (turn, leave, news) if event is not None]
        yield AnyOf(clock, awaited) if len(awaited) > 1 else turn


def usual_service(episode: Episode, step: int) -> int:
    """Return the service that carries a step out, by the shares and waits of its choice."""
    world, tables, place = episode.world, episode.world.tables, episode.kind // episode.world.tables.profiles
    certain, group = tables.certain[place][step], tables.group[step]
    if certain != NOTHING:
        return certain
    if tables.remembered[step] == NOTHING:
        return tables.option[tables.option_by_share(step, place, episode.draw(draws.CHOICE, group)[0])]
    if group not in episode.chosen:
        episode.chosen[group] = _option_by_wait(world, step, place, episode.draw(draws.CHOICE, group)[0])
    return tables.option[tables.options(step)[episode.chosen[group]]]


def _option_by_wait(world: World, step: int, place: int, u: float) -> int:
    """Return the option, counted from the step's first, that a uniform chooses by shares and current waits."""
    tables, share = world.tables, world.tables.share[place]
    waits = {o: world.stations[tables.option[o]].head_wait(tables.priority[step]) for o in tables.options(step)}
    shortest = min(wait for option, wait in waits.items() if share[option] > 0.0)
    weights = [attraction(share[option], tables.sensitivity[step], wait, shortest) for option, wait in waits.items()]
    total = 0.0
    for weight in weights:
        total += weight
    until = 0.0
    for number, weight in enumerate(weights):
        until += weight
        if until >= u * total:
            return number
    return len(weights) - 1
