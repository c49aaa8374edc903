"""One replication of a system."""

from collections.abc import Callable

from paysim.model.activity import Activity, Run
from paysim.model.system import System
from paysim.simulation import compiled_engine, simpy_engine
from paysim.simulation.compile import compile_program
from paysim.simulation.log import Rows, activity_of
from paysim.simulation.program import Program

ENGINES: dict[str, Callable[[Program, int, int], list[Rows]]] = {
    "compiled": compiled_engine.run,
    "simpy": simpy_engine.run,
}
"""Engines by name: each takes the same Program, seed and replication and writes the same log."""


def simulate(
    system: System,
    *,
    years: int,
    seed: int,
    replication: int = 0,
    sample: float = 1.0,
    engine: str = "compiled",
) -> Activity:
    """Return the Activity of one replication over `years` financial years, after the config's warm-up.

    Replication k alone equals replication k of a batch. `sample` is the share of residents simulated, with capacities
    scaled alike (rounded up to a whole server); `Activity.weight` scales counts and money back.
    """
    run = Run(years=years, seed=seed, replication=replication, sample=sample, engine=engine)
    program = compile_program(system, years, sample)
    chunks = ENGINES[engine](program, seed, replication)
    return activity_of(chunks, system, run, len(program.residents.number))
