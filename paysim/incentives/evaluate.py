"""From intensities to outcomes: simulate once for each way of caring, settle as often as is asked for."""

from collections.abc import Sequence
from dataclasses import replace

from paysim.incentives.changes import care_with
from paysim.incentives.digest import Digest, digests_of
from paysim.incentives.expected import EXPECTED, expected_digests, expected_measures
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.incentives.settled import outcome
from paysim.incentives.simulate import simulate_with
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.measures import take_measures
from paysim.simulation.log import Log

__all__ = ["alike_in_care", "digests", "evaluate", "outcome"]


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
    found: dict[int, Digest] = {}
    for numbers in alike_in_care(system, points):
        alike = [points[number] for number in numbers]
        if trial.engine == EXPECTED:
            kept = expected_digests(system, alike, arrangements, trial, replication)
            activity, measured = kept[0].activity, expected_measures
        else:
            activity = simulate_with(system, alike[0], trial, replication, log)
            activity, measured = replace(activity, system=care_with(system, alike[0])), take_measures
            kept = digests_of(activity, alike, arrangements)
        if trial.measured:
            measures = measured(activity, kept[0].survey)
            kept = tuple(replace(each, measures=measures) for each in kept)
        found.update(zip(numbers, kept, strict=True))
    return tuple(found[number] for number in range(len(points)))


def alike_in_care(system: System, points: Sequence[Point]) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the points, those together at which care is alike: one simulation serves them all.

    There all levers that change care are at the same intensities. Groups come in the order of their first points.
    """
    levers = [lever for lever in system.levers.values() if lever.changes_care]
    alike: dict[tuple[float, ...], list[int]] = {}
    for number, point in enumerate(points):
        alike.setdefault(tuple(point.get(lever.id, lever.now) for lever in levers), []).append(number)
    return tuple(map(tuple, alike.values()))


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
