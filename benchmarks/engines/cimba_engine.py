"""Cimba's Python package with a process a server: the idiom in which it is quickest."""

from typing import Any

import cimba as cb
import numpy as np
from cimba import random
from workload import Outcome, Task, Workload


class Counter(cb.Model):
    """One station: a store of arrival times, sums instead of rows."""

    patients: cb.Param[int]
    gap: cb.Param[float]
    mean: cb.Param[float]
    waiting: cb.Store[float] = cb.Store()
    served: int = 0
    waited: float = 0.0
    busy: float = 0.0
    total_wait: cb.Output[float]
    total_busy: cb.Output[float]
    end: cb.Output[float]

    @cb.process
    def arrive(self):
        while True:
            cb.hold(random.exponential(self.gap))
            self.waiting.put(cb.now())

    @cb.process(copies=10)
    def serve(self):
        while True:
            came = self.waiting.get()
            start = cb.now()
            cb.hold(random.exponential(self.mean))
            self.waited += start - came
            self.busy += cb.now() - start
            self.served += 1
            if self.served == self.patients:
                cb.end_trial()

    @cb.on_end
    def measure(self):
        self.total_wait = self.waited
        self.total_busy = self.busy
        self.end = cb.now()


class Station(cb.Model):
    """Who waits at a station, how long its services take, and where patients go on to."""

    mu: cb.Param[float]
    until: cb.Array[float]
    waiting: cb.Store[int] = cb.Store()


class Hospital(cb.Model):
    """All stations; patients are numbers, and five datasets keep the row of every visit."""

    patients: cb.Param[int]
    sigma: cb.Param[float]
    stations: list[Station]
    arrival: cb.Array[float]
    came: int = 0
    left: int = 0
    row_patient: cb.Dataset = cb.Dataset()
    row_station: cb.Dataset = cb.Dataset()
    row_arrival: cb.Dataset = cb.Dataset()
    row_start: cb.Dataset = cb.Dataset()
    row_end: cb.Dataset = cb.Dataset()
    end: cb.Output[float]

    @cb.on_end
    def measure(self):
        self.end = cb.now()


class Source(cb.Model):
    """Poisson arrivals at one station."""

    hospital: cb.Ref[Hospital]
    station: cb.Param[int]
    gap: cb.Param[float]

    @cb.process
    def arrive(self):
        hospital = self.hospital
        here = hospital.stations[self.station]
        while True:
            cb.hold(random.exponential(self.gap))
            patient = hospital.came
            hospital.came += 1
            hospital.arrival[patient] = cb.now()
            here.waiting.put(patient)


class Server(cb.Model):
    """One server of a station."""

    hospital: cb.Ref[Hospital]
    station: cb.Param[int]

    @cb.process
    def serve(self):
        hospital = self.hospital
        here = hospital.stations[self.station]
        while True:
            patient = here.waiting.get()
            start = cb.now()
            cb.hold(random.lognormal(here.mu, hospital.sigma))
            hospital.row_patient.record(patient)
            hospital.row_station.record(self.station)
            hospital.row_arrival.record(hospital.arrival[patient])
            hospital.row_start.record(start)
            hospital.row_end.record(cb.now())
            u = random.uniform()
            onward = 0
            while onward < len(here.until) and here.until[onward] <= u:
                onward += 1
            if onward < len(here.until):
                hospital.arrival[patient] = cb.now()
                hospital.stations[onward].waiting.put(patient)
            else:
                hospital.left += 1
                if hospital.left == hospital.patients:
                    cb.end_trial()


class World(cb.Model):
    """The hospital with its sources and servers."""

    hospital: Hospital
    sources: list[Source]
    servers: list[Server]


def prepare(workload: Workload, patients: int, seed: int) -> Task:
    """Return a run made ready; compiled when the first one is run."""
    if len(workload.stations) == 1:
        return _station(workload, patients, seed)
    return _network(workload, patients, seed)


def _station(workload: Workload, patients: int, seed: int) -> Task:
    model = Counter()
    model.patients, model.gap, model.mean = patients, float(1 / workload.arrivals[0]), float(workload.mean[0])
    experiment = cb.Experiment(model, seed=seed)

    def read(results: cb.Results) -> Outcome:
        found = results[model]
        end, waited, busy = (samples.values[0, 0] for samples in (found.end, found.total_wait, found.total_busy))
        return Outcome(patients, patients, end, waited / patients, np.array([busy]))

    return Task(lambda: experiment.run(workers=1), read)


def _network(workload: Workload, patients: int, seed: int) -> Task:
    hospital = Hospital()
    hospital.patients, hospital.sigma = patients, workload.log_sigma
    hospital.arrival = cb.Array(patients + patients // 4 + 10_000)
    until = np.cumsum(workload.routing, axis=1)
    stations = []
    for mu, row in zip(workload.log_mean.tolist(), until.tolist(), strict=True):
        station = Station()
        station.mu, station.until = mu, cb.Array(row)
        stations.append(station)
    hospital.stations = stations
    columns = (hospital.row_station, hospital.row_arrival, hospital.row_start, hospital.row_end, hospital.row_patient)
    for column in columns:
        column.capture()
    world = World()
    world.hospital = hospital
    world.sources = [
        _bound(Source(), hospital, number, gap=1 / rate)
        for number, rate in enumerate(workload.arrivals.tolist())
        if rate > 0
    ]
    world.servers = [
        _bound(Server(), hospital, number)
        for number, servers in enumerate(workload.servers.tolist())
        for _ in range(servers)
    ]
    experiment = cb.Experiment(world, seed=seed)

    def read(results: cb.Results) -> Outcome:
        found = results[hospital]
        station, arrival, start, end = (
            signal.trial(0, 0)[1] for signal in (found.row_station, found.row_arrival, found.row_start, found.row_end)
        )
        duration = found.end.values[0, 0]
        return Outcome.of_rows(workload, patients, duration, station.astype(np.int8), arrival, start, end)

    return Task(lambda: experiment.run(workers=1), read)


def _bound(model: Any, hospital: Hospital, station: int, **values: float) -> Any:
    model.hospital, model.station = hospital, station
    for name, value in values.items():
        setattr(model, name, value)
    return model
