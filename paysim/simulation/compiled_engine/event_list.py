"""The compiled engine's event list: a calendar of short spans, and a heap for the span at hand.

Most events of a care system lie weeks ahead. A heap of all of them outgrows the processor's caches, so an event goes
into the calendar page of its time (a linked list through its episode's slot, no memory of its own) and into the heap
only when the page is turned. Brown, "Calendar queues", Communications of the ACM 31 (1988), with a heap for a page.

An event is one whole number, so that one comparison decides which of two comes first: its clock tick, its phase
(`paysim.simulation.order`) and the number of its episode or service.
"""

import numpy as np

from paysim.jit import inlined

NUMBER_BITS = 31
TICK_BITS = 30
TICK_SHIFT = NUMBER_BITS + 2
"""An event's number takes 31 bits, its phase two, its tick 30: 179 years."""

NEVER = np.int64(2**63 - 1)

EVENT = np.dtype([("key", np.int64), ("slot", np.int64)])


@inlined
def event_key(tick, phase, number):  # type: ignore[no-untyped-def]
    """Return the whole number that orders an event among all others."""
    return (np.int64(tick) << TICK_SHIFT) | (np.int64(phase) << NUMBER_BITS) | np.int64(number)


@inlined
def push(heap, size, key, slot):  # type: ignore[no-untyped-def]
    """Put an event into a 4-ary heap of `size` events."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if key >= heap[parent].key:
            break
        heap[at].key, heap[at].slot = heap[parent].key, heap[parent].slot
        at = parent
    heap[at].key, heap[at].slot = key, slot


@inlined
def pop(heap, size):  # type: ignore[no-untyped-def]
    """Take the first event out of a 4-ary heap of `size` events and return its slot."""
    taken = heap[0].slot
    size -= 1
    key, slot = heap[size].key, heap[size].slot
    at = 0
    while True:
        first = 4 * at + 1
        if first >= size:
            break
        least, least_key = first, heap[first].key
        for child in range(first + 1, min(first + 4, size)):
            if heap[child].key < least_key:
                least, least_key = child, heap[child].key
        if key <= least_key:
            break
        heap[at].key, heap[at].slot = least_key, heap[least].slot
        at = least
    heap[at].key, heap[at].slot = key, slot
    return taken
