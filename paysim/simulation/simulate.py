"""One replication of a system."""

from collections.abc import Callable

from paysim.model.activity import Activity, Run
from paysim.model.system import System
from paysim.simulation import simpy_engine
from paysim.simulation.compile import compile_program
from paysim.simulation.log import Log
from paysim.simulation.program import Program

ENGINES: dict[str, Callable[[Program, int, int], Log]] = {"simpy": simpy_engine.run}
"""Engines by name: each takes the same Program, seed and replication and writes the same log."""


def simulate(
    system: System,
    *,
    years: int,
    seed: int,
    replication: int = 0,
    sample: float = 1.0,
    engine: str = "simpy",
) -> Activity:
    """Return the Activity of one replication over `years` financial years, after the config's warm-up.

    Replication k alone equals replication k of a batch. `sample` is the share of residents simulated, with capacities
    scaled alike (rounded up to a whole server); `Activity.weight` scales counts and money back.
    """
    run = Run(years=years, seed=seed, replication=replication, sample=sample, engine=engine)
    program = compile_program(system, years, sample)
    log = ENGINES[engine](program, seed, replication)
    return log.activity(system, run, len(program.residents.number))
