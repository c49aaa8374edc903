"""Hypothesis strategies: small systems of every shape, and runs of them that are followed to the last step."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from small_systems import FLAT, WEEKDAYS, at, branch, by_kind, pathway, population, service, step, system
from whole_run import all_arrivals, living_by_year

from paysim.model.activity import Activity, Run
from paysim.model.pathway import CaseMix, CaseMixEntry, Duration, Timing
from paysim.model.service import OpenHours
from paysim.model.system import System
from paysim.simulation.arrivals import Episodes, arrivals
from paysim.simulation.compile import compile_program
from paysim.simulation.log import Log, joined
from paysim.simulation.piles import Memory
from paysim.simulation.program import Program
from paysim.simulation.running import ENGINES

DAYS = 365
ENOUGH_TO_FINISH = 500.0
"""Days after the year in which nobody arrives any more; no single step takes half as long."""

DAILY = tuple(OpenHours(24 * day + 9, 24 * day + 18) for day in range(7))
SPLIT = tuple(OpenHours(24 * day + start, 24 * day + start + 3.75) for day in (0, 1, 3, 6) for start in (8.25, 20.25))
OPENINGS = [(), (), WEEKDAYS, DAILY, SPLIT]

# Many of these fall on the same instants (opening and closing times too), where order is decided.
TIMES = [
    Duration("constant", 0.0, 0.0),
    Duration("constant", 0.125, 0.0),
    Duration("constant", 1.0, 0.0),
    Duration("exponential", 0.1, 1.0),
    Duration("exponential", 2.0, 1.0),
    Duration("lognormal", 0.05, 2.0),
    Duration("lognormal", 1.5, 0.5),
    Duration("normal", 0.5, 0.5),
    Duration("uniform", 0.2, 0.5),
]
OFFICE = Timing("office", (0.0,) * 9 + (3.0, 1.0, 0.0, 2.0) + (0.0,) * 11, (1.0,) * 5 + (0.0,) * 2, (1.0,) * 12)
SEASONAL = Timing("seasonal", (1.0,) * 24, (1.0,) * 7, (3.0, 2.0, 1.0, 1.0, 0.5, 0.0, 0.0, 1.0, 0.7, 1.0, 1.5, 2.5))
MIXES = [
    CaseMix(
        "stays", (CaseMixEntry("A", 0.5, TIMES[1]), CaseMixEntry("B", 0.3, TIMES[4]), CaseMixEntry("C", 0.2, TIMES[3]))
    ),
    CaseMix("codes", (CaseMixEntry("C", 0.25, None), CaseMixEntry("D", 0.75, None))),
]

times = st.sampled_from(TIMES)
shares = st.sampled_from([0.0, 0.1, 0.3, 0.5, 1.0])


class Finished(NamedTuple):
    """A run whose every episode came to its end, unless a queue was hopeless: all its steps, and what began them."""

    system: System
    program: Program
    seed: int
    replication: int
    arrivals: Episodes
    activity: Activity

    def __repr__(self) -> str:
        key = f"seed={self.seed}, replication={self.replication}, rows={len(self.activity)}"
        return f"Finished({key}, {list(self.system.services.values())}, {list(self.system.pathways.values())})"


def finish(system: System, seed: int, replication: int = 0, sample: float = 1.0, engine: str = "compiled") -> Finished:
    """Return a year's demand of a system without warm-up, simulated until well after the year."""
    program = compile_program(system, 1, sample)
    program = program._replace(stop=program.stop + ENOUGH_TO_FINISH)
    living = living_by_year(program, seed, replication)[0]
    running = ENGINES[engine](program, seed, replication, Log())
    running.begin_year(arrivals(program, living, 0, program.begin, seed, replication, Memory()), 0, living)
    running.go_on(program.stop)
    run = Run(1, seed, replication, sample, engine, months=12)
    weight = system.population.total / len(program.residents.number)
    activity = Activity(system=system, run=run, weight=weight, **joined([running.take_rows()])._asdict())
    return Finished(system, program, seed, replication, all_arrivals(program, seed, replication), activity)


@st.composite
def finished_runs(draw: st.DrawFn) -> Finished:
    """Draw a system of up to three services and three pathways, and run it."""
    return finish(draw(systems()), seed=draw(st.integers(0, 2**63 - 1)), replication=draw(st.integers(0, 2**32)))


@st.composite
def systems(draw: st.DrawFn) -> System:
    services = [
        service(f"s{number}", draw(st.integers(1, 3)), draw(st.sampled_from(OPENINGS)), draw(disciplines))
        for number in range(draw(st.integers(1, 3)))
    ]
    ids = [f"p{path}.{number}" for path in range(draw(st.integers(1, 3))) for number in range(draw(st.integers(1, 3)))]
    steps = {id: draw(_steps(id, ids, [one.id for one in services])) for id in ids}
    pathways = [
        pathway(
            path,
            draw(_rates()) if number == 0 or draw(st.booleans()) else None,
            *(steps[id] for id in ids if id.startswith(f"{path}.")),
            timing=draw(st.sampled_from(["flat", "office", "seasonal"])),
        )
        for number, path in enumerate(dict.fromkeys(id.split(".")[0] for id in ids))
    ]
    residents = population(*draw(st.tuples(*[st.integers(0, 20)] * 3)), 10)
    return system(services, pathways, residents, case_mixes=MIXES, timings=[FLAT, OFFICE, SEASONAL])


disciplines = st.sampled_from(["fifo", "priority"])


@st.composite
def _rates(draw: st.DrawFn) -> np.ndarray:
    return by_kind(*(draw(st.sampled_from([0.0, 3.0, 10.0, 30.0])) for _ in range(4)))


@st.composite
def _steps(draw: st.DrawFn, id: str, ids: list[str], services: list[str]) -> object:
    options = draw(st.permutations(services))[: draw(st.integers(1, len(services)))]
    mix = draw(st.sampled_from([None, None, "stays", "codes"]))
    return step(
        id,
        at(*options, shares=draw(splits(len(options))), group=f"{len(options)} of {','.join(options)}"),
        None if mix == "stays" else draw(times),
        [
            branch(draw(st.sampled_from([*ids, None])), draw(_probabilities()), draw(times))
            for _ in range(draw(st.integers(0, 2)))
        ],
        case_mix=mix,
        priority=draw(st.integers(0, 2)),
    )


@st.composite
def splits(draw: st.DrawFn, options: int) -> list[list[float]]:
    """Draw the shares of a step's options among residents of each place."""
    first = [draw(shares) for _ in ("hill", "vale")]
    rest = options - 1
    return [[1.0] if not rest else [one] + [(1.0 - one) / rest] * rest for one in first]


@st.composite
def _probabilities(draw: st.DrawFn) -> np.ndarray | float:
    """Draw at most 0.45, so that two branches leave a way out."""
    one = st.sampled_from([0.45, 0.2, 0.05, 0.0])
    return draw(one) if draw(st.booleans()) else by_kind(*(draw(one) for _ in range(4)))
