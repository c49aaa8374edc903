"""Engines side by side: rounds in which each has its turn, so that a busy machine slows all of them alike.

Times are processor seconds, which other work on the machine lengthens less than those of the clock on the wall. Every
engine here keeps one core busy from beginning to end.
"""

import gc
import importlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, NamedTuple

from workload import Outcome, Task, Workload

REFERENCE, PEER, LIMIT = "SimPy", "Cimba, server processes", "limit: xoshiro"
"""What every engine is compared with."""

EVENT_LIST = "limit: one event list"
"""What an engine for one station is compared with as well."""


class Contender(NamedTuple):
    """An engine in a race: its module and options, the share of the workload's patients it gets, and its rounds."""

    name: str
    module: str
    share: float
    rounds: int
    options: Mapping[str, Any] = {}


class Lap(NamedTuple):
    """One run: seconds, scaled by visits to the workload at full size, and what was found."""

    seconds: float
    outcome: Outcome


@dataclass(frozen=True, eq=False)
class Race:
    """The laps of every engine by round, and why an engine has none."""

    workload: Workload
    laps: Mapping[str, Sequence[Lap]]
    absent: Mapping[str, str]

    def ratio(self, name: str, other: str) -> float:
        """Return how many times quicker `name` is than `other`: the median over rounds."""
        return statistics.median(self.ratios(name, other))

    def ratios(self, name: str, other: str) -> list[float]:
        """Return how many times quicker `name` was than `other` in every round that both ran in."""
        pairs = zip(self.laps[name], self.laps[other], strict=False)
        return [theirs.seconds / own.seconds for own, theirs in pairs]


def run(workload: Workload, contenders: Sequence[Contender], workers: "Workers", first_seed: int = 1) -> Race:
    """Return the laps of all contenders that can be imported; each is warmed up first."""
    absent: dict[str, str] = {}
    for contender in contenders:
        try:
            workers.lap(contender, workload, workload.patients // 100, first_seed)
        except ImportError as missing:
            absent[contender.name] = f"{missing}; the extra 'bench' has it where it can be installed"
    there = [contender for contender in contenders if contender.name not in absent]
    laps: dict[str, list[Lap]] = {contender.name: [] for contender in there}
    for number in range(max(contender.rounds for contender in there)):
        for contender in there:
            if number < contender.rounds:
                patients = int(workload.patients * contender.share)
                laps[contender.name].append(workers.lap(contender, workload, patients, first_seed + number))
    return Race(workload, laps, absent)


class Workers:
    """A process for each engine, so that none meets another's garbage or changes to Numba; at most one is at work."""

    def __init__(self) -> None:
        self._processes: dict[str, ProcessPoolExecutor] = {}

    def lap(self, contender: Contender, workload: Workload, patients: int, seed: int) -> Lap:
        """Return one lap of a contender in its own process. Raises ImportError where its package is missing."""
        if contender.name not in self._processes:
            self._processes[contender.name] = ProcessPoolExecutor(1, get_context("spawn"))
        process = self._processes[contender.name]
        return process.submit(_lap, contender.module, dict(contender.options), workload, patients, seed).result()

    def close(self) -> None:
        """End the processes."""
        for process in self._processes.values():
            process.shutdown()


def _lap(module: str, options: dict[str, Any], workload: Workload, patients: int, seed: int) -> Lap:
    task: Task = importlib.import_module(f"engines.{module}").prepare(workload, patients, seed, **options)
    gc.collect()
    gc.freeze()
    began = time.process_time()
    found = task.run()
    seconds = time.process_time() - began
    gc.unfreeze()
    outcome = task.read(found)
    return Lap(seconds * workload.visits / outcome.timed_visits, outcome)


def table(race: Race) -> Iterator[str]:
    """Yield the lines that show a race: median seconds, and median ratios with their range over rounds.

    "x SimPy" is how many times as quick as SimPy an engine is.
    """
    quicker = [other for other in (REFERENCE, PEER) if other in race.laps]
    yield f"Workload {race.workload.name}: {race.workload.title}"
    limits = {LIMIT: "time over limit", EVENT_LIST: "over one event list"}
    limits = {name: head for name, head in limits.items() if name in race.laps}
    heads = [f"x {other.split(',')[0]}" for other in quicker] + list(limits.values())
    yield f"{'':24}{'seconds':>9}{'rounds':>8}" + "".join(f"{head:>30}" for head in heads)
    for name, laps in race.laps.items():
        seconds = statistics.median(lap.seconds for lap in laps)
        ratios = [race.ratios(name, other) for other in quicker]
        ratios += [[1 / ratio for ratio in race.ratios(name, limit)] for limit in limits]
        yield f"{name:24}{seconds:9.3f}{len(laps):8}" + "".join(f"{_range(ratio):>30}" for ratio in ratios)
    for name, reason in race.absent.items():
        yield f"{name:24} {reason}"


def _range(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.3g} ({min(ratios):.3g} to {max(ratios):.3g})"


class Replay:
    """A clock for pytest-benchmark that tells the laps of a race, which have been run before."""

    __name__ = "replay"

    def __init__(self) -> None:
        self._now = 0.0

    def __call__(self) -> float:
        return self._now

    def laps(self, benchmark: Any, laps: Sequence[Lap]) -> None:
        """Hand the laps to pytest-benchmark as the rounds of a benchmark."""
        seconds = iter([lap.seconds for lap in laps])
        forward: Callable[[], None] = lambda: setattr(self, "_now", self._now + next(seconds))  # noqa: E731
        benchmark.pedantic(forward, rounds=len(laps))
