"""What the compiled engine knows between two events, as arrays."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import COLUMNS
from paysim.model.calendar import DAYS_PER_WEEK
from paysim.simulation.event_list import NO_SLOT, grown
from paysim.simulation.program import Floats, Ints, Program

Keys = NDArray[np.int64]

CHUNK = 1 << 20
"""Rows of the log that are written between two returns to Python."""

_FIRST_SLOTS = 1 << 12
_EVENTS_PER_PAGE = 2048.0
_MOST_PAGES_PER_DAY = 1024


SLOT = np.dtype(
    [
        ("time", np.float64),
        ("requested", np.float64),
        ("start", np.float64),
        ("stay", np.float64),
        ("delay", np.float64),
        ("stream", np.uint64),
        ("episode", np.int32),
        ("number", np.int32),
        ("kind", np.int32),
        ("next", np.int32),
        ("visit", np.int32),
        ("step", np.int16),
        ("onward", np.int16),
        ("service", np.int16),
        ("code", np.int16),
        ("phase", np.int32),
    ]
)
"""An episode in progress; `next` links free slots, queues and calendar pages, `time` and `phase` are its next event.

One record and not sixteen columns: an event touches all of it, and slots are met in no order that a cache could learn.
"""


class Stations(NamedTuple):
    """Servers in use and there to be used, and the first and last slot of each queue: (services, priority levels)."""

    busy: Ints
    servers: Ints
    head: Ints
    tail: Ints


class Events(NamedTuple):
    """The heap of the page at hand, and the first slot of every page of the calendar."""

    time: Floats
    key: Keys
    slot: Ints
    page: Ints


class Changes(NamedTuple):
    """All changes of the number of servers in order of time, then service."""

    time: Floats
    service: Ints
    servers: Ints


class Rows(NamedTuple):
    """A chunk of the log: Activity's columns."""

    resident: Ints
    episode: Ints
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    code: NDArray[np.int16]
    start: Floats
    wait: NDArray[np.float32]
    stay: NDArray[np.float32]


class Registers(NamedTuple):
    """Numbers that change with every event, each an array of one."""

    arrival: Keys
    change: Keys
    heap: Keys
    page: Keys
    free: Keys
    rows: Keys


class State(NamedTuple):
    """Everything that changes while a run goes on."""

    slots: NDArray[np.void]
    stations: Stations
    events: Events
    changes: Changes
    rows: Rows
    registers: Registers
    levels: Ints
    pages_per_day: float


def new_state(program: Program, arrivals_per_day: float) -> State:
    """Return the state at the beginning of a run: nobody there, servers by the timetable."""
    services = len(program.services.by_priority)
    priorities, levels = np.unique(program.steps.priority, return_inverse=True)
    # A page holds about as many events as fit the fastest cache, so that its heap does too.
    wanted = max(arrivals_per_day * 4.0 / _EVENTS_PER_PAGE, 1.0)
    pages_per_day = float(min(1 << int(np.ceil(np.log2(wanted))), _MOST_PAGES_PER_DAY))
    pages = int((program.stop - program.begin) * pages_per_day) + 2
    initial, changes = _changes(program)
    return State(
        slots=_linked(np.empty(_FIRST_SLOTS, dtype=SLOT), 0),
        stations=Stations(
            busy=np.zeros(services, dtype=np.int32),
            servers=initial,
            head=np.full((services, len(priorities)), NO_SLOT, dtype=np.int32),
            tail=np.full((services, len(priorities)), NO_SLOT, dtype=np.int32),
        ),
        events=Events(
            time=np.empty(_FIRST_SLOTS),
            key=np.empty(_FIRST_SLOTS, dtype=np.int64),
            slot=np.empty(_FIRST_SLOTS, dtype=np.int32),
            page=np.full(pages, NO_SLOT, dtype=np.int32),
        ),
        changes=changes,
        rows=new_rows(),
        registers=Registers(*(np.zeros(1, dtype=np.int64) for _ in Registers._fields)),
        levels=levels.astype(np.int32),
        pages_per_day=pages_per_day,
    )


def new_rows() -> Rows:
    """Return an empty chunk of the log."""
    return Rows(*(np.empty(CHUNK, dtype=dtype) for dtype, _ in COLUMNS.values()))


def with_more_slots(state: State) -> State:
    """Return the state with twice the room for episodes in progress."""
    before = len(state.slots)
    slots = _linked(grown(state.slots, 2 * before), before)
    state.registers.free[0] = before
    time, key, slot = (grown(column, 2 * before) for column in state.events[:3])
    return state._replace(slots=slots, events=Events(time, key, slot, state.events.page))


def _linked(slots: NDArray[np.void], first: int) -> NDArray[np.void]:
    """Link the slots from `first` on into the list of free ones."""
    slots["next"][first:] = np.arange(first + 1, len(slots) + 1, dtype=np.int32)
    slots["next"][-1] = NO_SLOT
    return slots


def _changes(program: Program) -> tuple[Ints, Changes]:
    """Return the servers at the beginning of the run and all later changes of them."""
    services = program.services
    monday = np.floor((program.begin + program.weekday) / DAYS_PER_WEEK) * DAYS_PER_WEEK - program.weekday
    weeks = np.arange(monday, program.stop, DAYS_PER_WEEK)
    owner = np.repeat(np.arange(len(services.by_priority), dtype=np.int32), np.diff(services.first_change))
    changing = np.diff(services.first_change)[owner] > 1
    initial = services.change_servers[services.first_change[1:] - 1].copy()
    time = (weeks[:, None] + services.change_day[None, changing]).ravel()
    service = np.tile(owner[changing], len(weeks))
    servers = np.tile(services.change_servers[changing], len(weeks))
    for earlier in np.flatnonzero(time < program.begin):
        initial[service[earlier]] = servers[earlier]
    order = np.lexsort((service, time))
    order = order[(time[order] >= program.begin) & (time[order] < program.stop)]
    return initial, Changes(time[order], service[order], servers[order])
