"""One replication with levers at some intensities."""

from paysim.incentives.changes import care_with
from paysim.incentives.outcome import Point, Trial
from paysim.model.activity import Activity
from paysim.model.system import System
from paysim.simulation.log import Log
from paysim.simulation.running import Running


def simulate_with(system: System, point: Point, trial: Trial, replication: int, log: Log | None = None) -> Activity:
    """Return the Activity of one replication with the levers at these intensities, from the warm-up on.

    It is a run of the system as it is, which takes other settings before it begins: so a lower rate keeps a share of
    the same episodes, and residents whom no lever touches live the same life. Its `system` is the one as it is, with
    the costs as they are. `trial.engine` is compiled or simpy.
    """
    settings = care_with(system, point)
    running = Running(
        system,
        years=trial.years,
        seed=trial.seed,
        replication=replication,
        sample=trial.sample,
        engine=trial.engine,
        log=log,
    )
    if settings is not system:
        running.change(settings)
    running.advance(running.months)
    return running.activity()
