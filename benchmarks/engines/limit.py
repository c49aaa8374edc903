"""The limit: the two workloads as plain compiled loops without any engine, for a generator of random numbers."""

from typing import Any

import numpy as np
from workload import Outcome, Task, Workload

from engines import numpy_legacy, xoshiro
from engines.limit_event_list import event_list_loop
from engines.limit_network import network_loop
from engines.limit_station import station_loop

GENERATORS: dict[str, Any] = {"xoshiro": xoshiro, "np.random": numpy_legacy}

STATION_LOOPS = {"ends": station_loop, "events": event_list_loop}
"""One station, by what the heap holds: ends of service, or all events."""


def prepare(workload: Workload, patients: int, seed: int, generator: str = "xoshiro", heap: str = "ends") -> Task:
    """Return a run made ready; compiled when the first one is run. A network has a heap of the ends only."""
    source = GENERATORS[generator]
    state = source.state(seed)
    if len(workload.stations) == 1:
        return _station(workload, patients, STATION_LOOPS[heap](source), state)
    return _network(workload, patients, source, state)


def _station(workload: Workload, patients: int, loop: Any, state: Any) -> Task:
    (servers,), (gap,), (mean,) = workload.servers.tolist(), (1 / workload.arrivals).tolist(), workload.mean.tolist()

    def read(found: tuple[float, float, float]) -> Outcome:
        duration, waited, busy = found
        return Outcome(patients, patients, duration, waited / patients, np.array([busy]))

    return Task(lambda: loop(state, patients, servers, gap, mean), read)


def _network(workload: Workload, patients: int, source: Any, state: Any) -> Task:
    loop = network_loop(source)
    entry = np.flatnonzero(workload.arrivals)
    gap, until = 1 / workload.arrivals[entry], np.cumsum(workload.routing, axis=1)
    room = int(workload.visits / workload.patients * patients * 1.1) + 1000
    mu, sigma = workload.log_mean, workload.log_sigma

    def read(found: tuple[Any, ...]) -> Outcome:
        duration, rows, *columns = found
        station, arrival, start, end, _ = (column[:rows] for column in columns)
        return Outcome.of_rows(workload, patients, duration, station, arrival, start, end)

    return Task(lambda: loop(state, patients, workload.servers, entry, gap, until, mu, sigma, room), read)
