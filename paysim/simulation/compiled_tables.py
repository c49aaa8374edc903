"""The Program as records: what the compiled engine reads of a step, a branch or a duration lies side by side."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_WEEK
from paysim.simulation.program import Floats, Ints, Program

Records = NDArray[np.void]

STEP = np.dtype(
    {
        "names": [
            "code",
            "duration",
            "first_entry",
            "last_entry",
            "group",
            "first_option",
            "first_branch",
            "after_branches",
            "level",
        ],
        "formats": [np.int32] * 9,
    }
)
BRANCH = np.dtype([("first_threshold", np.int64), ("varies", np.int32), ("to", np.int32), ("delay", np.int32)])
ENTRY = np.dtype([("until", np.float64), ("code", np.int32), ("duration", np.int32)])
DURATION = np.dtype([("a", np.float64), ("b", np.float64), ("kind", np.int64)])
CHANGE = np.dtype([("time", np.float64), ("service", np.int32), ("servers", np.int32)])


class Tables(NamedTuple):
    """What does not change during a run. `level` ranks the priority numbers of steps from 0."""

    steps: Records
    branches: Records
    entries: Records
    durations: Records
    changes: Records
    branch_until: Floats
    certain_service: Ints
    option_until: Floats
    option_service: Ints
    number: Ints
    kind: Ints


def tables_of(program: Program) -> Tables:
    """Return the records of a Program."""
    steps = program.steps
    return Tables(
        steps=_step_records(program),
        branches=_records(
            BRANCH,
            first_threshold=steps.first_threshold,
            varies=steps.varies,
            to=steps.branch_to,
            delay=steps.branch_delay,
        ),
        entries=_records(
            ENTRY,
            until=program.case_mixes.until,
            code=program.case_mixes.code,
            duration=program.case_mixes.duration,
        ),
        durations=_records(DURATION, a=program.durations.a, b=program.durations.b, kind=program.durations.kind),
        changes=_changes(program),
        branch_until=steps.branch_until,
        certain_service=steps.certain_service,
        option_until=steps.option_until,
        option_service=steps.option_service,
        number=program.residents.number,
        kind=program.residents.kind,
    )


def servers_at_the_beginning(program: Program) -> Ints:
    """Return the servers of each service when the run begins."""
    week = _weeks(program)[0]
    services = program.services
    servers = services.change_servers[services.first_change[1:] - 1].copy()
    for service in range(len(servers)):
        for change in range(services.first_change[service], services.first_change[service + 1]):
            if week + services.change_day[change] < program.begin:
                servers[service] = services.change_servers[change]
    single = np.diff(services.first_change) == 1
    servers[single] = services.change_servers[services.first_change[:-1][single]]
    return servers


def _records(dtype: np.dtype[np.void], **columns: NDArray[np.generic]) -> Records:
    table = np.empty(len(next(iter(columns.values()))), dtype=dtype)
    for name, column in columns.items():
        table[name] = column
    return table


def _step_records(program: Program) -> Records:
    steps, mixes = program.steps, program.case_mixes
    has_mix = steps.case_mix >= 0
    return _records(
        STEP,
        code=steps.code,
        duration=steps.duration,
        first_entry=np.where(has_mix, mixes.first[steps.case_mix], 0),
        last_entry=np.where(has_mix, mixes.first[steps.case_mix + 1], 0) - 1,
        group=steps.group,
        first_option=steps.first_option[:-1],
        first_branch=steps.first_branch[:-1],
        after_branches=steps.first_branch[1:],
        level=np.unique(steps.priority, return_inverse=True)[1],
    )


def _weeks(program: Program) -> Floats:
    """Return the days on which the weeks of a run begin (Monday, 00:00)."""
    monday = np.floor((program.begin + program.weekday) / DAYS_PER_WEEK) * DAYS_PER_WEEK - program.weekday
    return np.arange(monday, program.stop, DAYS_PER_WEEK)


def _changes(program: Program) -> Records:
    """Return all changes of the number of servers during the run, in order of time, then service."""
    services, weeks = program.services, _weeks(program)
    owner = np.repeat(np.arange(len(services.by_priority)), np.diff(services.first_change))
    changing = np.diff(services.first_change)[owner] > 1
    changes = _records(
        CHANGE,
        time=(weeks[:, None] + services.change_day[None, changing]).ravel(),
        service=np.tile(owner[changing], len(weeks)),
        servers=np.tile(services.change_servers[changing], len(weeks)),
    )
    during = changes[(changes["time"] >= program.begin) & (changes["time"] < program.stop)]
    return during[np.lexsort((during["service"], during["time"]))]
