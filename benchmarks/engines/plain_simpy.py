"""Plain SimPy, as one would write it: a process a patient, a Resource a station."""

import random
from bisect import bisect_right
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from workload import Outcome, Task, Workload


def prepare(workload: Workload, patients: int, seed: int) -> Task:
    """Return a run made ready; one station keeps sums, a network keeps a row a visit."""
    run = _run_station if len(workload.stations) == 1 else _run_network
    return Task(
        lambda: run(workload, patients, random.Random(seed)), lambda found: _outcome(workload, patients, *found)
    )


Row = tuple[int, int, float, float, float]
"""Number of the patient, station, arrival, start, end."""


def _run_station(workload: Workload, patients: int, draw: random.Random) -> tuple[float, tuple[float, float]]:
    env = simpy.Environment()
    servers = simpy.Resource(env, int(workload.servers[0]))
    rate, service_rate = float(workload.arrivals[0]), 1 / float(workload.mean[0])
    all_served = env.event()
    served, waited, busy = 0, 0.0, 0.0

    def customer() -> Generator[Any, Any, None]:
        nonlocal served, waited, busy
        came = env.now
        with servers.request() as turn:
            yield turn
            start = env.now
            yield env.timeout(draw.expovariate(service_rate))
        served += 1
        waited += start - came
        busy += env.now - start
        if served == patients:
            all_served.succeed()

    def source() -> Generator[Any, Any, None]:
        while True:
            yield env.timeout(draw.expovariate(rate))
            env.process(customer())

    env.process(source())
    env.run(until=all_served)
    return env.now, (waited, busy)


def _run_network(workload: Workload, patients: int, draw: random.Random) -> tuple[float, list[Row]]:
    env = simpy.Environment()
    stations = [simpy.Resource(env, servers) for servers in workload.servers.tolist()]
    until = np.cumsum(workload.routing, axis=1).tolist()
    mu, sigma, gone = workload.log_mean.tolist(), workload.log_sigma, len(stations)
    all_left = env.event()
    rows: list[Row] = []
    left, came = 0, 0

    def patient(number: int, station: int) -> Generator[Any, Any, None]:
        nonlocal left
        while station != gone:
            arrival = env.now
            with stations[station].request() as turn:
                yield turn
                start = env.now
                yield env.timeout(draw.lognormvariate(mu[station], sigma))
            rows.append((number, station, arrival, start, env.now))
            station = bisect_right(until[station], draw.random())
        left += 1
        if left == patients:
            all_left.succeed()

    def source(station: int, rate: float) -> Generator[Any, Any, None]:
        nonlocal came
        while True:
            yield env.timeout(draw.expovariate(rate))
            env.process(patient(came, station))
            came += 1

    for station, rate in enumerate(workload.arrivals.tolist()):
        if rate > 0:
            env.process(source(station, rate))
    env.run(until=all_left)
    return env.now, rows


def _outcome(workload: Workload, patients: int, duration: float, found: list[Row] | tuple[float, float]) -> Outcome:
    if isinstance(found, tuple):
        waited, busy = found
        return Outcome(patients, patients, duration, waited / patients, np.array([busy]))
    _, station, arrival, start, end = (np.array(column) for column in zip(*found, strict=True))
    return Outcome.of_rows(workload, patients, duration, station, arrival, start, end)
