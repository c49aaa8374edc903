"""The compiled engine: the fast default, row for row the same as the SimPy engine."""

import numpy as np

from paysim.jit import kernel
from paysim.simulation.arrivals import arrivals
from paysim.simulation.clock import CAPACITY_CHANGE, END_OF_SERVICE, REQUEST
from paysim.simulation.compiled_state import CHUNK, Register, new_state, with_more_slots
from paysim.simulation.compiled_tables import tables_of
from paysim.simulation.draws import CHOICE, VISIT, uniforms
from paysim.simulation.durations import sample
from paysim.simulation.event_list import NO_SLOT, PHASE_BITS, before, pop, push
from paysim.simulation.log import ROW, Rows
from paysim.simulation.program import NOTHING, Program

_DONE, _LOG_FULL, _NO_SLOT_FREE = range(3)

_ARRIVAL, _CHANGE, _HEAP = Register.ARRIVAL, Register.CHANGE, Register.HEAP
_PAGE, _FREE, _ROW = Register.PAGE, Register.FREE, Register.ROW
_CHANGE_KEY, _REQUEST_KEY = CAPACITY_CHANGE << PHASE_BITS, REQUEST << PHASE_BITS


def run(program: Program, seed: int, replication: int) -> list[Rows]:
    """Return the log of one replication in chunks: every step that ends in [0, stop)."""
    episodes = arrivals(program, seed, replication)
    tables = tables_of(program)
    state = new_state(program, len(episodes.time) / (program.stop - program.begin))
    key = (np.uint64(seed), np.uint64(replication))
    span = (program.begin, program.stop, program.residents.profiles)
    chunks: list[Rows] = []
    while True:
        reason = _advance(*tables, *episodes, *state, *key, *span)
        if reason == _NO_SLOT_FREE:
            state = with_more_slots(state)
            continue
        rows = int(state.registers[_ROW])
        if reason == _DONE:
            return [*chunks, state.rows[:rows]]
        chunks.append(state.rows)
        state = state._replace(rows=np.empty(CHUNK, dtype=ROW))
        state.registers[_ROW] = 0


# The arrays come one by one and stay local variables: fields of tuples, and calls that take arrays, would count
# references to them at every event, which costs several times the event itself.
@kernel
def _advance(  # type: ignore[no-untyped-def]
    steps,
    branches,
    entries,
    durations,
    changes,
    branch_until,
    certain_service,
    option_until,
    option_service,
    resident_number,
    resident_kind,
    arrival_time,
    arrival_resident,
    arrival_step,
    arrival_stream,
    slots,
    stations,
    queues,
    heap,
    pages,
    rows,
    registers,
    pages_per_day,
    seed,
    replication,
    begin,
    stop,
    profiles,
):
    """Go on until the run ends, the chunk of the log is full or no slot is free, and return which."""
    arrival, change, events = registers[_ARRIVAL], registers[_CHANGE], registers[_HEAP]
    page, free, row = registers[_PAGE], registers[_FREE], registers[_ROW]
    last_page, levels = len(pages) - 1, queues.shape[1]
    reason = _DONE
    while True:
        if row == CHUNK:
            reason = _LOG_FULL
            break

        # The next event: of the sorted arrivals, of the sorted changes of capacity or of the heap.
        time, key, source = stop, np.int64(0), NOTHING
        if arrival < len(arrival_time):
            time, key, source = arrival_time[arrival], _REQUEST_KEY + np.int64(arrival), REQUEST
        if change < len(changes):
            change_key = _CHANGE_KEY + np.int64(changes[change].service)
            if before(changes[change].time, change_key, time, key):
                time, key, source = changes[change].time, change_key, CAPACITY_CHANGE
        if events > 0 and before(heap[0].time, heap[0].key, time, key):
            time, key, source = heap[0].time, heap[0].key, END_OF_SERVICE
        if page < last_page and (time - begin) * pages_per_day >= page + 1.0:
            page += 1
            slot = pages[page]
            while slot != NO_SLOT:
                push(heap, events, slots[slot].time, _key(slots[slot].phase, slots[slot].episode), slot)
                events += 1
                slot = slots[slot].next
            continue
        if time >= stop:
            break

        # What it leads to: a service whose queue may move (`freed`), then an episode that asks for a server (`asking`).
        freed, asking, entering = NOTHING, NO_SLOT, NO_SLOT
        if source == REQUEST:
            if free == NO_SLOT:
                reason = _NO_SLOT_FREE
                break
            asking = free
            free = slots[asking].next
            resident = arrival_resident[arrival]
            slots[asking].episode = arrival
            slots[asking].number = resident_number[resident]
            slots[asking].kind = resident_kind[resident]
            slots[asking].stream = arrival_stream[arrival]
            slots[asking].step = arrival_step[arrival]
            slots[asking].visit = 0
            arrival += 1
        elif source == CAPACITY_CHANGE:
            freed = changes[change].service
            stations[freed].servers = changes[change].servers
            change += 1
        else:
            slot = np.int32(pop(heap, events))
            events -= 1
            if slots[slot].phase == REQUEST:
                asking = slot
            else:
                freed = np.int32(slots[slot].service)
                stations[freed].busy -= 1
                if time >= 0.0:
                    rows[row].resident = slots[slot].number
                    rows[row].episode = slots[slot].episode
                    rows[row].step = slots[slot].step
                    rows[row].service = slots[slot].service
                    rows[row].code = slots[slot].code
                    rows[row].start = slots[slot].start
                    rows[row].wait = slots[slot].start - slots[slot].requested
                    rows[row].stay = slots[slot].stay
                    row += 1
                if slots[slot].onward == NOTHING:
                    slots[slot].next = free
                    free = slot
                else:
                    slots[slot].step = slots[slot].onward
                    slots[slot].visit += 1
                    if slots[slot].delay > 0.0:
                        slots[slot].time = time + slots[slot].delay
                        slots[slot].phase = REQUEST
                        entering = slot
                    else:
                        asking = slot

        while True:
            # Enter the event that came of it: on a later page of the calendar, or in the heap of the page at hand.
            if entering != NO_SLOT and slots[entering].time < stop:
                due = int((slots[entering].time - begin) * pages_per_day)
                if due > page:
                    slots[entering].next = pages[due]
                    pages[due] = entering
                else:
                    entering_key = _key(slots[entering].phase, slots[entering].episode)
                    push(heap, events, slots[entering].time, entering_key, entering)
                    events += 1
            entering = NO_SLOT

            starting = NO_SLOT
            if freed != NOTHING:
                if stations[freed].busy < stations[freed].servers:
                    for level in range(levels):
                        starting = queues[freed, level].head
                        if starting != NO_SLOT:
                            queues[freed, level].head = slots[starting].next
                            break
                if starting == NO_SLOT:
                    freed = NOTHING
                    continue
            elif asking != NO_SLOT:
                step = slots[asking].step
                place = slots[asking].kind // profiles
                service = certain_service[place, step]
                if service == NOTHING:
                    group = steps[step].group
                    u = uniforms(seed, replication, CHOICE, slots[asking].number, slots[asking].stream, group)[0]
                    option = steps[step].first_option
                    while option_until[place, option] < u:
                        option += 1
                    service = option_service[option]
                slots[asking].service = service
                slots[asking].requested = time
                if stations[service].busy < stations[service].servers:
                    starting = asking
                else:
                    level = steps[step].level if stations[service].by_priority else 0
                    slots[asking].next = NO_SLOT
                    if queues[service, level].head == NO_SLOT:
                        queues[service, level].head = asking
                    else:
                        slots[queues[service, level].tail].next = asking
                    queues[service, level].tail = asking
                asking = NO_SLOT
                if starting == NO_SLOT:
                    break
            else:
                break

            # Start: take the server, and draw the code, the duration and the way on.
            stations[slots[starting].service].busy += 1
            step = slots[starting].step
            u_code, u_duration, u_branch, u_delay = uniforms(
                seed, replication, VISIT, slots[starting].number, slots[starting].stream, slots[starting].visit
            )
            code, duration = steps[step].code, steps[step].duration
            if steps[step].last_entry >= 0:
                entry = steps[step].first_entry
                while entries[entry].until < u_code:
                    entry += 1
                code = entries[entry].code
                if duration == NOTHING:
                    duration = entries[entry].duration
            slots[starting].code = code
            stay = sample(durations[duration].kind, durations[duration].a, durations[duration].b, u_duration)
            slots[starting].onward = NOTHING
            for branch in range(steps[step].first_branch, steps[step].after_branches):
                threshold = branches[branch].first_threshold + slots[starting].kind * branches[branch].varies
                if u_branch <= branch_until[threshold]:
                    wait = branches[branch].delay
                    slots[starting].onward = branches[branch].to
                    slots[starting].delay = sample(durations[wait].kind, durations[wait].a, durations[wait].b, u_delay)
                    break
            slots[starting].start = time
            slots[starting].stay = stay
            slots[starting].time = time + stay
            slots[starting].phase = END_OF_SERVICE
            entering = starting
    registers[_ARRIVAL], registers[_CHANGE], registers[_HEAP] = arrival, change, events
    registers[_PAGE], registers[_FREE], registers[_ROW] = page, free, row
    return reason


@kernel
def _key(phase, episode):  # type: ignore[no-untyped-def]
    """Return what decides between events of one instant: the phase, then the number of the episode."""
    return (np.int64(phase) << PHASE_BITS) + np.int64(episode)
