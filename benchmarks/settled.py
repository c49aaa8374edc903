"""The log settled by paysim, timed in the process that settles it."""

import time
from collections.abc import Callable
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
from paysim.payment.settlement import settle_many
from paysim.payment.spell_counts import spell_counts
from paysim.payment.survey import survey_of

READ = ("resident", "step", "service", "code", "start", "stay")
"""The columns that the pass over the rows reads of each."""

WARM_UP_ROWS = 10_000


class Settled(NamedTuple):
    """The least seconds of some rounds: of all, of the pass over the rows, and of a sum over the columns it reads.

    The pass is the count of the rows, whose seconds are `count_seconds`, and the assembly and count of the spells.
    `beyond_gib` is the most memory that the process held, less that of the log.
    """

    rows: int
    seconds: float
    pass_seconds: float
    count_seconds: float
    sum_seconds: float
    bytes_read: int
    beyond_gib: float
    values: Values


def timed(folder: Path, rows: int | None, threads: int, rounds: int) -> Settled:
    """Return how long the ten arrangements take after a warm-up on a few rows, and what they pay."""
    system, annual = read_system(folder)
    arrangements, few = ten_arrangements(system, annual), read_log(folder, system, WARM_UP_ROWS)
    settle_many(few, arrangements, threads=threads)
    _summed(few, threads)
    log = read_log(folder, system, rows)
    seconds, ledgers = _least(lambda: settle_many(log, arrangements, threads=threads), rounds)
    beyond = peak_gib() - len(log) * BYTES_A_ROW / 2**30
    assert all(not ledger.balance().sum(axis=0).any() for ledger in ledgers)
    return Settled(
        rows=len(log),
        seconds=seconds,
        pass_seconds=_least(lambda: spell_counts(system, survey_of(log, arrangements, threads), (), threads), rounds)[
            0
        ],
        count_seconds=_least(lambda: survey_of(log, arrangements, threads), rounds)[0],
        sum_seconds=_least(lambda: _summed(log, threads), rounds)[0],
        bytes_read=sum(getattr(log, name).nbytes for name in READ),
        beyond_gib=beyond,
        values=values_of(tables_of(system), ledgers),
    )


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
