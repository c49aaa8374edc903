"""paysim: a workload as a System, simulated through the public face. A row of Activity is kept for every visit."""

from datetime import date
from functools import cache

import numpy as np
from workload import Outcome, Task, Workload

import paysim
from paysim.model.organisation import Organisation
from paysim.model.pathway import IMMEDIATELY, Branch, Demand, Duration, Pathway, ServiceChoice, Step, Timing
from paysim.model.population import Place, Population
from paysim.model.service import CostStructure, Service
from paysim.model.system import StudyDefaults, System

YEAR = 365.0
"""Days in the one financial year that a run takes; a workload's hours are as long as fits."""

MORE_HOURS = 650.0
"""Hours simulated beyond the workload's end, so that whoever is seen to leave before it really has left."""

EPISODES = 500.0
"""Episodes a resident and year: few residents who come often are quicker to draw than many who come rarely."""


def prepare(workload: Workload, patients: int, seed: int, engine: str = "compiled") -> Task:
    """Return a run made ready that lets a little more than `patients` leave."""
    system = system_of(workload, patients)
    return Task(
        lambda: paysim.simulate(system, years=1, seed=seed, sample=1.0, engine=engine),
        lambda activity: _outcome(workload, patients, activity),
    )


def _outcome(workload: Workload, patients: int, activity: paysim.Activity) -> Outcome:
    """Return the outcome of the run up to the moment at which `patients` have left."""
    hour = hour_days(workload, patients)
    end = activity.end / hour
    _, from_last = np.unique(activity.episode[::-1], return_index=True)
    leaving = np.sort(end[::-1][from_last])
    assert len(leaving) > patients, "the run ended too early"
    duration = leaving[patients - 1]
    there = np.flatnonzero(end <= duration)
    start = activity.start[there] / hour
    arrival = start - activity.wait[there] / hour
    return Outcome.of_rows(
        workload, patients, duration, activity.service[there], arrival, start, end[there], simulated=len(activity)
    )


def hour_days(workload: Workload, patients: int) -> float:
    """Return the length in days of the workload's hour."""
    return YEAR / (patients / workload.expected.throughput + MORE_HOURS)


@cache
def system_of(workload: Workload, patients: int) -> System:
    """Return a workload as a System: a service and a step a station, a pathway an entry."""
    hour = hour_days(workload, patients)
    coming = workload.arrivals * YEAR / hour
    residents = max(1, int(coming.max() / EPISODES))
    place, timing = Place("place", "Place"), Timing("flat", (1.0,) * 24, (1.0,) * 7, (1.0,) * 12)
    kinds = (1, 10)
    # Stations without arrivals of their own are steps of the first pathway.
    entries = [n for n, rate in enumerate(coming) if rate > 0]
    within = {n: n if n in entries else entries[0] for n in range(len(coming))}
    names = [f"{workload.stations[within[n]]}.{station}" for n, station in enumerate(workload.stations)]
    steps = [_step(workload, n, names, hour, kinds) for n in range(len(names))]
    pathways = {
        workload.stations[n]: Pathway(
            workload.stations[n],
            workload.stations[n],
            names[n],
            Demand(np.full(kinds, coming[n] / residents), timing.id),
            tuple(step for number, step in enumerate(steps) if within[number] == n),
        )
        for n in entries
    }
    return System(
        title=workload.title,
        question="How fast is the engine?",
        start=date(2017, 4, 1),
        price_year="2017-18",
        population=Population(
            (place.id,), ("0+",), np.zeros(1, np.int16), np.zeros(1, np.int16), np.array([residents], np.int64)
        ),
        places={place.id: place},
        organisations={"provider": Organisation("provider", "Provider", "provider")},
        services={
            name: Service(name, name, "provider", "acute", "servers", servers, (), "fifo", CostStructure())
            for name, servers in zip(workload.stations, workload.servers.tolist(), strict=True)
        },
        currencies={},
        prices={},
        case_mixes={},
        timings={timing.id: timing},
        pathways=pathways,
        measures={},
        arrangements={},
        study=StudyDefaults((), 1, 1, 1, 1.0, 0, 1),
        sources={},
        parameters=(),
        fingerprint="",
    )


def _step(workload: Workload, number: int, names: list[str], hour: float, kinds: tuple[int, int]) -> Step:
    duration = Duration(workload.distribution, workload.mean[number] * hour, workload.cv)
    choice = ServiceChoice(workload.stations[number], (workload.stations[number],), np.ones((1, 1)))
    branches = tuple(
        Branch(names[to], np.full(kinds, probability), IMMEDIATELY)
        for to, probability in enumerate(workload.routing[number])
        if probability > 0
    )
    return Step(names[number], names[number], choice, duration, None, None, None, False, 0, branches)
