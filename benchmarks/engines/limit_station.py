"""One station as a plain loop: a heap of the ends of service, a ring of those who wait."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np


@cache
def station_loop(generator: Any) -> Callable[..., Any]:
    """Return the compiled loop of one station with a generator of random numbers, a module such as `xoshiro`."""
    exponential = generator.exponential

    @numba.njit
    def loop(state, patients, servers, gap, mean):
        """Serve `patients` customers of one station, first come first served; return end, waits and busy time."""
        ends = np.empty(servers + 1)
        queue = np.empty(1 << 16)
        mask = len(queue) - 1
        head = tail = busy = done = 0
        waited = worked = now = 0.0
        arrival = exponential(state, gap)
        while done < patients:
            if busy > 0 and ends[0] <= arrival:
                now = ends[0]
                done += 1
                if head != tail:
                    waited += now - queue[head & mask]
                    head += 1
                    service = exponential(state, mean)
                    worked += service
                    _sift_down(ends, busy, now + service)
                else:
                    busy -= 1
                    _sift_down(ends, busy, ends[busy])
            else:
                now = arrival
                arrival += exponential(state, gap)
                if busy < servers:
                    service = exponential(state, mean)
                    worked += service
                    _sift_up(ends, busy, now + service)
                    busy += 1
                else:
                    if tail - head > mask:
                        raise MemoryError("the queue has outgrown its room")
                    queue[tail & mask] = now
                    tail += 1
        for server in range(busy):
            worked -= ends[server] - now
        return now, waited, worked

    return loop


@numba.njit(inline="always")
def _sift_down(heap, size, time):
    """Put `time` in the place of the heap's first entry."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if time <= heap[child]:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = time


@numba.njit(inline="always")
def _sift_up(heap, size, time):
    """Add `time` to a heap of `size` entries."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= time:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = time
