"""One pass over the rows of an activity: how many of each sort there are. Everything paid by the step follows from it.

Rows are counted by step, service and code, class of resident and period. However many arrangements there are, their
prices meet the counts and not the rows. Threads take parts of the rows and add whole numbers, so neither their number
nor where the parts begin can change a count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.payment.classes import Classes, classes_of
from paysim.payment.counting import EARLIEST, PIECE, count, good, mark
from paysim.payment.lookups import NONE, Lookups, lookups_for
from paysim.payment.records import RECORD, Records, number_of_rows
from paysim.payment.resident_order import ByResident, by_resident
from paysim.payment.spells import Spells, all_spells
from paysim.payment.threads import in_threads, shared_out
from paysim.payment.valuation import Readmissions

if TYPE_CHECKING:
    from paysim.payment.spell_counts import SpellCounts

_ROWS_AT_A_TIME = 1 << 22
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""

_MOST_IN_16_BITS = int(np.iinfo(np.uint16).max)


@dataclass(frozen=True, eq=False)
class Sorts:
    """The sorts of rows, each with a number: `first[step, service]` + `slot[step, code + 1]`.

    A service or code that a step is not known to have makes the number that of all sorts, or more. `step`, `service`
    and `code` (NONE for no code) are by sort. The first of them, `admitted` in number, are those of admitted steps.
    """

    first: NDArray[np.int32]
    slot: NDArray[np.int32]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    code: NDArray[np.int16]
    admitted: int


@dataclass(frozen=True, eq=False)
class Survey:
    """What an activity holds: numbers of `steps` and of `midnights` crossed by sort, class and period.

    `admitted` are the rows of admitted steps, of which spells are made when they are asked for; `spell_counts` are
    those that have been taken of them, by the readmissions asked about, so that settling again need not.
    """

    lookups: Lookups
    classes: Classes
    sorts: Sorts
    steps: NDArray[np.int64]
    midnights: NDArray[np.int64]
    admitted: ByResident
    spell_counts: dict[tuple[Readmissions, ...], "SpellCounts"] = field(init=False, default_factory=dict)

    @cached_property
    def spells(self) -> Spells:
        """The spells of the admitted rows, assembled when they are first asked for."""
        return all_spells(self.lookups, self.admitted)

    def by_service_and_place(self) -> NDArray[np.int64]:
        """Return the number of rows: shape (services, places)."""
        counts = np.zeros((self.sorts.first.shape[1], int(self.classes.place.max()) + 1), dtype=np.int64)
        by_class = self.steps.sum(axis=2)
        np.add.at(counts, (self.sorts.service[:, None], self.classes.place[None, :]), by_class)
        return counts


@dataclass(frozen=True, eq=False)
class _Part:
    """What a thread counted: `table` by period, sort (one more for those unknown), class, and steps and midnights.

    Of a row that is `bad` the thread went no further.
    """

    table: NDArray[np.int64]
    bad: int = NONE


def survey_of(activity: Activity, arrangements: Sequence[Arrangement] = (), threads: int = 1) -> Survey:
    """Return what an activity holds, told apart as far as these arrangements need; the threads change nothing.

    Raises InputError for a row that names a resident, step, service or code that the system lacks, has a stay below
    zero, or ends outside the run.
    """
    system = activity.system
    lookups = lookups_for(activity)
    classes = classes_of(system.population, [contract for each in arrangements for contract in each.contracts])
    sorts = expected_sorts(system)
    counted = _counted(activity, lookups, classes, sorts, threads)
    if counted is None:
        sorts = _sorts(system, *_occurring(activity))
        counted = _counted(activity, lookups, classes, sorts, threads)
        assert counted is not None
    table, admitted = counted
    table = np.moveaxis(table, 0, 2)
    by_residents = by_resident(admitted, system.population.total, threads)
    return Survey(lookups, classes, sorts, table[..., 0], table[..., 1], by_residents)


def expected_sorts(system: System, also: Iterable[tuple[int, int]] = ()) -> Sorts:
    """Return the sorts of rows that a system says there may be, and those of further steps' codes, by number."""
    served, coded = _expected(system)
    for step, code in also:
        coded[step, code + 1] = True
    return _sorts(system, served, coded)


def _expected(system: System) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which services and which codes (none first) the rows of each step may have, as the system says."""
    services, codes = list(system.service_ids), {code: number for number, code in enumerate(system.codes)}
    served = np.zeros((len(system.steps), len(services)), dtype=np.bool_)
    coded = np.zeros((len(system.steps), len(codes) + 1), dtype=np.bool_)
    for number, step in enumerate(system.steps.values()):
        served[number, [services.index(service) for service in step.service.services]] = True
        of_mix = [] if step.case_mix is None else [entry.code for entry in system.case_mixes[step.case_mix].entries]
        coded[number, [codes[code] + 1 for code in ([step.code] if step.code else of_mix)]] = True
        coded[number, 0] = True
    return served, coded


def _occurring(activity: Activity) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which services and which codes the rows of each step have, beside those that the system says."""
    served, coded = _expected(activity.system)
    mark(activity.step, activity.service, activity.code, served, coded)
    return served, coded


def _sorts(system: System, served: NDArray[np.bool_], coded: NDArray[np.bool_]) -> Sorts:
    admitted = np.array([step.admitted for step in system.steps.values()], dtype=np.bool_)
    step, service = np.nonzero(served)
    order = np.argsort(~admitted[step], kind="stable")
    step, service = step[order], service[order]
    width = coded.sum(axis=1)
    starts = np.concatenate(([0], np.cumsum(width[step])))
    first = np.full(served.shape, starts[-1], dtype=np.int32)
    first[step, service] = starts[:-1]
    codes = [np.flatnonzero(of_step) - 1 for of_step in coded]
    return Sorts(
        first=first,
        slot=np.where(coded, np.cumsum(coded, axis=1) - 1, starts[-1]).astype(np.int32),
        step=np.repeat(step, width[step]).astype(np.int16),
        service=np.repeat(service, width[step]).astype(np.int16),
        code=np.concatenate([codes[number] for number in step]).astype(np.int16),
        admitted=int(starts[np.count_nonzero(admitted[step])]),
    )


def _counted(
    activity: Activity, lookups: Lookups, classes: Classes, sorts: Sorts, threads: int
) -> tuple[NDArray[np.int64], Records] | None:
    """Return the counts and the admitted rows, or None where a row is of an unknown sort."""
    parts = shared_out(0, len(activity), threads)
    step, chosen = activity.step, lookups.admitted_step
    stops = np.cumsum(in_threads(lambda first, last: number_of_rows(step[first:last], chosen), parts)).tolist()
    admitted = np.empty(stops[-1], dtype=RECORD)
    counted = in_threads(
        lambda first, last, begin, stop: _count_part(
            activity, lookups, classes, sorts, first, last, admitted[begin:stop]
        ),
        [(*part, *shares) for part, shares in zip(parts, pairwise((0, *stops)), strict=True)],
    )
    for part in counted:
        if part.bad != NONE:
            raise _refusal(activity, part.bad)
    table = counted[0].table
    for part in counted[1:]:
        table += part.table
    if table[:, len(sorts.step)].any():
        return None
    return table[:, :-1], admitted


def _count_part(
    activity: Activity,
    lookups: Lookups,
    classes: Classes,
    sorts: Sorts,
    first: int,
    last: int,
    admitted: Records,
) -> _Part:
    """Count some of the rows; write those of admitted steps, of which there is room for just as many."""
    table = np.zeros((activity.periods, len(sorts.step) + 1, len(classes), 2), dtype=np.int64)
    # Rows come in order of their end, so one period's counts at a time are in the processor's cache.
    cell_of_day = lookups.period_of_day.astype(np.int32) * ((len(sorts.step) + 1) * len(classes))
    found = 0
    # The narrower, the more of the tables stays in the processor's first cache.
    number: type[np.unsignedinteger] = np.uint16 if len(sorts.step) <= _MOST_IN_16_BITS else np.uint32
    first_sort, sorts_on = (np.ravel(each).astype(number) for each in (sorts.first, sorts.slot))
    midnights, served, coded, cell, rows = np.empty((5, PIECE), dtype=np.int32)
    sort, group = np.empty(PIECE, dtype=number), np.empty(PIECE, dtype=np.int16)
    for begin in range(first, last, _ROWS_AT_A_TIME):
        bad, admitted_now = count(
            begin,
            min(begin + _ROWS_AT_A_TIME, last),
            activity.resident,
            activity.episode,
            activity.step,
            activity.service,
            activity.code,
            activity.start,
            activity.wait,
            activity.stay,
            classes.of_block,
            classes.of_resident,
            np.int32(len(classes)),
            first_sort,
            sorts_on,
            np.int32(sorts.first.shape[1]),
            np.int32(sorts.slot.shape[1]),
            np.uint32(sorts.admitted),
            np.uint32(len(sorts.step)),
            cell_of_day,
            table.ravel(),
            midnights,
            served,
            coded,
            sort,
            group,
            cell,
            rows,
            admitted[found:],
        )
        found += admitted_now
        if bad != NONE:
            return _Part(table, _first_bad(activity, sorts, bad))
    return _Part(table)


def _first_bad(activity: Activity, sorts: Sorts, row: int) -> int:
    """Return the first row that cannot be from some row on, where there is one."""

    def is_good(rows: slice) -> bool:
        return good(
            activity.resident[rows],
            activity.step[rows],
            activity.service[rows],
            activity.code[rows],
            activity.start[rows],
            activity.stay[rows],
            activity.system.population.total,
            sorts.first.shape[0],
            sorts.first.shape[1],
            sorts.slot.shape[1],
            activity.days,
        )

    while is_good(slice(row, row + 1)):
        row += 1
    return row


def _refusal(activity: Activity, row: int) -> InputError:
    system = activity.system
    return InputError(
        "",
        f"activity row {row}",
        f"found resident {activity.resident[row]}, step {activity.step[row]}, service {activity.service[row]}, code "
        f"{activity.code[row]}, start {activity.start[row]}, stay {activity.stay[row]}",
        f"expected a resident below {system.population.total}, a step below {len(system.steps)}, a service below "
        f"{len(system.services)}, a code below {len(system.codes)}, a start after day {EARLIEST:.0f}, a stay of "
        f"at least 0 and an end from day 0 to before day {activity.days}",
    )
