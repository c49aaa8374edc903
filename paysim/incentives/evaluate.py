"""From intensities to outcomes: simulate once for each way of caring, settle as often as is asked for."""

from collections.abc import Sequence
from dataclasses import replace

from paysim.incentives.digest import Digest, digest_of
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.settled import outcome
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.simulation.log import Log
from paysim.simulation.simulate import simulate

__all__ = ["digests", "evaluate", "outcome"]


def digests(
    system: System,
    arrangements: Sequence[Arrangement],
    points: Sequence[Point],
    trial: Trial,
    replication: int,
    log: Log | None = None,
) -> tuple[Digest, ...]:
    """Return what is kept of one replication at every point: all that settling under `arrangements` can need.

    Points whose levers leave care as it is share one simulation; all share their random numbers.
    """
    run = simulate(
        system,
        years=trial.years,
        seed=trial.seed,
        replication=replication,
        sample=trial.sample,
        engine=trial.engine,
        log=log,
    )
    kept = digest_of(run, {}, arrangements)
    return tuple(replace(kept, point=point) for point in points)


def evaluate(
    system: System,
    arrangements: Sequence[Arrangement],
    points: Sequence[Point],
    trial: Trial,
    replication: int,
    log: Log | None = None,
) -> tuple[Outcome, ...]:
    """Return the outcome of one replication at every point."""
    return tuple(outcome(each, arrangements) for each in digests(system, arrangements, points, trial, replication, log))
