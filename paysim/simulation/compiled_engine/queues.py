"""Queues of the compiled engine: linked lists through the slots, one for each service and level of priority."""

import numpy as np

from paysim.jit import inlined, kernel
from paysim.simulation.compiled_engine.prefetch import prefetch
from paysim.simulation.compiled_engine.state import NO_SLOT


@inlined
def join_queue(slots, asides, stations, queues, service, level, slot):  # type: ignore[no-untyped-def]
    """Put an episode at the end of a queue."""
    slots[slot].next = NO_SLOT
    slots[slot].waiting = 1
    if queues[service, level].head == NO_SLOT:
        queues[service, level].head = slot
    else:
        tail = queues[service, level].tail
        slots[tail].next = slot
        asides[slot].previous = tail
    queues[service, level].tail = slot
    stations[service].waiting += 1


@inlined
def leave_line(slots, asides, stations, queues, service, level, slot):  # type: ignore[no-untyped-def]
    """Take an episode out of a queue, wherever it stands."""
    after = slots[slot].next
    if queues[service, level].head == slot:
        queues[service, level].head = after
    else:
        before = asides[slot].previous
        slots[before].next = after
        if after == NO_SLOT:
            queues[service, level].tail = before
        else:
            asides[after].previous = before
    slots[slot].waiting = 0
    stations[service].waiting -= 1


@inlined
def first_in_line(slots, asides, stations, queues, registers):  # type: ignore[no-untyped-def]
    """Take out of its queue, and return, whoever a free server of the next pending service is for."""
    service = registers[0].pending
    level = first_level(queues, service)
    slot = queues[service, level].head
    leave_line(slots, asides, stations, queues, service, level, slot)
    if stations[service].waiting == 0 or stations[service].busy + 1 >= stations[service].servers:
        registers[0].pending = stations[service].next
        stations[service].pending = 0
    return slot


@inlined
def head_of_line(queues, service):  # type: ignore[no-untyped-def]
    """Return who is first in line at a service where somebody waits."""
    return queues[service, first_level(queues, service)].head


@inlined
def first_level(queues, service):  # type: ignore[no-untyped-def]
    """Return the first level of priority at which somebody waits."""
    level = np.uint32(0)
    while queues[service, level].head == NO_SLOT:
        level += np.uint32(1)
    return level


@inlined
def free_server(stations, registers, service):  # type: ignore[no-untyped-def]
    """Give a server back; the service's queue may be able to move."""
    stations[service].busy -= 1
    make_pending(stations, registers, service)


@inlined
def make_pending(stations, registers, service):  # type: ignore[no-untyped-def]
    """Remember a service whose queue can move: somebody waits and a server is free."""
    can_move = stations[service].waiting > 0 and stations[service].busy < stations[service].servers
    if can_move and not stations[service].pending:
        stations[service].pending = 1
        stations[service].next = registers[0].pending
        registers[0].pending = service


@kernel
def make_all_pending(stations, registers):  # type: ignore[no-untyped-def]
    """Remember every service whose queue can move."""
    for service in range(len(stations)):
        make_pending(stations, registers, np.uint16(service))


@inlined
def take_slot(slots, asides, registers):  # type: ignore[no-untyped-def]
    """Return a free slot, one that was used before if there is any; the next one to take is asked for."""
    slot = registers[0].free
    if slot == NO_SLOT:
        slot = registers[0].fresh
        registers[0].fresh += 1
    else:
        registers[0].free = slots[slot].next
        prefetch(slots, slots[slot].next)
        prefetch(asides, slots[slot].next)
    registers[0].spare -= 1
    return slot


@inlined
def free_slot(slots, registers, slot):  # type: ignore[no-untyped-def]
    """Put a slot back among the free ones."""
    slots[slot].next = registers[0].free
    registers[0].free = slot
    registers[0].spare += 1
