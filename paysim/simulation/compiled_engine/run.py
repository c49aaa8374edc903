"""A run of the compiled engine, which may pause at any moment and go on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.arrivals import Arrivals
from paysim.simulation.compiled_engine.busy import find_busy
from paysim.simulation.compiled_engine.event_loop import NO_ROOM_FOR_ROWS, NO_SLOT_FREE, REACHED, go_on
from paysim.simulation.compiled_engine.queues import make_all_pending
from paysim.simulation.compiled_engine.requests import tell_deaths
from paysim.simulation.compiled_engine.state import new_state, with_more_slots
from paysim.simulation.compiled_engine.tables import Records, tables_of, ticks
from paysim.simulation.in_progress import BusyServers
from paysim.simulation.living import Living
from paysim.simulation.log import Log, Rows
from paysim.simulation.program import NOTHING, Ints, Program
from paysim.simulation.timetable import servers_at

_PAGES_AT_A_TIME = 1 << 14
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""

_MORE_ROWS = 1 << 15
"""For how many more rows there is room when the event loop begins or goes on."""

RESIDENT = np.dtype([("number", np.int32), ("place", np.int16), ("profile", np.int16)])


class Year(NamedTuple):
    """A financial year's arrivals as the event loop reads them.

    `start` is the year's first tick since the run began; `label` keys its draws. Residents by their position: number,
    place and profile, and tick of death (empty where nobody dies); pathways by theirs: key and entry step.
    `needs` says whether residents may be of another kind than in the year before.
    """

    packed: NDArray[np.int64]
    start: int
    label: int
    tick_shift: int
    demand_shift: int
    demand_bits: int
    resident_shift: int
    resident_mask: int
    layer_bits: int
    ordinal_bits: int
    residents: Records
    dies: Ints
    pathway: Ints
    entry: Ints
    needs: bool


class CompiledRun:
    """One replication in progress."""

    def __init__(self, program: Program, seed: int, replication: int, log: Log) -> None:
        self._program = program
        self._seed, self._replication = np.uint64(seed), np.uint64(replication)
        self._tables = tables_of(program, program.begin)
        self._state = new_state(program)
        self._residents = np.empty(len(program.residents.number), dtype=RESIDENT).view(np.recarray)
        self._year: Year | None = None
        self._log = log

    def begin_year(self, episodes: Arrivals, year: int, living: Living) -> None:
        """Take the episodes that begin from now on in the run's year-th financial year."""
        program, layout = self._program, episodes.layout
        _fill_residents(self._residents, program.residents.number, living.kind, program.residents.profiles)
        self._state.registers["arrival"] = 0
        # Most episodes are a step or two.
        self._log.expect(len(episodes.packed) + _MORE_ROWS)
        self._year = Year(
            packed=episodes.packed,
            start=int(ticks(program.demands.year_starts[year], program.begin)),
            label=program.demands.first_year + year,
            tick_shift=sum(layout),
            demand_shift=sum(layout) - layout.demand_bits,
            demand_bits=layout.demand_bits,
            resident_shift=layout.layer_bits + layout.ordinal_bits,
            resident_mask=(1 << layout.resident_bits) - 1,
            layer_bits=layout.layer_bits,
            ordinal_bits=layout.ordinal_bits,
            residents=self._residents,
            dies=ticks(np.minimum(living.dies, program.stop), program.begin).astype(np.int32),
            pathway=program.demands.pathway,
            entry=program.demands.entry,
            needs=program.needs is not None,
        )
        if self._year.needs:
            self._tell_deaths(self._year)

    def _tell_deaths(self, year: Year) -> None:
        waiting = int(np.count_nonzero(self._state.slots["waiting"]))
        while self._state.registers["spare"][0] < waiting:
            self._state = with_more_slots(self._state)
        tell_deaths(self._state, year)

    def go_on(self, until: float) -> None:
        """Let everything happen that is due before day `until`."""
        tick, stride = int(ticks(until, self._program.begin)), _PAGES_AT_A_TIME << self._state.page_shift
        for stop in range(int(self._state.registers["now"][0]) + stride, tick, stride):
            self._go_on(stop)
        self._go_on(tick)

    def _go_on(self, tick: int) -> None:
        assert self._year is not None
        reason = NO_ROOM_FOR_ROWS
        while reason != REACHED:
            if reason == NO_SLOT_FREE:
                self._state = with_more_slots(self._state)
            state = self._state._replace(rows=self._log.room(self._rows, _MORE_ROWS))
            reason = go_on(self._tables, state, self._year, tick, self._seed, self._replication)

    def change(self, program: Program, now: float) -> None:
        """Go on with another Program of the same steps and services from day `now`."""
        self._program = program
        self._tables = tables_of(program, now)
        stations = self._state.stations
        stations["servers"] = servers_at(program, now)
        stations["by_priority"], stations["waiting_room"] = program.services.by_priority, program.services.waiting_room
        # What was drawn ahead was drawn with the settings before.
        stations["episode"] = NOTHING
        self._state.registers["change"] = 0
        make_all_pending(stations, self._state.registers)

    def take_rows(self) -> Rows:
        """Return the log so far and begin another one."""
        rows = self._log.take(self._rows)
        self._state.registers["row"] = 0
        return rows

    def busy_servers(self) -> BusyServers:
        """Return the servers that steps in progress have."""
        state = self._state
        used = int(state.registers["fresh"][0])
        busy = np.empty((2, used), dtype=np.int64)
        service, since = busy[:, : find_busy(state.slots[:used], state.asides[:used], state.registers, *busy)]
        return BusyServers(service, self._program.begin + since / TICKS_PER_DAY)

    @property
    def _rows(self) -> int:
        """The rows that are written and not taken yet."""
        return int(self._state.registers["row"][0])


@kernel
def _fill_residents(residents, number, kind, profiles):  # type: ignore[no-untyped-def]
    for position in range(len(number)):
        residents[position].number = number[position]
        residents[position].place = kind[position] // profiles
        residents[position].profile = kind[position] % profiles
