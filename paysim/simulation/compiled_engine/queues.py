"""Queues of the compiled engine: linked lists through the slots, one for each service and level of priority."""

from paysim.jit import inlined, tight_kernel
from paysim.simulation.compiled_engine.state import NO_SERVICE, NO_SLOT


@inlined
def join_queue(tables, state, slot):  # type: ignore[no-untyped-def]
    """Put an episode at the end of its queue."""
    slots, service = state.slots, state.slots[slot].service
    level = level_of(tables, state, service, slots[slot].step)
    tail = state.queues[service, level].tail
    slots[slot].next = NO_SLOT
    slots[slot].waiting = 1
    state.asides[slot].previous = tail
    if tail == NO_SLOT:
        state.queues[service, level].head = slot
    else:
        slots[tail].next = slot
    state.queues[service, level].tail = slot
    state.stations[service].waiting += 1


@inlined
def take_out(tables, state, slot):  # type: ignore[no-untyped-def]
    """Take an episode out of its queue, wherever it stands."""
    slots, service = state.slots, state.slots[slot].service
    level = level_of(tables, state, service, slots[slot].step)
    before, after = state.asides[slot].previous, slots[slot].next
    if before == NO_SLOT:
        state.queues[service, level].head = after
    else:
        slots[before].next = after
    if after == NO_SLOT:
        state.queues[service, level].tail = before
    else:
        state.asides[after].previous = before
    slots[slot].waiting = 0
    state.stations[service].waiting -= 1


@inlined
def next_in_line(state, service):  # type: ignore[no-untyped-def]
    """Return whoever a service serves next, NO_SLOT if nobody waits."""
    for level in range(state.queues.shape[1]):
        slot = state.queues[service, level].head
        if slot != NO_SLOT:
            return slot
    return NO_SLOT


@inlined
def level_of(tables, state, service, step):  # type: ignore[no-untyped-def]
    """Return the queue of a service that a step waits in."""
    return tables.steps[step].level if state.stations[service].by_priority else 0


@inlined
def free_server(state, service):  # type: ignore[no-untyped-def]
    """Give a server back; the service's queue may move."""
    state.stations[service].busy -= 1
    make_pending(state, service)


@inlined
def make_pending(state, service):  # type: ignore[no-untyped-def]
    """Remember that a service's queue may move."""
    if state.stations[service].waiting > 0 and not state.stations[service].pending:
        state.stations[service].pending = 1
        state.stations[service].next = state.registers[0].pending
        state.registers[0].pending = service


@tight_kernel
def make_all_pending(state):  # type: ignore[no-untyped-def]
    """Remember that every service's queue may move."""
    for service in range(len(state.stations)):
        make_pending(state, service)


@inlined
def next_pending(state):  # type: ignore[no-untyped-def]
    """Return a service whose queue may move and forget it, NO_SERVICE if there is none."""
    service = state.registers[0].pending
    if service != NO_SERVICE:
        state.registers[0].pending = state.stations[service].next
        state.stations[service].pending = 0
    return service
