"""From intensities to outcomes: simulate once for each way of caring, settle as often as is asked for."""

from collections.abc import Sequence

from paysim.incentives.digest import Digest
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.simulation.log import Log


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
    raise NotImplementedError


def outcome(digest: Digest, arrangements: Sequence[Arrangement]) -> Outcome:
    """Return what a replication comes to under each arrangement; budget-neutral amounts must be set."""
    raise NotImplementedError


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
