"""Worker processes: where they come from, what they know, how they end.

This file imports next to nothing, so that workers can be started before all else.
"""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from multiprocessing import current_process, get_context, parent_process, resource_tracker
from threading import Thread

from paysim.model.errors import InputError

MOST_WORKERS = 61 if sys.platform == "win32" else 1024
"""Windows waits for no more processes at once."""

_MOST_AHEAD = 4
"""Processes that are started before there are tasks for them; further ones come with the tasks."""

_ASKS_AGAIN = 97
"""A process leaves with this that imports the script it was asked for by, and is asked for processes in its turn."""

_STARTED: ContextVar[tuple[int, tuple[str, ...], ProcessPoolExecutor] | None] = ContextVar("_STARTED", default=None)
"""For how many processes `started` has opened a pool, which files of terms they know, and the pool."""


@contextmanager
def started(count: int, modules: Sequence[str], own_terms: Sequence[str] = ()) -> Iterator[None]:
    """Start processes that import `modules` while this one goes on; whoever asks for such ones within gets these.

    For a `count` of one there is none but this process.
    Raises InputError for a file of terms that has changed since it was loaded.
    """
    if count == 1:
        yield
        return
    with _opened(count, own_terms, modules) as pool:
        with interrupts_held():
            # A process starts when there is a task for it.
            for _ in range(min(count, _MOST_AHEAD)):
                pool.submit(int)
        token = _STARTED.set((count, tuple(own_terms), pool))
        try:
            yield
        finally:
            _STARTED.reset(token)


@contextmanager
def pool_of(count: int, own_terms: Sequence[str] = ()) -> Iterator[ProcessPoolExecutor]:
    """Yield so many processes that know the terms of these files: those that are `started`, or others of their own.

    Raises InputError for a file that has changed since it was loaded.
    """
    match _STARTED.get():
        case (number, known, pool) if (number, known) == (count, tuple(own_terms)):
            yield pool
        case _:
            with _opened(count, own_terms, ()) as pool:
                yield pool


def end_started() -> None:
    """End the processes that are `started`, for those who need others or none: idle ones keep memory."""
    match _STARTED.get():
        case (_, _, pool):
            pool.shutdown(cancel_futures=True)
            _STARTED.set(None)


@contextmanager
def _opened(count: int, own_terms: Sequence[str], modules: Sequence[str]) -> Iterator[ProcessPoolExecutor]:
    # As multiprocessing itself tells; its own refusal is a page of text from each process.
    if getattr(current_process(), "_inheriting", False):
        sys.exit(_ASKS_AGAIN)
    if own_terms:
        from paysim.model.terms.own import refuse_changed

        refuse_changed(own_terms)
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(own_terms, modules)
    )
    try:
        yield pool
    except BaseException:
        # Work that nobody will collect is not worth the wait, above all after Ctrl-C.
        processes = list((pool._processes or {}).values())
        for process in processes:
            process.terminate()
        # One may have been handing over a result: the pool can tell that nobody is left to write the rest of it.
        pool._result_queue._writer.close()  # type: ignore[attr-defined]
        # A process tells how it ended only some time after the pool has seen that it did.
        pool.shutdown(wait=True, cancel_futures=True)
        if any(process.exitcode == _ASKS_AGAIN for process in processes):
            found = "found a script that asks for processes as each of them imports it"
            raise InputError("", "workers", found, 'expected its work under `if __name__ == "__main__":`') from None
        raise
    else:
        pool.shutdown()


@contextmanager
def interrupts_held() -> Iterator[None]:
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


def look_for_cycles_seldom() -> None:
    """Leave objects in peace that are hardly ever in cycles: Python would look after every 700, for 5% of the time.

    At its end a process gives back all memory at once: looking for cycles in it first would take most of a second.
    """
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)


def _begin(own_terms: Sequence[str], modules: Sequence[str]) -> None:
    """Leave interrupts to the parent, do as it does with memory, know the same kinds of term, and import `modules`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    look_for_cycles_seldom()
    if own_terms:
        from paysim.model.terms.own import load_own_terms

        for file in own_terms:
            load_own_terms(file)
    for module in modules:
        import_module(module)


def _end_with_parent() -> None:
    """End at once when the parent has: killed, it can tell nobody, and its workers would wait for tasks forever."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
