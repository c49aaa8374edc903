"""The compiled engine's event loop."""

import numpy as np

from paysim.jit import inlined, kernel
from paysim.simulation.compiled_engine.event_list import NEVER, NUMBER_BITS, TICK_SHIFT, event_key, pop, put_in_order
from paysim.simulation.compiled_engine.prefetch import prefetch
from paysim.simulation.compiled_engine.queues import first_in_line, free_slot, make_pending, take_slot
from paysim.simulation.compiled_engine.requests import ask, leave_queue
from paysim.simulation.compiled_engine.state import NO_SERVICE, NO_SLOT
from paysim.simulation.compiled_engine.visits import end_step, enter, link_entered, start_visit
from paysim.simulation.draws import episode_stream
from paysim.simulation.episode_draws import LAYER_BITS
from paysim.simulation.order import CAPACITY_CHANGE, END_OF_SERVICE, REQUEST
from paysim.simulation.program import NOTHING

REACHED, NO_ROOM_FOR_ROWS, NO_SLOT_FREE = range(3)

_SLOTS_OF_AN_EVENT = 2
_ROWS_OF_AN_EVENT = 2
_ARRIVALS_AHEAD = 8
_PAGES_AHEAD = 3
"""How far ahead the processor is asked for what it will need."""

_NEAR = 1 << 12
"""Slots that are in its nearer caches anyway."""


@kernel
def go_on(tables, state, year, until, seed, replication):  # type: ignore[no-untyped-def]
    """Let everything happen that is due before tick `until`, and return why it stopped.

    REACHED: all of it has happened. NO_ROOM_FOR_ROWS, NO_SLOT_FREE: the caller makes room and calls again.
    """
    registers = state.registers
    next_arrival, next_change = _arrival_key(state, year), _change_key(tables, state)
    page_end = (registers[0].page + 1) << (state.page_shift + TICK_SHIFT)
    while True:
        if registers[0].row + _ROWS_OF_AN_EVENT >= len(state.rows.start):
            return NO_ROOM_FOR_ROWS
        if registers[0].spare < _SLOTS_OF_AN_EVENT:
            return NO_SLOT_FREE

        # What the last event led to: queues that can move, then an episode that asks for a server.
        starting = NO_SLOT
        if registers[0].pending != NO_SERVICE:
            starting = first_in_line(state.slots, state.asides, state.stations, state.queues, registers)
        elif registers[0].asking != NO_SLOT:
            slot = registers[0].asking
            registers[0].asking = NO_SLOT
            if ask(tables, state, year, slot, registers[0].now, seed, replication):
                starting = slot
        if starting != NO_SLOT:
            start_visit(tables, state, year, starting, registers[0].now, seed, replication)
        if registers[0].pending != NO_SERVICE or registers[0].asking != NO_SLOT:
            continue

        # The next event: of the sorted arrivals, of the sorted changes of capacity or of the heap.
        key = min(next_arrival, next_change)
        from_heap = registers[0].events > 0 and state.heap[0].key < key
        if from_heap:
            key = state.heap[0].key
        if key >= page_end and registers[0].page < len(state.pages) - 1:
            _turn_page(state)
            page_end += 1 << (state.page_shift + TICK_SHIFT)
            continue
        now = key >> TICK_SHIFT
        if now >= until:
            registers[0].now = until
            return REACHED
        registers[0].now = now
        if registers[0].fresh > _NEAR:
            _look_ahead(state)
        if from_heap:
            slot = pop(state.heap, registers[0].events)
            registers[0].events -= 1
            phase = (key >> NUMBER_BITS) & 3
            if phase == END_OF_SERVICE:
                _end_visit(state, slot, now)
            elif phase == REQUEST:
                registers[0].asking = slot
            else:
                leave_queue(tables, state, slot, now)
        elif key == next_arrival:
            registers[0].asking = _arrive(state, year)
            next_arrival = _arrival_key(state, year)
        else:
            change = tables.changes[registers[0].change]
            state.stations[change.service].servers = change.servers
            make_pending(state.stations, registers, np.uint16(change.service))
            registers[0].change += 1
            next_change = _change_key(tables, state)


@inlined
def _arrival_key(state, year):  # type: ignore[no-untyped-def]
    """Return the key of the next arrival."""
    if state.registers[0].arrival == len(year.packed):
        return NEVER
    tick = (year.packed[np.uint64(state.registers[0].arrival)] >> year.tick_shift) + year.start
    return event_key(tick, REQUEST, state.registers[0].episode)


@inlined
def _change_key(tables, state):  # type: ignore[no-untyped-def]
    """Return the key of the next change of capacity."""
    if state.registers[0].change == len(tables.changes):
        return NEVER
    change = tables.changes[state.registers[0].change]
    return event_key(change.tick, CAPACITY_CHANGE, change.service)


@inlined
def _turn_page(state):  # type: ignore[no-untyped-def]
    """Put the events of the calendar's next page into the heap."""
    registers = state.registers
    link_entered(state)
    registers[0].page += 1
    if registers[0].page >= registers[0].ahead_page:
        registers[0].ahead = registers[0].further_ahead = NO_SLOT
    # The heap is empty: all of its events were due before the page's end.
    slot, size = state.pages[np.uint64(registers[0].page)], np.uint64(0)
    while slot != NO_SLOT:
        state.heap[size].key, state.heap[size].slot = state.slots[slot].key, slot
        size = np.uint64(size + 1)
        slot = state.slots[slot].next
    put_in_order(state.heap, np.int64(size))
    registers[0].events = size


@inlined
def _look_ahead(state):  # type: ignore[no-untyped-def]
    """Ask for one more of the slots on the calendar's next pages.

    It is linked to one that was asked for before the last event, and which has arrived by now.
    """
    registers = state.registers
    slot = registers[0].ahead
    registers[0].ahead = registers[0].further_ahead
    if slot != NO_SLOT:
        slot = state.slots[slot].next
    else:
        page = max(registers[0].ahead_page, registers[0].page) + 1
        if page < min(registers[0].page + _PAGES_AHEAD + 1, len(state.pages)):
            registers[0].ahead_page = page
            slot = state.pages[np.uint64(page)]
    if slot != NO_SLOT:
        prefetch(state.slots, slot)
    registers[0].further_ahead = slot


@inlined
def _arrive(state, year):  # type: ignore[no-untyped-def]
    """Return the slot of an episode that begins."""
    slots, registers = state.slots, state.registers
    packed = year.packed[np.uint64(registers[0].arrival)]
    ordinal = packed & ((1 << year.ordinal_bits) - 1)
    layer = (packed >> year.ordinal_bits) & ((1 << year.layer_bits) - 1)
    resident = np.uint32((packed >> year.resident_shift) & year.resident_mask)
    demand = np.uint32((packed >> year.demand_shift) & ((1 << year.demand_bits) - 1))
    person = year.residents[resident]
    ahead = min(registers[0].arrival + _ARRIVALS_AHEAD, len(year.packed) - 1)
    prefetch(year.residents, (year.packed[np.uint64(ahead)] >> year.resident_shift) & year.resident_mask)
    slot = take_slot(slots, state.asides, registers)
    slots[slot].episode = registers[0].episode
    slots[slot].number = person.number
    slots[slot].place = person.place
    slots[slot].profile = person.profile
    slots[slot].stream = episode_stream(year.pathway[demand], year.label, ordinal | (layer << LAYER_BITS))
    slots[slot].step = year.entry[demand]
    slots[slot].visit = 0
    slots[slot].held = NO_SERVICE
    state.asides[slot].chosen = 0
    state.asides[slot].position = resident
    slots[slot].mortal = 0
    if len(year.dies) > 0 and year.dies[resident] < state.end:
        slots[slot].mortal = 1
        state.asides[slot].dies = year.dies[resident]
    registers[0].arrival += 1
    registers[0].episode += 1
    return slot


@inlined
def _end_visit(state, slot, now):  # type: ignore[no-untyped-def]
    """End a service: give the server back or keep it, and send the episode on."""
    slots = state.slots
    if slots[slot].will_hold:
        asides = state.asides
        asides[slot].step, asides[slot].code = slots[slot].step, slots[slot].code
        asides[slot].requested, asides[slot].start = slots[slot].requested, slots[slot].start
        slots[slot].held = slots[slot].service
    else:
        end_step(state, slot, now)
    if slots[slot].onward == NOTHING:
        free_slot(slots, state.registers, slot)
        return
    slots[slot].step = slots[slot].onward
    slots[slot].visit += 1
    if slots[slot].delay > 0:
        enter(state, slot, now + slots[slot].delay, REQUEST)
    else:
        state.registers[0].asking = slot
