"""Worker processes: where they come from, what they know, how they end."""

import atexit
import gc
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import forkserver, get_context, resource_tracker

MOST_WORKERS = 1024

_FORKED = sys.platform == "linux"
"""Elsewhere a process that has imported much cannot be forked, or not safely, so each worker begins afresh."""


def import_ahead(count: int, modules: Sequence[str]) -> None:
    """Let another process import `modules` while this one goes on: workers are forked from it and know them at once.

    A `count` of one is this process, which needs none.
    """
    if count > 1 and _FORKED:
        forkserver.set_forkserver_preload(list(modules))
        with interrupts_held():
            forkserver.ensure_running()


@contextmanager
def pool_of(count: int, own_terms: Sequence[str] = ()) -> Iterator[ProcessPoolExecutor]:
    """Yield so many processes that know the terms of these files.

    Raises InputError for a file that has changed since it was loaded.
    """
    if own_terms:
        from paysim.model.terms.own import refuse_changed

        refuse_changed(own_terms)
    context = get_context("forkserver" if _FORKED else "spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(tuple(own_terms),))
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


def _begin(own_terms: Sequence[str]) -> None:
    """Leave interrupts to the parent, do as it does with memory, and know the same kinds of term."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    look_for_cycles_seldom()
    if own_terms:
        from paysim.model.terms.own import load_own_terms

        for file in own_terms:
            load_own_terms(file)
