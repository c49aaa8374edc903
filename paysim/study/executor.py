"""Replications on several processes, in order, whatever the number of workers."""

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, resource_tracker
from typing import TypeVar

from paysim.study.settings import MOST_WORKERS, whole_number

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Progress = Callable[[str, int, int], None]
"""Told (what is going on, replications done, replications to do)."""


def silent(activity: str, done: int, total: int) -> None:
    """Ignore progress."""


@contextmanager
def workers_map(
    workers: int, most: int = MOST_WORKERS
) -> Iterator[Callable[[Callable[[Task], Answer], Sequence[Task]], Iterator[Answer]]]:
    """Yield a `map` that runs on this many processes (1: in this one) and gives the answers in order of the tasks.

    There are never more than `most`. Raises InputError unless there is at least one.
    """
    workers = min(most, whole_number("workers", workers, 1, MOST_WORKERS))
    if workers == 1:
        yield map
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_the_parent)

    def mapped(function: Callable[[Task], Answer], tasks: Sequence[Task]) -> Iterator[Answer]:
        with _interrupts_held():
            return pool.map(function, tasks)

    try:
        yield mapped
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


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
