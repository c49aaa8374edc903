"""Opening hours become a weekly timetable of servers."""

import math
from collections.abc import Collection

import numpy as np

from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, TICKS_PER_DAY
from paysim.model.service import Service, scaled_capacity
from paysim.simulation.compile.arrays import ints, offsets
from paysim.simulation.program import NOTHING, Services


def compile_services(services: Collection[Service], sample: float) -> Services:
    """Return the services, their capacities scaled to a share `sample` of the residents."""
    timetables = [_timetable(service, scaled_capacity(service.capacity, sample)) for service in services]
    changes = [change for timetable in timetables for change in timetable]
    rooms = [service.waiting_room for service in services]
    return Services(
        first_change=offsets(len(timetable) for timetable in timetables),
        change_day=np.array([day for day, _ in changes], dtype=np.float64),
        change_servers=ints(servers for _, servers in changes),
        by_priority=ints(service.discipline == "priority" for service in services),
        waiting_room=ints(NOTHING if room is None else scaled_capacity(room, sample) for room in rooms),
    )


def _timetable(service: Service, servers: int) -> list[tuple[float, int]]:
    """Return when, in days since Monday, the number of servers changes and to what."""
    if not service.opening:
        return [(0.0, servers)]
    changes = {0.0: 0}
    for hours in service.opening:
        changes[_first_tick(hours.start)] = servers
        changes.setdefault(_first_tick(hours.stop), 0)
    changes.pop(float(DAYS_PER_WEEK), None)
    return sorted(changes.items())


def _first_tick(hours: float) -> float:
    """Return the first clock tick, in days, that is not before a time of the week."""
    return math.ceil(hours * TICKS_PER_DAY / HOURS_PER_DAY) / TICKS_PER_DAY
