"""The log settled by paysim, timed in the process that settles it."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
from processes import peak_gib
from settlement_tables import Values, tables_of, values_of
from ten_arrangements import ten_arrangements
from tiled_log import BYTES_A_ROW, read_log, read_system

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.settlement import settle_many
from paysim.payment.spell_counts import spell_counts
from paysim.payment.survey import survey_of

READ = ("resident", "step", "service", "code", "start", "stay")
"""The columns that the pass over the rows reads of each."""

WARM_UP_ROWS = 10_000


class Settled(NamedTuple):
    """The least seconds of some rounds: of all, of the pass over the rows, and of a sum over the columns it reads.

    The pass is a count of the rows and an assembly of spells, both of the same round. `beyond_gib` is the most memory
    that the process held, less that of the log.
    """

    rows: int
    seconds: float
    count_seconds: float
    spells_seconds: float
    sum_seconds: float
    bytes_read: int
    beyond_gib: float
    values: Values

    @property
    def pass_seconds(self) -> float:
        """The seconds of the pass over the rows."""
        return self.count_seconds + self.spells_seconds


def timed(folder: Path, rows: int | None, threads: int, rounds: int) -> Settled:
    """Return how long the ten arrangements take after a warm-up on a few rows, and what they pay."""
    system, annual = read_system(folder)
    arrangements, few = ten_arrangements(system, annual), read_log(folder, system, WARM_UP_ROWS)
    settle_many(few, arrangements, threads=threads)
    _summed(few, threads)
    log = read_log(folder, system, rows)
    seconds, ledgers = _least(lambda: settle_many(log, arrangements, threads=threads), rounds)
    beyond = peak_gib() - len(log) * BYTES_A_ROW / 2**30
    passes = [_pass_seconds(log, system, arrangements, threads) for _ in range(rounds)]
    count_seconds, spells_seconds = min(passes, key=sum)
    assert all(not ledger.balance().sum(axis=0).any() for ledger in ledgers)
    return Settled(
        rows=len(log),
        seconds=seconds,
        count_seconds=count_seconds,
        spells_seconds=spells_seconds,
        sum_seconds=_least(lambda: _summed(log, threads), rounds)[0],
        bytes_read=sum(getattr(log, name).nbytes for name in READ),
        beyond_gib=beyond,
        values=values_of(tables_of(system), ledgers),
    )


def _pass_seconds(
    log: Activity, system: System, arrangements: Sequence[Arrangement], threads: int
) -> tuple[float, float]:
    """Return how long it takes to count the rows, and to assemble and count the spells."""
    began = time.perf_counter()
    survey = survey_of(log, arrangements, threads)
    counted = time.perf_counter()
    spell_counts(system, survey, (), threads)
    return counted - began, time.perf_counter() - counted


def _least(run: Callable, rounds: int) -> tuple[float, object]:
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - began)
    return min(seconds), result


def _summed(log: Activity, threads: int) -> int:
    """Return the sum over the columns as whole numbers of 64 bits: as quickly as memory can be read."""
    columns = [getattr(log, name) for name in READ]
    words = [column[: len(column) // 4 * 4].view(np.int64) for column in columns]
    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(_sum, [part for column in words for part in np.array_split(column, threads)]))


@numba.njit(nogil=True, cache=True)
def _sum(numbers: np.ndarray) -> int:
    total = 0
    for number in numbers:
        total += number
    return total
