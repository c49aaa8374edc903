"""One pass over the rows of an activity: how many of each sort there are. Everything paid by the step follows from it.

Rows are counted by step, service and code, class of resident and period. However many arrangements there are, their
prices meet the counts and not the rows. Threads take parts of the rows and add whole numbers, so neither their number
nor where the parts begin can change a count.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.payment.classes import Classes, class_at, classes_of
from paysim.payment.lookups import NONE, Lookups, lookups_for

_ROWS_AT_A_TIME = 1 << 22
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""

_UNKNOWN = -2


@dataclass(frozen=True, eq=False)
class Sorts:
    """The sorts of rows, each with a number: `first[step, service]` + `slot[step, code]`, the last slot for no code.

    `step`, `service` and `code` (NONE for no code) are by sort.
    """

    first: NDArray[np.int32]
    slot: NDArray[np.int32]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    code: NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Survey:
    """What an activity holds: numbers of `steps` and of `midnights` crossed by sort, class and period.

    `admitted` are the rows of admitted steps, in order.
    """

    lookups: Lookups
    classes: Classes
    sorts: Sorts
    steps: NDArray[np.int64]
    midnights: NDArray[np.int64]
    admitted: NDArray[np.int64]

    def by_service_and_place(self) -> NDArray[np.int64]:
        """Return the number of rows: shape (services, places)."""
        counts = np.zeros((self.sorts.first.shape[1], int(self.classes.place.max()) + 1), dtype=np.int64)
        by_class = self.steps.sum(axis=2)
        np.add.at(counts, (self.sorts.service[:, None], self.classes.place[None, :]), by_class)
        return counts


@dataclass(frozen=True, eq=False)
class _Part:
    """What a thread counted: all of its rows, or those before a row that is bad or of an `unknown` sort."""

    table: NDArray[np.int64]
    admitted: list[NDArray[np.int64]]
    bad: int = NONE
    unknown: bool = False


def survey_of(activity: Activity, arrangements: Sequence[Arrangement] = (), threads: int = 1) -> Survey:
    """Return what an activity holds, told apart as far as these arrangements need; the threads change nothing.

    Raises InputError for a row that names a resident, step, service or code that the system lacks, has a stay below
    zero, or ends outside the run.
    """
    system = activity.system
    lookups = lookups_for(activity)
    classes = classes_of(system.population, [contract for each in arrangements for contract in each.contracts])
    sorts = _sorts(system, *_expected(system))
    counted = _counted(activity, lookups, classes, sorts, threads)
    if counted is None:
        sorts = _sorts(system, *_occurring(activity))
        counted = _counted(activity, lookups, classes, sorts, threads)
        assert counted is not None
    table, admitted = counted
    shape = (activity.periods, len(sorts.step), len(classes), 2)
    table = np.moveaxis(table.reshape(shape), 0, 2)
    return Survey(lookups, classes, sorts, table[..., 0], table[..., 1], admitted)


def _expected(system: System) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which services and which codes the rows of each step may have, as the system says."""
    services, codes = list(system.service_ids), {code: number for number, code in enumerate(system.codes)}
    served = np.zeros((len(system.steps), len(services)), dtype=np.bool_)
    coded = np.zeros((len(system.steps), len(codes) + 1), dtype=np.bool_)
    for number, step in enumerate(system.steps.values()):
        served[number, [services.index(service) for service in step.service.services]] = True
        of_mix = [] if step.case_mix is None else [entry.code for entry in system.case_mixes[step.case_mix].entries]
        coded[number, [codes[code] for code in ([step.code] if step.code else of_mix)]] = True
        coded[number, NONE] = True
    return served, coded


def _occurring(activity: Activity) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which services and which codes the rows of each step have, beside those that the system says."""
    served, coded = _expected(activity.system)
    _mark(activity.step, activity.service, activity.code, served, coded)
    return served, coded


def _sorts(system: System, served: NDArray[np.bool_], coded: NDArray[np.bool_]) -> Sorts:
    slot = np.where(coded, np.cumsum(coded, axis=1) - 1, NONE).astype(np.int32)
    width = coded.sum(axis=1)
    step, service = np.nonzero(served)
    starts = np.concatenate(([0], np.cumsum(width[step])))
    first = np.full(served.shape, NONE, dtype=np.int32)
    first[step, service] = starts[:-1]
    codes = [np.flatnonzero(of_step) for of_step in coded]
    return Sorts(
        first=first,
        slot=slot,
        step=np.repeat(step, width[step]).astype(np.int16),
        service=np.repeat(service, width[step]).astype(np.int16),
        code=np.where(
            (code := np.concatenate([codes[number] for number in step])) == len(system.codes), NONE, code
        ).astype(np.int16),
    )


def _counted(
    activity: Activity, lookups: Lookups, classes: Classes, sorts: Sorts, threads: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return the counts and the admitted rows, or None where a row is of an unknown sort."""
    parts = list(_parts(len(activity), threads))
    if len(parts) == 1:
        counted = [_count_part(activity, lookups, classes, sorts, *parts[0])]
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            counted = list(pool.map(lambda part: _count_part(activity, lookups, classes, sorts, *part), parts))
    if any(part.unknown for part in counted):
        return None
    for part in counted:
        if part.bad != NONE:
            raise _refusal(activity, part.bad)
    table = counted[0].table
    for part in counted[1:]:
        table += part.table
    return table, np.concatenate([rows for part in counted for rows in part.admitted])


def _parts(rows: int, threads: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of each thread, from the first to before the last."""
    bounds = [rows * number // max(1, threads) for number in range(max(1, threads) + 1)]
    yield from pairwise(bounds)


def _count_part(activity: Activity, lookups: Lookups, classes: Classes, sorts: Sorts, first: int, last: int) -> _Part:
    table = np.zeros((len(sorts.step) * len(classes) * activity.periods, 2), dtype=np.int64)
    admitted = [np.zeros(0, dtype=np.int64)]
    buffer = np.empty(min(_ROWS_AT_A_TIME, last - first) + 1, dtype=np.int64)
    for begin in range(first, last, _ROWS_AT_A_TIME):
        stop, bad, number = _count(
            begin,
            min(begin + _ROWS_AT_A_TIME, last),
            activity.resident,
            activity.step,
            activity.service,
            activity.code,
            activity.start,
            activity.stay,
            classes.of_block,
            classes.of_resident,
            len(classes),
            sorts.first,
            sorts.slot,
            lookups.period_of_day,
            len(sorts.step),
            lookups.admitted_step,
            table,
            buffer,
        )
        if bad != NONE:
            return _Part(table, admitted, bad=stop, unknown=bad == _UNKNOWN)
        admitted.append(buffer[:number].copy())
    return _Part(table, admitted)


def _refusal(activity: Activity, row: int) -> InputError:
    system = activity.system
    return InputError(
        "",
        f"activity row {row}",
        f"found resident {activity.resident[row]}, step {activity.step[row]}, service {activity.service[row]}, code "
        f"{activity.code[row]}, start {activity.start[row]}, stay {activity.stay[row]}",
        f"expected a resident below {system.population.total}, a step below {len(system.steps)}, a service below "
        f"{len(system.services)}, a code below {len(system.codes)}, a stay of at least 0 and an end from day 0 to "
        f"before day {activity.days}",
    )


@kernel
def _mark(
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    served: NDArray[np.bool_],
    coded: NDArray[np.bool_],
) -> None:
    """Mark the services and codes of each step's rows; rows beyond the tables are left for the count to refuse."""
    for row in range(len(step)):
        at, where, what = step[row], service[row], code[row]
        if 0 <= at < len(served) and 0 <= where < served.shape[1] and -1 <= what < coded.shape[1] - 1:
            served[at, where] = True
            coded[at, what] = True


@kernel
def _count(
    first: int,
    last: int,
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    classes: int,
    first_sort: NDArray[np.int32],
    slot: NDArray[np.int32],
    period_of_day: NDArray[np.int16],
    sorts: int,
    admitted_step: NDArray[np.bool_],
    table: NDArray[np.int64],
    admitted: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Count rows; return the row where that stopped, why (NONE, _UNKNOWN or a bad row) and how many were admitted."""
    residents, steps, services, codes = len(class_of_resident), len(slot), first_sort.shape[1], slot.shape[1] - 1
    days = len(period_of_day)
    found = 0
    for row in range(first, last):
        began, long = start[row], stay[row]
        end = began + long
        at, where, coded = step[row], service[row], code[row]
        good = 0 <= resident[row] < residents and 0 <= at < steps and 0 <= where < services
        if not (good and -1 <= coded < codes and long >= 0 and 0 <= end < days):
            return row, row, found
        base, within = first_sort[at, where], slot[at, coded]
        if base < 0 or within < 0:
            return row, _UNKNOWN, found
        end_day = int(end)
        group = class_at(resident[row], class_of_block, class_of_resident)
        # Rows come in order of their end, so one period's counts at a time are in the processor's cache.
        cell = (period_of_day[end_day] * sorts + base + within) * classes + group
        table[cell, 0] += 1
        table[cell, 1] += end_day - int(np.floor(began))
        # Written in any case and kept if admitted: a branch that nobody can predict takes longer than a write.
        admitted[found] = row
        found += admitted_step[at]
    return last, NONE, found
