"""Replications on several processes, in order, whatever the number of workers."""

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, resource_tracker
from typing import TypeVar

from paysim.model.terms.own import load_own_terms, refuse_changed
from paysim.study.settings import MOST_WORKERS, whole_number

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
    workers = min(most, whole_number("workers", workers, 1, MOST_WORKERS))
    if workers == 1:
        yield map
        return
    with _processes(workers, own_terms) as pool:

        def mapped(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
            with _interrupts_held():
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
        pools = [stack.enter_context(_processes(1, own_terms)) for _ in range(workers)]

        def mapped(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
            with _interrupts_held():
                answers = [pools[number % workers].submit(function, task) for number, task in enumerate(tasks)]
            return (answer.result() for answer in answers)

        yield mapped


@contextmanager
def _processes(workers: int, own_terms: Sequence[str]) -> Iterator[ProcessPoolExecutor]:
    """Yield processes that know the terms of these files; they end at once if anything fails."""
    refuse_changed(own_terms)
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(tuple(own_terms),)
    )
    try:
        yield pool
    except BaseException:
        # Work that nobody will collect is not worth the wait, above all after Ctrl-C.
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C wait while processes start: they inherit that it waits, until they have set that they ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # It would let Ctrl-C through again as it starts.
    resource_tracker.ensure_running()
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _begin(own_terms: Sequence[str]) -> None:
    """Leave interrupts to the parent, and know the same kinds of term."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for file in own_terms:
        load_own_terms(file)
