"""Outcomes with levers moved, replication by replication, on several processes."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from paysim.incentives.evaluate import alike_in_care, evaluate
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.study.replication import own_log

Task = tuple[int, tuple[int, ...]]
"""A replication, and the numbers of points that one simulation of it serves."""


def tasks_of(system: System, points: Sequence[Point], replications: int) -> list[Task]:
    """Return what is done apart, so that all workers are busy to the end: all points of a replication alike in care."""
    groups = alike_in_care(system, points)
    return [(replication, group) for replication in range(replications) for group in groups]


def outcomes_by_replication(
    system: System,
    arrangements: Sequence[Arrangement],
    points: Sequence[Point],
    trial: Trial,
    replications: int,
    run: Callable[..., Iterable[tuple[Outcome, ...]]],
) -> list[tuple[Outcome, ...]]:
    """Return the outcome at every point, in their order, of each replication; `run` maps a function over tasks."""
    tasks = tasks_of(system, points, replications)
    found: list[dict[int, Outcome]] = [{} for _ in range(replications)]
    answers = run(partial(_outcomes, system, arrangements, points, trial), tasks)
    for (replication, group), outcomes in zip(tasks, answers, strict=True):
        found[replication].update(zip(group, outcomes, strict=True))
    return [tuple(by_point[number] for number in range(len(points))) for by_point in found]


def _outcomes(
    system: System, arrangements: Sequence[Arrangement], points: Sequence[Point], trial: Trial, task: Task
) -> tuple[Outcome, ...]:
    replication, group = task
    return evaluate(system, arrangements, [points[number] for number in group], trial, replication, own_log())
