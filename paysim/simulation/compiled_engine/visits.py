"""One visit of the compiled engine, from the server taken to the row written."""

import numpy as np

from paysim.jit import inlined
from paysim.model.calendar import TICKS_PER_DAY
from paysim.simulation.compiled_engine.event_list import TICK_SHIFT, event_key, push
from paysim.simulation.compiled_engine.prefetch import prefetch
from paysim.simulation.compiled_engine.queues import free_server, head_of_line
from paysim.simulation.compiled_engine.state import NO_SERVICE, NO_SLOT
from paysim.simulation.draws import VISIT, uniforms
from paysim.simulation.durations import sample_ticks
from paysim.simulation.order import END_OF_SERVICE
from paysim.simulation.program import NOTHING

_TICK = 1.0 / TICKS_PER_DAY


@inlined
def draw(tables, state, service, slot, seed, replication):  # type: ignore[no-untyped-def]
    """Draw the code and the stay of an episode's visit to a service, and the uniforms for its way on."""
    slots, stations = state.slots, state.stations
    step = slots[slot].step
    u_code, u_duration, u_branch, u_delay = uniforms(
        seed, replication, VISIT, slots[slot].number, slots[slot].stream, slots[slot].visit
    )
    code, duration = tables.steps[step].code, tables.steps[step].duration
    if tables.steps[step].last_entry >= 0:
        entry = tables.steps[step].first_entry
        while tables.entries[entry].until < u_code:
            entry += 1
        code = tables.entries[entry].code
        if duration == NOTHING:
            duration = tables.entries[entry].duration
    stations[service].episode, stations[service].visit = slots[slot].episode, slots[slot].visit
    stations[service].code = code
    stations[service].stay = ticks_of(tables, duration, u_duration)
    stations[service].u_branch, stations[service].u_delay = u_branch, u_delay


@inlined
def draw_ahead(tables, state, service, seed, replication):  # type: ignore[no-untyped-def]
    """Draw for whoever is first in line at a service, and ask for the slot of whoever is second.

    Nothing at a start takes the processor longer, and nothing that happens in between changes what is drawn.
    """
    head = head_of_line(state.queues, service)
    draw(tables, state, service, head, seed, replication)
    prefetch(state.slots, state.slots[head].next)


@inlined
def is_drawn(state, service, slot):  # type: ignore[no-untyped-def]
    """Return whether what a service has drawn is for the visit of this episode."""
    station, slots = state.stations[service], state.slots
    return station.episode == slots[slot].episode and station.visit == slots[slot].visit


@inlined
def start_visit(tables, state, year, slot, now, seed, replication):  # type: ignore[no-untyped-def]
    """Take a server for an episode, give back the one it kept, and send it on its way."""
    slots = state.slots
    service = slots[slot].service
    state.stations[service].busy += 1
    if slots[slot].held != NO_SERVICE:
        end_held_step(state, slot, now)
    if year.needs:
        keep_up_with_need(state, year, slot)
    if not is_drawn(state, service, slot):
        draw(tables, state, service, slot, seed, replication)
    step, place, profile = slots[slot].step, slots[slot].place, slots[slot].profile
    u_branch, u_delay = state.stations[service].u_branch, state.stations[service].u_delay
    slots[slot].code = state.stations[service].code
    slots[slot].start = now
    slots[slot].onward = NOTHING
    slots[slot].will_hold = 0
    band, limit = np.int64(0), tables.steps[step].first_over
    if limit < tables.steps[step].after_over:
        wait = (now - slots[slot].requested) * _TICK
        while limit < tables.steps[step].after_over and wait > tables.over[limit]:
            band += 1
            limit += 1
    for branch in range(tables.steps[step].first_branch, tables.steps[step].after_branches):
        way = tables.branches[branch]
        threshold = way.threshold + band * way.width + place * way.by_place + profile * way.by_profile
        if u_branch <= tables.branch_until[threshold]:
            slots[slot].onward = tables.branches[branch].to
            slots[slot].delay = ticks_of(tables, tables.branches[branch].delay, u_delay)
            slots[slot].will_hold = tables.branches[branch].holds
            break
    # The draw comes first: it takes long, and may go on while the processor guesses where the end belongs.
    end = now + state.stations[service].stay
    if state.stations[service].waiting > 0:
        draw_ahead(tables, state, service, seed, replication)
    enter(state, slot, end, END_OF_SERVICE)


@inlined
def keep_up_with_need(state, year, slot):  # type: ignore[no-untyped-def]
    """Take over the kind that an episode's resident is of in this year."""
    person = year.residents[state.asides[slot].position]
    state.slots[slot].place = person.place
    state.slots[slot].profile = person.profile


@inlined
def ticks_of(tables, duration, u):  # type: ignore[no-untyped-def]
    """Return the u-quantile of a numbered duration in clock ticks."""
    drawn = tables.durations
    return sample_ticks(drawn[duration].kind, drawn[duration].a, drawn[duration].b, u)


@inlined
def enter(state, slot, tick, phase):  # type: ignore[no-untyped-def]
    """Enter an episode's next event: on a later page of the calendar, or in the heap of the page at hand."""
    key = event_key(min(tick, state.end), phase, state.slots[slot].episode)
    state.slots[slot].key = key
    if tick >= state.end:
        return
    page = np.uint32(tick >> state.page_shift)
    if page > state.registers[0].page:
        link_entered(state)
        prefetch(state.pages, page)
        state.registers[0].entered = slot
    else:
        push(state.heap, state.registers[0].events, key, slot)
        state.registers[0].events += 1


@inlined
def link_entered(state):  # type: ignore[no-untyped-def]
    """Put the event that was entered last on its page of the calendar, which was asked for then and has arrived."""
    slot = state.registers[0].entered
    if slot != NO_SLOT:
        page = np.uint32(state.slots[slot].key >> TICK_SHIFT >> state.page_shift)
        state.slots[slot].next = state.pages[page]
        state.pages[page] = slot
        state.registers[0].entered = NO_SLOT


@inlined
def end_step(state, slot, now):  # type: ignore[no-untyped-def]
    """Write the row of the step that an episode ends now, and give its server back."""
    row = new_row(state.rows, state.registers, state.logged_from, now)
    slots, rows = state.slots, state.rows
    rows.resident[row], rows.episode[row] = slots[slot].number, slots[slot].episode
    rows.step[row], rows.service[row], rows.code[row] = slots[slot].step, slots[slot].service, slots[slot].code
    write_times(rows, row, slots[slot].requested, slots[slot].start, state.logged_from, now)
    free_server(state.stations, state.registers, slots[slot].service)


@inlined
def end_held_step(state, slot, now):  # type: ignore[no-untyped-def]
    """Write the row of the step whose server an episode has kept until now, and give the server back."""
    row = new_row(state.rows, state.registers, state.logged_from, now)
    slots, asides, rows = state.slots, state.asides, state.rows
    rows.resident[row], rows.episode[row] = slots[slot].number, slots[slot].episode
    rows.step[row], rows.service[row], rows.code[row] = asides[slot].step, slots[slot].held, asides[slot].code
    write_times(rows, row, asides[slot].requested, asides[slot].start, state.logged_from, now)
    free_server(state.stations, state.registers, slots[slot].held)
    slots[slot].held = NO_SERVICE


@inlined
def new_row(rows, registers, logged_from, now):  # type: ignore[no-untyped-def]
    """Return the place of a row that ends now: the next one, which is written over if the run is not logged yet."""
    row = np.uint64(registers[0].row)
    registers[0].row += now >= logged_from
    return row


@inlined
def write_times(rows, row, requested, start, logged_from, now):  # type: ignore[no-untyped-def]
    """Write the times of a row in days."""
    rows.start[row] = (np.int64(start) - logged_from) * _TICK
    rows.wait[row] = (np.int64(start) - requested) * _TICK
    rows.stay[row] = (now - np.int64(start)) * _TICK
