"""Replications on several processes, in order, whatever the number of workers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from paysim.study.settings import whole_number
from paysim.study.workers import MOST_WORKERS, end_started, interrupts_held, pool_of

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Progress = Callable[[str, int, int], None]
"""Told (what is going on, replications done, replications to do)."""


def silent(activity: str, done: int, total: int) -> None:
    """Ignore progress."""


def counted(
    run: Callable[..., Iterable[Answer]], what: str, progress: Progress
) -> Callable[[Callable[[Task], Answer], Sequence[Task]], Iterator[Answer]]:
    """Return `run` with every answer reported to `progress`."""

    def counting(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
        progress(what, 0, len(tasks))
        for done, answer in enumerate(run(function, tasks), start=1):
            progress(what, done, len(tasks))
            yield answer

    return counting


@contextmanager
def workers_map(
    workers: int, most: int = MOST_WORKERS, own_terms: Sequence[str] = ()
) -> Iterator[Callable[[Callable[[Task], Answer], Sequence[Task]], Iterator[Answer]]]:
    """Yield a `map` that runs on this many processes (1: in this one) and gives the answers in order of the tasks.

    There are never more than `most`. Each first runs the files of `own_terms`, so that it knows terms of their kinds.
    Raises InputError unless there is at least one, and for files that have changed since they were loaded.
    """
    if most < whole_number("workers", workers, 1, MOST_WORKERS):
        end_started()
        workers = most
    if workers == 1:
        yield map
        return
    with pool_of(workers, own_terms) as pool:

        def mapped(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
            with interrupts_held():
                return pool.map(function, tasks)

        yield mapped


@contextmanager
def keeping_map(
    workers: int, most: int = MOST_WORKERS, own_terms: Sequence[str] = ()
) -> Iterator[Callable[[Callable[[Task], Answer], Sequence[Task]], Iterator[Answer]]]:
    """Yield a `map` as `workers_map` does, whose n-th task always runs in the same process.

    So what a task leaves in its process's memory is there for the n-th task of the next call.
    """
    workers = min(most, whole_number("workers", workers, 1, MOST_WORKERS))
    if workers == 1:
        yield map
        return
    with ExitStack() as stack:
        pools = [stack.enter_context(pool_of(1, own_terms)) for _ in range(workers)]

        def mapped(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
            with interrupts_held():
                answers = [pools[number % workers].submit(function, task) for number, task in enumerate(tasks)]
            return (answer.result() for answer in answers)

        yield mapped
