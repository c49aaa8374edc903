"""The Program as records: what the compiled engine reads of a step, a branch or a duration lies side by side."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.program import Floats, Ints, Program
from paysim.simulation.timetable import capacity_changes

Records = np.recarray[Any, np.dtype[np.record]]

STEP = np.dtype(
    [
        ("code", np.int32),
        ("duration", np.int32),
        ("first_entry", np.int32),
        ("last_entry", np.int32),
        ("level", np.int32),
        ("patience", np.int32),
        ("unserved", np.int32),
        ("instead", np.int32),
        ("absence_row", np.int32),
        ("group", np.int32),
        ("first_option", np.int32),
        ("after_options", np.int32),
        ("remembered", np.int32),
        ("first_branch", np.int32),
        ("after_branches", np.int32),
        ("first_over", np.int32),
        ("after_over", np.int32),
        ("padding", np.int32),
        ("sensitivity", np.float64),
    ]
)
BRANCH = np.dtype(
    [
        ("threshold", np.int64),
        ("width", np.int32),
        ("varies", np.int32),
        ("to", np.int32),
        ("delay", np.int32),
        ("holds", np.int32),
        ("padding", np.int32),
    ]
)
ENTRY = np.dtype([("until", np.float64), ("code", np.int32), ("duration", np.int32)])
DURATION = np.dtype([("a", np.float64), ("b", np.float64), ("kind", np.int64)])
CHANGE = np.dtype([("tick", np.int64), ("service", np.int32), ("servers", np.int32)])


class Tables(NamedTuple):
    """What does not change until settings do. `level` ranks the priority numbers of steps from 0."""

    steps: Records
    branches: Records
    entries: Records
    durations: Records
    changes: Records
    branch_until: Floats
    over: Floats
    certain_service: Ints
    option_until: Floats
    option_share: Floats
    option_service: Ints
    absence: Floats
    profiles: int


def tables_of(program: Program, since: float) -> Tables:
    """Return the records of a Program; changes of capacity from day `since` on."""
    return Tables(
        steps=_step_records(program),
        branches=_branch_records(program),
        entries=records(
            ENTRY,
            until=program.case_mixes.until,
            code=program.case_mixes.code,
            duration=program.case_mixes.duration,
        ),
        durations=records(DURATION, a=program.durations.a, b=program.durations.b, kind=program.durations.kind),
        changes=_change_records(program, since),
        branch_until=program.branches.until,
        over=program.branches.over,
        certain_service=program.choices.certain,
        option_until=program.choices.until,
        option_share=program.choices.share,
        option_service=program.choices.service,
        absence=program.steps.absence,
        profiles=program.residents.profiles,
    )


def ticks(days: NDArray[np.float64] | float, begin: float) -> NDArray[np.int64]:
    """Return clock ticks since day `begin`, exactly: all times are whole ticks."""
    return np.rint((np.asarray(days) - begin) * TICKS_PER_DAY).astype(np.int64)


def records(dtype: np.dtype[np.void], **columns: NDArray[np.generic]) -> Records:
    """Return columns as records, fields that are not given as zeros."""
    table = np.zeros(len(next(iter(columns.values()))), dtype=dtype)
    for name, column in columns.items():
        table[name] = column
    return table.view(np.recarray)


def _step_records(program: Program) -> Records:
    steps, mixes, choices, branches = program.steps, program.case_mixes, program.choices, program.branches
    has_mix = steps.case_mix >= 0
    return records(
        STEP,
        code=steps.code,
        duration=steps.duration,
        first_entry=np.where(has_mix, mixes.first[steps.case_mix], 0),
        last_entry=np.where(has_mix, mixes.first[steps.case_mix + 1], 0) - 1,
        level=np.unique(steps.priority, return_inverse=True)[1],
        patience=steps.patience,
        unserved=steps.unserved,
        instead=steps.instead,
        absence_row=steps.absence_row,
        group=choices.group,
        first_option=choices.first[:-1],
        after_options=choices.first[1:],
        remembered=choices.remembered,
        sensitivity=choices.sensitivity,
        first_branch=branches.first[:-1],
        after_branches=branches.first[1:],
        first_over=branches.first_over[:-1],
        after_over=branches.first_over[1:],
    )


def _branch_records(program: Program) -> Records:
    branches = program.branches
    return records(
        BRANCH,
        threshold=branches.threshold,
        width=branches.width,
        varies=branches.varies,
        to=branches.to,
        delay=branches.delay,
        holds=branches.holds,
    )


def _change_records(program: Program, since: float) -> Records:
    changes = capacity_changes(program, since)
    return records(
        CHANGE,
        tick=ticks(changes["time"], program.begin),
        service=changes["service"],
        servers=changes["servers"],
    )
