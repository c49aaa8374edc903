"""A network of stations as a plain loop: one heap of the ends of service, a list of those who wait at each station."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np

_NOBODY = -1


@cache
def network_loop(generator: Any) -> Callable[..., Any]:
    """Return the compiled loop of a network with a generator of random numbers, a module such as `xoshiro`."""
    uniform, exponential, lognormal = generator.uniform, generator.exponential, generator.lognormal

    @numba.njit
    def loop(state, patients, servers, entry, gap, until, mu, sigma, room):
        """Run until `patients` have left; return the time, the number of rows and the rows' columns, 29 bytes a row."""
        row_patient = np.empty(room, np.int32)
        row_station = np.empty(room, np.int8)
        row_arrival, row_start, row_end = np.empty(room), np.empty(room), np.empty(room)
        stations = len(servers)
        free = servers.copy()
        first = np.full(stations, _NOBODY, np.int32)
        last = np.full(stations, _NOBODY, np.int32)
        most = patients + (patients >> 2) + 10_000
        station = np.empty(most, np.int8)
        arrival, start = np.empty(most), np.empty(most)
        behind = np.empty(most, np.int32)
        times = np.empty(servers.sum() + 1)
        owners = np.empty(servers.sum() + 1, np.int32)
        due = np.empty(len(entry))
        for stream in range(len(entry)):
            due[stream] = exponential(state, gap[stream])
        serving = rows = left = came = 0
        now = 0.0
        while left < patients:
            stream = 0
            for other in range(1, len(entry)):
                if due[other] < due[stream]:
                    stream = other
            # `hole`: the top of the heap has ended and its place is free to be filled or taken away.
            hole = serving > 0 and times[0] <= due[stream]
            if hole:
                now = times[0]
                patient = owners[0]
                at = station[patient]
                row_patient[rows], row_station[rows] = patient, at
                row_arrival[rows], row_start[rows], row_end[rows] = arrival[patient], start[patient], now
                rows += 1
                following = first[at]
                if following != _NOBODY:
                    first[at] = behind[following]
                    start[following] = now
                    sift_down(times, owners, serving, now + lognormal(state, mu[at], sigma), following)
                    hole = False
                else:
                    free[at] += 1
                u = uniform(state)
                to = 0
                while to < stations and until[at, to] <= u:
                    to += 1
                if to == stations:
                    left += 1
                    patient = np.int32(_NOBODY)
            else:
                now = due[stream]
                due[stream] = now + exponential(state, gap[stream])
                patient = np.int32(came)
                came += 1
                to = entry[stream]
            if patient != _NOBODY:
                station[patient] = to
                arrival[patient] = now
                if free[to] > 0:
                    free[to] -= 1
                    start[patient] = now
                    end = now + lognormal(state, mu[to], sigma)
                    if hole:
                        sift_down(times, owners, serving, end, patient)
                        hole = False
                    else:
                        sift_up(times, owners, serving, end, patient)
                        serving += 1
                else:
                    behind[patient] = _NOBODY
                    if first[to] == _NOBODY:
                        first[to] = patient
                    else:
                        behind[last[to]] = patient
                    last[to] = patient
            if hole:
                serving -= 1
                sift_down(times, owners, serving, times[serving], owners[serving])
        return now, rows, row_station, row_arrival, row_start, row_end, row_patient

    return loop


@numba.njit(inline="always")
def sift_down(times, owners, size, time, owner):
    """Put an entry in the place of the heap's first."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and times[child + 1] < times[child]:
            child += 1
        if time <= times[child]:
            break
        times[place] = times[child]
        owners[place] = owners[child]
        place = child
    times[place] = time
    owners[place] = owner


@numba.njit(inline="always")
def sift_up(times, owners, size, time, owner):
    """Add an entry to a heap of `size`."""
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if times[parent] <= time:
            break
        times[place] = times[parent]
        owners[place] = owners[parent]
        place = parent
    times[place] = time
    owners[place] = owner
