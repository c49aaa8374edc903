"""One replication of a system."""

from paysim.model.activity import Activity
from paysim.model.system import System
from paysim.simulation.log import Log
from paysim.simulation.running import Running


def simulate(
    system: System,
    *,
    years: int,
    seed: int,
    replication: int = 0,
    sample: float = 1.0,
    engine: str = "compiled",
    log: Log | None = None,
) -> Activity:
    """Return the Activity of one replication over `years` financial years, after the config's warm-up.

    Replication k alone equals replication k of a batch. `sample` is the share of residents simulated, with capacities
    scaled alike (rounded up to a whole server); `Activity.weight` scales counts and money back. Where a ReusedLog
    takes the rows, the Activity is good until the next run that is given the same one.
    """
    running = Running(system, years=years, seed=seed, replication=replication, sample=sample, engine=engine, log=log)
    running.advance(running.months)
    return running.activity()
