"""The compiled engine's event list: a calendar of short spans, and a heap for the span at hand.

Most events of a care system lie weeks ahead. A heap of all of them outgrows the processor's caches, so an event goes
into the calendar page of its time (a linked list through its episode's slot, no memory of its own) and into the heap
only when the page is turned. Brown, "Calendar queues", Communications of the ACM 31 (1988), with a heap for a page.
"""

import numpy as np

from paysim.jit import kernel

NO_SLOT = -1

EVENT = np.dtype([("time", np.float64), ("key", np.int64), ("slot", np.int64)])
"""An event of the heap; `key` is its phase and episode, which decide between events of one instant."""

PHASE_BITS = 40
"""Bits of a key under its phase: room for the number of an episode or service."""


@kernel
def before(time_a, key_a, time_b, key_b):  # type: ignore[no-untyped-def]
    """Return whether event a happens before event b: by time, then by key."""
    return time_a < time_b or (time_a == time_b and key_a < key_b)


@kernel
def push(heap, size, time, key, slot):  # type: ignore[no-untyped-def]
    """Put an event into a 4-ary heap of `size` events."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if not before(time, key, heap[parent].time, heap[parent].key):
            break
        heap[at].time, heap[at].key, heap[at].slot = heap[parent].time, heap[parent].key, heap[parent].slot
        at = parent
    heap[at].time, heap[at].key, heap[at].slot = time, key, slot


@kernel
def pop(heap, size):  # type: ignore[no-untyped-def]
    """Take the first event out of a 4-ary heap of `size` events and return its slot."""
    taken = heap[0].slot
    size -= 1
    time, key, slot = heap[size].time, heap[size].key, heap[size].slot
    at = 0
    while True:
        first = 4 * at + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if before(heap[child].time, heap[child].key, heap[least].time, heap[least].key):
                least = child
        if not before(heap[least].time, heap[least].key, time, key):
            break
        heap[at].time, heap[at].key, heap[at].slot = heap[least].time, heap[least].key, heap[least].slot
        at = least
    heap[at].time, heap[at].key, heap[at].slot = time, key, slot
    return taken
