"""One station as a plain loop with one event list: every event is taken out of a heap, and those it leads to put in.

Whatever an engine simulates, it has such a list; the loop of `limit_station` knows that only services end.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np

from engines.limit_network import sift_down, sift_up

_ARRIVAL, _END = np.int32(0), np.int32(1)


@cache
def event_list_loop(generator: Any) -> Callable[..., Any]:
    """Return the compiled loop of one station with a generator of random numbers, a module such as `xoshiro`."""
    exponential = generator.exponential

    @numba.njit
    def loop(state, patients, servers, gap, mean):
        """Serve `patients` customers of one station, first come first served; return end, waits and busy time."""
        times, kinds = np.empty(servers + 2), np.empty(servers + 2, np.int32)
        times[0], kinds[0] = exponential(state, gap), _ARRIVAL
        queue = np.empty(1 << 16)
        mask = len(queue) - 1
        size = 1
        head = tail = busy = done = 0
        waited = worked = now = 0.0
        while done < patients:
            now, kind = times[0], kinds[0]
            size -= 1
            sift_down(times, kinds, size, times[size], kinds[size])
            starts = False
            if kind == _ARRIVAL:
                sift_up(times, kinds, size, now + exponential(state, gap), _ARRIVAL)
                size += 1
                starts = busy < servers
                if starts:
                    busy += 1
                else:
                    if tail - head > mask:
                        raise MemoryError("the queue has outgrown its room")
                    queue[tail & mask] = now
                    tail += 1
            else:
                done += 1
                starts = head != tail
                if starts:
                    waited += now - queue[head & mask]
                    head += 1
                else:
                    busy -= 1
            if starts:
                service = exponential(state, mean)
                worked += service
                sift_up(times, kinds, size, now + service, _END)
                size += 1
        for event in range(size):
            if kinds[event] == _END:
                worked -= times[event] - now
        return now, waited, worked

    return loop
