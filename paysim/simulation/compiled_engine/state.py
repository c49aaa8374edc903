"""What the compiled engine knows between two events."""

from typing import NamedTuple

import numpy as np

from paysim.model.calendar import DAYS_PER_YEAR, TICKS_PER_DAY
from paysim.simulation.compiled_engine.event_list import BEHIND, EVENT
from paysim.simulation.compiled_engine.tables import Records, ticks
from paysim.simulation.log import Log, Rows
from paysim.simulation.program import NOTHING, Ints, Program
from paysim.simulation.timetable import servers_at

NO_SLOT = np.uint32(2**32 - 1)
NO_SERVICE = np.uint16(2**16 - 1)
"""Slots and services are numbered without a sign, which spares the question whether an index counts from the end."""

SLOT = np.dtype(
    [
        ("key", np.int64),
        ("stream", np.uint64),
        ("episode", np.int32),
        ("number", np.int32),
        ("next", np.uint32),
        ("requested", np.int32),
        ("start", np.int32),
        ("delay", np.int32),
        ("visit", np.int32),
        ("place", np.uint16),
        ("profile", np.uint16),
        ("step", np.uint16),
        ("service", np.uint16),
        ("code", np.int16),
        ("onward", np.int16),
        ("held", np.uint16),
        ("will_hold", np.int8),
        ("waiting", np.int8),
        ("mortal", np.int8),
        ("padding", np.int8),
        ("more_padding", np.int16),
    ]
)
"""An episode in progress: one cache line, since an event touches all of it, in no order that a cache could learn.

`next` links free slots, queues and calendar pages; `key` is the next event; `held` is the service whose server is kept
until the next step starts; only the `mortal` are known to die. Times are clock ticks since the run began.
"""

ASIDE = np.dtype(
    [
        ("chosen", np.uint64),
        ("dies", np.int32),
        ("previous", np.uint32),
        ("requested", np.int32),
        ("start", np.int32),
        ("step", np.uint16),
        ("code", np.int16),
        ("position", np.uint32),
    ]
)
"""What few episodes need: choices made by wait (eight bits each), the tick of death, the one before in a queue, the
step whose server is kept, and the resident's position in Program.residents."""

STATION = np.dtype(
    [
        ("busy", np.int32),
        ("servers", np.int32),
        ("by_priority", np.int32),
        ("waiting_room", np.int32),
        ("waiting", np.int32),
        ("pending", np.int32),
        ("next", np.uint16),
        ("code", np.int16),
        ("episode", np.int32),
        ("visit", np.int32),
        ("stay", np.int32),
        ("u_branch", np.float64),
        ("u_delay", np.float64),
        ("padding", np.int64),
    ]
)
"""A service, one cache line; `pending` and `next` link those whose queue can move.

The rest is drawn for the visit of an episode that is first in line, before a server is free.
"""

QUEUE = np.dtype([("head", np.uint32), ("tail", np.uint32)])

REGISTERS = np.dtype(
    [
        ("arrival", np.int64),
        ("change", np.int64),
        ("episode", np.int64),
        ("events", np.int64),
        ("page", np.int64),
        ("spare", np.int64),
        ("row", np.int64),
        ("now", np.int64),
        ("ahead_page", np.int64),
        ("free", np.uint32),
        ("fresh", np.uint32),
        ("asking", np.uint32),
        ("entered", np.uint32),
        ("ahead", np.uint32),
        ("further_ahead", np.uint32),
        ("pending", np.uint16),
    ]
)
"""Counters and places: of the next arrival and change of capacity, the next episode's number, events in the heap, the
page at hand, slots to spare, rows written, the tick, the first slot that is free again and the first that was never
used, the episode that asks for a server, the one that is not on its page of the calendar yet, the services whose queues
can move, and what was asked of memory ahead of need."""

_FEWEST_SLOTS = 1 << 12
_DAYS_IN_PROGRESS = 64.0
"""There is room for the episodes that begin in so many days: what is never written takes no memory, new room does."""

_EVENTS_PER_PAGE = 64.0
_EVENTS_PER_EPISODE = 4.0
_LARGEST_PAGE = float(TICKS_PER_DAY)
_MOST_PAGES = 1 << 20


class State(NamedTuple):
    """Everything that changes while a run goes on. `queues` by service and priority level.

    `pages` holds the first slot of every page of the calendar, 2 ** `page_shift` ticks each. Events at or after tick
    `end` never happen; rows that end before tick `logged_from` are not kept.
    `rows` is the room that the log has for them, from the first one since rows were taken: given to each call of the
    event loop, and none in between, since the log may move.
    """

    slots: Records
    asides: Records
    stations: Records
    queues: Records
    heap: Records
    pages: Ints
    rows: Rows
    registers: Records
    page_shift: int
    end: int
    logged_from: int


def new_state(program: Program) -> State:
    """Return the state at the beginning of a run: nobody there, servers by the timetable."""
    kinds = np.bincount(program.residents.kind, minlength=program.demands.rate.shape[1])
    episodes_per_day = float((program.demands.rate @ kinds).sum()) / DAYS_PER_YEAR
    services = program.services
    stations = _aligned(len(services.by_priority), STATION)
    stations["servers"] = servers_at(program, program.begin)
    stations["by_priority"] = services.by_priority
    stations["waiting_room"] = services.waiting_room
    stations["next"] = NO_SERVICE
    stations["episode"] = NOTHING
    registers = np.zeros(1, dtype=REGISTERS).view(np.recarray)
    registers["asking"], registers["pending"], registers["ahead"] = NO_SLOT, NO_SERVICE, NO_SLOT
    registers["further_ahead"] = registers["entered"] = NO_SLOT
    room = max(_FEWEST_SLOTS, int(episodes_per_day * _DAYS_IN_PROGRESS))
    registers["free"], registers["spare"] = NO_SLOT, room
    # A page holds about as many events as fit the fastest cache, so that its heap does too.
    # Nor should the calendar itself outgrow the caches.
    end = int(ticks(program.stop, program.begin))
    events_per_tick = episodes_per_day * _EVENTS_PER_EPISODE / TICKS_PER_DAY
    page = max(_EVENTS_PER_PAGE / max(events_per_tick, 1e-9), end / _MOST_PAGES, 1.0)
    page_shift = int(np.log2(min(page, _LARGEST_PAGE)))
    queues = np.full((len(stations), len(np.unique(program.steps.priority))), NO_SLOT, dtype=(np.uint32, 2))
    return State(
        slots=_aligned(room, SLOT),
        asides=_aligned(room, ASIDE),
        stations=stations,
        queues=queues.view(QUEUE)[..., 0].view(np.recarray),
        heap=_aligned(room + BEHIND, EVENT),
        pages=np.full((end >> page_shift) + 1, NO_SLOT),
        rows=Log().room(0, 0),
        registers=registers,
        page_shift=page_shift,
        end=end,
        logged_from=int(ticks(0.0, program.begin)),
    )


def with_more_slots(state: State) -> State:
    """Return the state with twice the room for episodes in progress."""
    state.registers["spare"] += len(state.slots)
    return state._replace(slots=_doubled(state.slots), asides=_doubled(state.asides), heap=_doubled(state.heap))


def _aligned(length: int, dtype: np.dtype[np.void]) -> Records:
    """Return zeroed records that begin on a cache line."""
    line = 64
    room = np.zeros(length * dtype.itemsize + line, dtype=np.uint8)
    skipped = -room.ctypes.data % line
    return room[skipped : skipped + length * dtype.itemsize].view(dtype).view(np.recarray)


def _doubled(records: Records) -> Records:
    longer = _aligned(2 * len(records), records.dtype)
    longer[: len(records)] = records
    return longer
