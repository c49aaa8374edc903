"""What commands say: tables on a terminal, JSON for machines, progress while it lasts."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from paysim.model.errors import InputError
from paysim.study.workers import MOST_WORKERS


def processes(workers: int | None, engine: str | None = None) -> int:
    """Return the number of processes that was asked for, one for mean values, else one for each processor.

    Raises InputError for none or too many.
    """
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise InputError("", "--workers", f"found {workers}", f"expected a whole number from 1 to {MOST_WORKERS:,}")
    return 1 if engine == "expected" else workers or min(_processors(), MOST_WORKERS)


def _processors() -> int:
    """Return how many processors this process may run on; of a machine that does not tell, how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def names(listed: str | None) -> list[str] | None:
    """Return the names that are listed with commas between them, None where nothing was given."""
    return None if listed is None else [name.strip() for name in listed.split(",")]


def answer_console() -> Console:
    """Return the console to print tables on; a pipe has no width of its own, and tables are made for 100 columns."""
    console = Console()
    return console if console.file.isatty() else Console(width=100)


def print_json(content: Any) -> None:
    """Print an answer for machines."""
    from paysim.study.plain import json_text

    print(json_text(content), end="")


@contextmanager
def showing_progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a progress report: a bar on a terminal, nothing in a pipe."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    # What asks for colours, such as FORCE_COLOR, passes a pipe off as a terminal.
    if quiet or not (console.is_terminal and console.file.isatty()):
        yield lambda what, done, total: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done)

        yield report
