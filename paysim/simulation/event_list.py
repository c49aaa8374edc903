"""The compiled engine's event list: a calendar of short spans, and a heap for the span at hand.

Most events of a care system lie weeks ahead. A heap of all of them outgrows the processor's caches, so an event goes
into the calendar page of its time (a linked list through its episode's slot, no memory of its own) and into the heap
only when the page is turned. Brown, "Calendar queues", Communications of the ACM 31 (1988), with a heap for a page.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel

NO_SLOT = -1

Scalar = TypeVar("Scalar", bound=np.generic)


@kernel
def before(time_a, key_a, time_b, key_b):  # type: ignore[no-untyped-def]
    """Return whether event a happens before event b: by time, then by key."""
    return time_a < time_b or (time_a == time_b and key_a < key_b)


@kernel
def push(heap_time, heap_key, heap_slot, size, time, key, slot):  # type: ignore[no-untyped-def]
    """Put an event into a heap of `size` events and return its new size."""
    at = size
    while at > 0:
        parent = (at - 1) >> 2
        if not before(time, key, heap_time[parent], heap_key[parent]):
            break
        heap_time[at] = heap_time[parent]
        heap_key[at] = heap_key[parent]
        heap_slot[at] = heap_slot[parent]
        at = parent
    heap_time[at] = time
    heap_key[at] = key
    heap_slot[at] = slot
    return size + 1


@kernel
def pop(heap_time, heap_key, heap_slot, size):  # type: ignore[no-untyped-def]
    """Take the first event out of a heap of `size` events and return its new size."""
    size -= 1
    time, key, slot = heap_time[size], heap_key[size], heap_slot[size]
    at = 0
    while True:
        first = 4 * at + 1
        if first >= size:
            break
        least = first
        for child in range(first + 1, min(first + 4, size)):
            if before(heap_time[child], heap_key[child], heap_time[least], heap_key[least]):
                least = child
        if not before(heap_time[least], heap_key[least], time, key):
            break
        heap_time[at] = heap_time[least]
        heap_key[at] = heap_key[least]
        heap_slot[at] = heap_slot[least]
        at = least
    heap_time[at] = time
    heap_key[at] = key
    heap_slot[at] = slot
    return size


def grown(values: NDArray[Scalar], length: int) -> NDArray[Scalar]:
    """Return a longer copy of an array."""
    longer = np.empty(length, dtype=values.dtype)
    longer[: len(values)] = values
    return longer
