"""What benchmarks of levers share: how much of BHR is run, on how many processes, and what was going on meanwhile."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import paysim

SAMPLE = {"small": 0.02, "full": 1.0}
WORKERS = 2


class Ran(NamedTuple):
    """A study's result, its seconds on the wall, and how many tasks it had of each sort."""

    result: Any
    seconds: float
    tasks: dict[str, int]


def ran(study: Callable[..., Any], system: paysim.System, *arguments: Any, **settings: Any) -> Ran:
    """Return what a study finds on two processes."""
    tasks: dict[str, int] = {}

    def progress(what: str, done: int, total: int) -> None:
        tasks[what] = total

    began = time.perf_counter()
    result = study(system, *arguments, workers=WORKERS, progress=progress, **settings)
    return Ran(result, time.perf_counter() - began, tasks)
