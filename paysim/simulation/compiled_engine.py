"""The compiled engine: the fast default, row for row the same as the SimPy engine."""

import numpy as np

from paysim.jit import kernel, part_of_kernel
from paysim.simulation.arrivals import arrivals
from paysim.simulation.clock import CAPACITY_CHANGE, END_OF_SERVICE, REQUEST
from paysim.simulation.compiled_state import CHUNK, Rows, new_rows, new_state, with_more_slots
from paysim.simulation.draws import CHOICE, VISIT, uniforms
from paysim.simulation.durations import sample
from paysim.simulation.event_list import NO_SLOT, before, pop, push
from paysim.simulation.program import NOTHING, Program

_DONE, _LOG_FULL, _NO_SLOT_FREE = range(3)

_PHASE_BITS = 40


def run(program: Program, seed: int, replication: int) -> list[Rows]:
    """Return the log of one replication in chunks: every step that ends in [0, stop)."""
    episodes = arrivals(program, seed, replication)
    state = new_state(program, len(episodes.time) / (program.stop - program.begin))
    chunks = []
    while True:
        reason = _advance(program, episodes, state, seed, replication)
        if reason == _NO_SLOT_FREE:
            state = with_more_slots(state)
            continue
        rows = int(state.registers.rows[0])
        if reason == _DONE:
            return [*chunks, Rows(*(column[:rows] for column in state.rows))]
        chunks.append(state.rows)
        state = state._replace(rows=new_rows())
        state.registers.rows[0] = 0


@kernel
def _advance(program, episodes, state, seed, replication):  # type: ignore[no-untyped-def]
    """Go on until the run ends, the chunk of the log is full or no slot is free, and return which."""
    begin, stop, residents = program.begin, program.stop, program.residents
    steps, mixes, durations = program.steps, program.case_mixes, program.durations
    by_priority = program.services.by_priority
    slots, stations, events, rows = state.slots, state.stations, state.events, state.rows
    changes, levels, pages_per_day = state.changes, state.levels, state.pages_per_day
    registers = state.registers
    arrival, change, heap = registers.arrival[0], registers.change[0], registers.heap[0]
    page, free, row = registers.page[0], registers.free[0], registers.rows[0]
    pages = len(events.page)
    reason = _DONE
    while True:
        if row == CHUNK:
            reason = _LOG_FULL
            break

        # The next event: of the heap, of the sorted arrivals or of the sorted changes of capacity.
        time, key, source = stop, np.int64(0), NOTHING
        if arrival < len(episodes.time):
            time, key, source = episodes.time[arrival], (np.int64(REQUEST) << _PHASE_BITS) + arrival, REQUEST
        if change < len(changes.time):
            change_key = (np.int64(CAPACITY_CHANGE) << _PHASE_BITS) + changes.service[change]
            if before(changes.time[change], change_key, time, key):
                time, key, source = changes.time[change], change_key, CAPACITY_CHANGE
        if heap > 0 and before(events.time[0], events.key[0], time, key):
            time, key, source = events.time[0], events.key[0], END_OF_SERVICE
        if (time - begin) * pages_per_day >= page + 1.0 and page + 1 < pages:
            page += 1
            slot = events.page[page]
            while slot != NO_SLOT:
                event_key = (np.int64(slots[slot].phase) << _PHASE_BITS) + slots[slot].episode
                heap = push(events.time, events.key, events.slot, heap, slots[slot].time, event_key, slot)
                slot = slots[slot].next
            continue
        if time >= stop:
            break

        # What it means: a service whose queue may move (`freed`), then an episode that asks for a server (`asking`).
        freed, asking = NOTHING, NO_SLOT
        if source == REQUEST:
            if free == NO_SLOT:
                reason = _NO_SLOT_FREE
                break
            asking = free
            free = slots[asking].next
            slots[asking].episode = arrival
            slots[asking].number = residents.number[episodes.resident[arrival]]
            slots[asking].kind = residents.kind[episodes.resident[arrival]]
            slots[asking].stream = episodes.stream[arrival]
            slots[asking].step = episodes.step[arrival]
            slots[asking].visit = 0
            arrival += 1
        elif source == CAPACITY_CHANGE:
            freed = changes.service[change]
            stations.servers[freed] = changes.servers[change]
            change += 1
        else:
            slot = events.slot[0]
            heap = pop(events.time, events.key, events.slot, heap)
            if slots[slot].phase == REQUEST:
                asking = slot
            else:
                freed = slots[slot].service
                stations.busy[freed] -= 1
                if time >= 0.0:
                    _write(rows, row, slots, slot)
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
                        heap = _enter(slots, slot, events, heap, page, begin, stop, pages_per_day)
                    else:
                        asking = slot

        while freed != NOTHING or asking != NO_SLOT:
            starting = NO_SLOT
            if freed != NOTHING:
                if stations.busy[freed] < stations.servers[freed]:
                    starting = _first_in_queue(stations, slots, freed)
                if starting == NO_SLOT:
                    freed = NOTHING
            else:
                service = _service(steps, slots, asking, residents.profiles, seed, replication)
                slots[asking].service = service
                slots[asking].requested = time
                if stations.busy[service] < stations.servers[service]:
                    starting = asking
                else:
                    level = levels[slots[asking].step] if by_priority[service] else 0
                    _join_queue(stations, slots, service, level, asking)
                asking = NO_SLOT
            if starting != NO_SLOT:
                stations.busy[slots[starting].service] += 1
                _draw(steps, mixes, durations, slots, starting, seed, replication)
                slots[starting].start = time
                slots[starting].time = time + slots[starting].stay
                slots[starting].phase = END_OF_SERVICE
                heap = _enter(slots, starting, events, heap, page, begin, stop, pages_per_day)
    registers.arrival[0], registers.change[0], registers.heap[0] = arrival, change, heap
    registers.page[0], registers.free[0], registers.rows[0] = page, free, row
    return reason


@part_of_kernel
def _enter(slots, slot, events, heap, page, begin, stop, pages_per_day):  # type: ignore[no-untyped-def]
    """Enter a slot's next event into the heap if it falls on the page at hand, else into the calendar."""
    time = slots[slot].time
    if time < stop:
        due = int((time - begin) * pages_per_day)
        if due <= page:
            key = (np.int64(slots[slot].phase) << _PHASE_BITS) + slots[slot].episode
            heap = push(events.time, events.key, events.slot, heap, time, key, slot)
        else:
            slots[slot].next = events.page[due]
            events.page[due] = slot
    return heap


@part_of_kernel
def _first_in_queue(stations, slots, service):  # type: ignore[no-untyped-def]
    """Take the first of a queue out of it: lowest priority number first, then in order of request."""
    first = NO_SLOT
    for level in range(stations.head.shape[1]):
        first = stations.head[service, level]
        if first != NO_SLOT:
            stations.head[service, level] = slots[first].next
            break
    return first


@part_of_kernel
def _join_queue(stations, slots, service, level, slot):  # type: ignore[no-untyped-def]
    """Put a slot at the end of a queue."""
    slots[slot].next = NO_SLOT
    if stations.head[service, level] == NO_SLOT:
        stations.head[service, level] = slot
    else:
        slots[stations.tail[service, level]].next = slot
    stations.tail[service, level] = slot


@part_of_kernel
def _service(steps, slots, slot, profiles, seed, replication):  # type: ignore[no-untyped-def]
    """Return the service that carries out the step for this resident in this episode."""
    step = slots[slot].step
    place = slots[slot].kind // profiles
    service = steps.certain_service[place, step]
    if service == NOTHING:
        words = uniforms(seed, replication, CHOICE, slots[slot].number, slots[slot].stream, steps.group[step])
        option = steps.first_option[step]
        while steps.option_until[place, option] < words[0]:
            option += 1
        service = steps.option_service[option]
    return service


@part_of_kernel
def _draw(steps, mixes, durations, slots, slot, seed, replication):  # type: ignore[no-untyped-def]
    """Draw a visit's code, its duration and the way on."""
    step = slots[slot].step
    words = uniforms(seed, replication, VISIT, slots[slot].number, slots[slot].stream, slots[slot].visit)
    code, duration, mix = steps.code[step], steps.duration[step], steps.case_mix[step]
    if mix != NOTHING:
        entry = mixes.first[mix]
        while mixes.until[entry] < words[0]:
            entry += 1
        code = mixes.code[entry]
        if duration == NOTHING:
            duration = mixes.duration[entry]
    slots[slot].code = code
    slots[slot].stay = sample(durations.kind[duration], durations.a[duration], durations.b[duration], words[1])
    slots[slot].onward = NOTHING
    for branch in range(steps.first_branch[step], steps.first_branch[step + 1]):
        if words[2] <= steps.branch_until[steps.first_threshold[branch] + slots[slot].kind * steps.varies[branch]]:
            wait = steps.branch_delay[branch]
            slots[slot].onward = steps.branch_to[branch]
            slots[slot].delay = sample(durations.kind[wait], durations.a[wait], durations.b[wait], words[3])
            break


@part_of_kernel
def _write(rows, row, slots, slot):  # type: ignore[no-untyped-def]
    """Write the row of a step that has ended."""
    rows.resident[row] = slots[slot].number
    rows.episode[row] = slots[slot].episode
    rows.step[row] = slots[slot].step
    rows.service[row] = slots[slot].service
    rows.code[row] = slots[slot].code
    rows.start[row] = slots[slot].start
    rows.wait[row] = slots[slot].start - slots[slot].requested
    rows.stay[row] = slots[slot].stay
