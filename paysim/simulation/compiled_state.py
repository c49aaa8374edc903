"""What the compiled engine knows between two events."""

from typing import NamedTuple

import numpy as np

from paysim.simulation.compiled_tables import Records, servers_at_the_beginning
from paysim.simulation.event_list import EVENT, NO_SLOT
from paysim.simulation.log import ROW, Rows
from paysim.simulation.program import Ints, Program

CHUNK = 1 << 20
"""Rows of the log that are written between two returns to Python."""

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
        ("phase", np.int32),
        ("step", np.int16),
        ("onward", np.int16),
        ("service", np.int16),
        ("code", np.int16),
    ]
)
"""An episode in progress; `next` links free slots, queues and calendar pages, `time` and `phase` are its next event.

One record and not sixteen columns: an event touches all of it, and slots are met in no order that a cache could learn.
"""

STATION = np.dtype([("busy", np.int32), ("servers", np.int32), ("by_priority", np.int32)])
QUEUE = np.dtype([("head", np.int32), ("tail", np.int32)])

_FIRST_SLOTS = 1 << 12
_EVENTS_PER_PAGE = 2048.0
_EVENTS_PER_EPISODE = 4.0
_MOST_PAGES_PER_DAY = 1 << 10


class State(NamedTuple):
    """Everything that changes while a run goes on.

    `queues` by service and priority level; `pages` holds the first slot of every page of the calendar; `registers`
    are the counters that `Register` names.
    """

    slots: Records
    stations: Records
    queues: Records
    heap: Records
    pages: Ints
    rows: Rows
    registers: Ints
    pages_per_day: float


class Register:
    """Places in `State.registers`."""

    ARRIVAL, CHANGE, HEAP, PAGE, FREE, ROW = range(6)


def new_state(program: Program, arrivals_per_day: float) -> State:
    """Return the state at the beginning of a run: nobody there, servers by the timetable."""
    stations = np.zeros(len(program.services.by_priority), dtype=STATION)
    stations["servers"] = servers_at_the_beginning(program)
    stations["by_priority"] = program.services.by_priority
    # A page holds about as many events as fit the fastest cache, so that its heap does too.
    wanted = max(arrivals_per_day * _EVENTS_PER_EPISODE / _EVENTS_PER_PAGE, 1.0)
    pages_per_day = min(1 << int(np.ceil(np.log2(wanted))), _MOST_PAGES_PER_DAY)
    empty = np.zeros((), dtype=QUEUE)
    empty["head"] = empty["tail"] = NO_SLOT
    return State(
        slots=_linked(np.zeros(_FIRST_SLOTS, dtype=SLOT), 0),
        stations=stations,
        queues=np.full((len(stations), len(np.unique(program.steps.priority))), empty),
        heap=np.empty(_FIRST_SLOTS, dtype=EVENT),
        pages=np.full(int((program.stop - program.begin) * pages_per_day) + 1, NO_SLOT, dtype=np.int32),
        rows=np.empty(CHUNK, dtype=ROW),
        registers=np.zeros(6, dtype=np.int32),
        pages_per_day=float(pages_per_day),
    )


def with_more_slots(state: State) -> State:
    """Return the state with twice the room for episodes in progress."""
    before = len(state.slots)
    state.registers[Register.FREE] = before
    return state._replace(slots=_linked(_doubled(state.slots), before), heap=_doubled(state.heap))


def _doubled(records: Records) -> Records:
    longer = np.zeros(2 * len(records), dtype=records.dtype)
    longer[: len(records)] = records
    return longer


def _linked(slots: Records, first: int) -> Records:
    """Link the slots from `first` on into the list of free ones."""
    slots["next"][first:] = np.arange(first + 1, len(slots) + 1)
    slots["next"][-1] = NO_SLOT
    return slots
