"""An episode of the compiled engine asks for a server: whether it comes, where it goes, and whether it must wait."""

import numpy as np

from paysim.jit import inlined, kernel
from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.choice import attraction
from paysim.simulation.compiled_engine.queues import free_slot, join_queue, leave_line, take_slot
from paysim.simulation.compiled_engine.state import NO_SERVICE, NO_SLOT
from paysim.simulation.compiled_engine.visits import end_held_step, enter, keep_up_with_need, ticks_of
from paysim.simulation.draws import ATTENDANCE, CHOICE, uniforms
from paysim.simulation.order import LEAVE
from paysim.simulation.program import NOTHING

_TICK = 1.0 / TICKS_PER_DAY
_CHOICE_BITS = np.uint64(8)
_CHOICE_MASK = np.uint64(255)


@inlined
def ask(tables, state, year, slot, now, seed, replication):  # type: ignore[no-untyped-def]
    """Take an episode to the service of its step and return whether it starts at once.

    If not, it waits, goes on to another step, or leaves.
    """
    slots = state.slots
    if slots[slot].mortal and now >= state.asides[slot].dies:
        leave_pathway(state, slot, now)
        return False
    if year.needs:
        keep_up_with_need(state, year, slot)
    step = slots[slot].step
    while tables.steps[step].absence_row != NOTHING:
        u = uniforms(seed, replication, ATTENDANCE, slots[slot].number, slots[slot].stream, slots[slot].visit)[0]
        kind = np.int64(slots[slot].place) * tables.profiles + slots[slot].profile
        if u > tables.absence[tables.steps[step].absence_row, kind]:
            break
        step = np.uint16(tables.steps[step].instead)
        slots[slot].step = step
        slots[slot].visit += 1
    service = _service_of(tables, state, slot, step, now, seed, replication)
    slots[slot].service = service
    slots[slot].requested = now
    station = state.stations[service]
    if station.busy < station.servers or slots[slot].held == service:
        return True
    if station.waiting_room != NOTHING and station.waiting >= station.waiting_room:
        go_unserved(tables, state, slot, now)
    else:
        level = _level(tables, state, service, step)
        join_queue(slots, state.asides, state.stations, state.queues, service, level, slot)
        _expect_to_leave(tables, state, slot, step, now, seed, replication)
    return False


@inlined
def leave_queue(tables, state, notice, now):  # type: ignore[no-untyped-def]
    """Let an episode leave its queue, if a notice to leave still holds; the notice's slot is free again."""
    slots = state.slots
    slot = np.uint32(slots[notice].requested)
    same = slots[slot].episode == slots[notice].episode and slots[slot].visit == slots[notice].visit
    if same and slots[slot].waiting:
        service = slots[slot].service
        level = _level(tables, state, service, slots[slot].step)
        leave_line(slots, state.asides, state.stations, state.queues, service, level, slot)
        if slots[slot].mortal and now >= state.asides[slot].dies:
            leave_pathway(state, slot, now)
        else:
            go_unserved(tables, state, slot, now)
    free_slot(slots, state.registers, notice)


@inlined
def go_unserved(tables, state, slot, now):  # type: ignore[no-untyped-def]
    """Send an episode that was not seen on to what follows at once, or out of the pathway."""
    onward = tables.steps[state.slots[slot].step].unserved
    if onward == NOTHING:
        leave_pathway(state, slot, now)
    else:
        state.slots[slot].step = onward
        state.slots[slot].visit += 1
        state.registers[0].asking = slot


@inlined
def leave_pathway(state, slot, now):  # type: ignore[no-untyped-def]
    """End an episode, and the step whose server it keeps."""
    if state.slots[slot].held != NO_SERVICE:
        end_held_step(state, slot, now)
    free_slot(state.slots, state.registers, slot)


@inlined
def _expect_to_leave(tables, state, slot, step, now, seed, replication):  # type: ignore[no-untyped-def]
    """Give notice of when a waiting episode loses its patience, or its life."""
    slots = state.slots
    until = np.int64(state.asides[slot].dies) if slots[slot].mortal else np.int64(state.end)
    if tables.steps[step].patience != NOTHING:
        draws = uniforms(seed, replication, ATTENDANCE, slots[slot].number, slots[slot].stream, slots[slot].visit)
        until = min(until, now + ticks_of(tables, tables.steps[step].patience, draws[1]))
    if until < state.end:
        _give_notice(state, slot, until)


@kernel
def tell_deaths(state, year):  # type: ignore[no-untyped-def]
    """Let episodes in progress know whether their residents die this year; who waits leaves the queue then."""
    slots, asides = state.slots, state.asides
    for slot in range(np.int64(state.registers[0].fresh)):
        dies = year.dies[asides[slot].position]
        if dies < state.end and not (slots[slot].mortal and asides[slot].dies == dies):
            slots[slot].mortal = 1
            asides[slot].dies = dies
            if slots[slot].waiting:
                _give_notice(state, np.uint32(slot), dies)


@inlined
def _give_notice(state, slot, until):  # type: ignore[no-untyped-def]
    """Let an episode leave its queue at a tick, unless it has left by then."""
    slots = state.slots
    notice = take_slot(slots, state.asides, state.registers)
    slots[notice].episode = slots[slot].episode
    slots[notice].visit = slots[slot].visit
    slots[notice].requested = slot
    slots[notice].held = NO_SERVICE
    enter(state, notice, until, LEAVE)


@inlined
def _service_of(tables, state, slot, step, now, seed, replication):  # type: ignore[no-untyped-def]
    """Return the service that carries an episode's step out."""
    slots, chosen = state.slots, state.asides
    place = slots[slot].place
    certain = tables.certain_service[place, step]
    if certain != NOTHING:
        return np.uint16(certain)
    first, remembered = np.int64(tables.steps[step].first_option), tables.steps[step].remembered
    shift = _CHOICE_BITS * np.uint64(max(remembered, 0))
    if remembered != NOTHING:
        before = np.int64((chosen[slot].chosen >> shift) & _CHOICE_MASK)
        if before > 0:
            return np.uint16(tables.option_service[first + before - 1])
    u = uniforms(seed, replication, CHOICE, slots[slot].number, slots[slot].stream, tables.steps[step].group)[0]
    option = first
    if remembered == NOTHING:
        while tables.option_until[place, option] < u:
            option += 1
    else:
        after, shortest, total = tables.steps[step].after_options, np.inf, 0.0
        for other in range(first, after):
            if tables.option_share[place, other] > 0.0:
                shortest = min(shortest, _head_wait(tables, state, step, other, now))
        for other in range(first, after):
            total += _weight(tables, state, place, step, other, shortest, now)
        until = _weight(tables, state, place, step, option, shortest, now)
        while until < u * total and option < after - 1:
            option += 1
            until += _weight(tables, state, place, step, option, shortest, now)
        chosen[slot].chosen |= np.uint64(option - first + 1) << shift
    return np.uint16(tables.option_service[option])


@inlined
def _weight(tables, state, place, step, option, shortest, now):  # type: ignore[no-untyped-def]
    """Return the weight of an option: its share, less the longer whoever heads its queue has waited."""
    wait = _head_wait(tables, state, step, option, now)
    return attraction(tables.option_share[place, option], tables.steps[step].sensitivity, wait, shortest)


@inlined
def _head_wait(tables, state, step, option, now):  # type: ignore[no-untyped-def]
    """Return for how many days whoever heads an option's queue has waited."""
    service = np.uint16(tables.option_service[option])
    level = _level(tables, state, service, step)
    head = state.queues[service, level].head
    return 0.0 if head == NO_SLOT else (now - state.slots[head].requested) * _TICK


@inlined
def _level(tables, state, service, step):  # type: ignore[no-untyped-def]
    """Return the level of priority at which a step queues at a service."""
    return np.uint32(tables.steps[step].level) if state.stations[service].by_priority else np.uint32(0)
