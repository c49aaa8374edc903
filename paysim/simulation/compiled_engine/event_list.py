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
TICK_SHIFT = NUMBER_BITS + 2
"""An event's number takes 31 bits, its phase two, its tick the 30 that are left: 179 years."""

NEVER = np.int64(2**63 - 1)

BEHIND = 3
"""Places behind a heap's last event that must never come first: the other children of its parent."""

EVENT = np.dtype([("key", np.int64), ("slot", np.uint32), ("padding", np.uint32)])


@inlined
def event_key(tick, phase, number):  # type: ignore[no-untyped-def]
    """Return the whole number that orders an event among all others."""
    return (np.int64(tick) << TICK_SHIFT) | (np.int64(phase) << NUMBER_BITS) | np.int64(number)


@inlined
def push(heap, size, key, slot):  # type: ignore[no-untyped-def]
    """Put an event into a 4-ary heap of `size` events."""
    at = np.uint64(size)
    _end_with(heap, at)
    while at > 0:
        parent = np.uint64((at - 1) >> 2)
        if key >= heap[parent].key:
            break
        heap[at].key, heap[at].slot = heap[parent].key, heap[parent].slot
        at = parent
    heap[at].key, heap[at].slot = key, slot


@inlined
def pop(heap, size):  # type: ignore[no-untyped-def]
    """Take the first event out of a 4-ary heap of `size` events and return its slot."""
    first, last = np.uint64(0), np.uint64(size - 1)
    taken, key, slot = heap[first].slot, heap[last].key, heap[last].slot
    _sift_down(heap, last, first, key, slot)
    heap[last].key = NEVER
    return taken


@inlined
def put_in_order(heap, size):  # type: ignore[no-untyped-def]
    """Make a 4-ary heap of `size` events in any order: Floyd, "Algorithm 245", Communications of the ACM 7 (1964)."""
    if size > 0:
        _end_with(heap, np.uint64(size - 1))
    for parent in range((size - 2) >> 2, -1, -1):
        at = np.uint64(parent)
        _sift_down(heap, np.uint64(size), at, heap[at].key, heap[at].slot)


@inlined
def _end_with(heap, last):  # type: ignore[no-untyped-def]
    """Make a place the last one of a heap."""
    for behind in range(1, BEHIND + 1):
        heap[np.uint64(last + behind)].key = NEVER


@inlined
def _sift_down(heap, size, at, key, slot):  # type: ignore[no-untyped-def]
    """Put an event at or below a place of a 4-ary heap of `size` events; none of the three behind comes first."""
    while True:
        first = np.uint64(4 * at + 1)
        if first >= size:
            break
        # Which child comes first is anybody's guess, the processor's too: so the answer is added, not branched on.
        second, third, fourth = np.uint64(first + 1), np.uint64(first + 2), np.uint64(first + 3)
        left = first + np.uint64(heap[second].key < heap[first].key)
        right = third + np.uint64(heap[fourth].key < heap[third].key)
        least = left + np.uint64(heap[right].key < heap[left].key) * (right - left)
        if key <= heap[least].key:
            break
        heap[at].key, heap[at].slot = heap[least].key, heap[least].slot
        at = least
    heap[at].key, heap[at].slot = key, slot
