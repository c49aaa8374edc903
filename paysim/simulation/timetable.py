"""When the number of servers changes, week after week."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_WEEK
from paysim.simulation.program import Floats, Ints, Program

CHANGE = np.dtype([("time", np.float64), ("service", np.int32), ("servers", np.int32)])


def capacity_changes(program: Program, since: float) -> NDArray[np.void]:
    """Return all changes of the number of servers after day `since`, in order of time, then service."""
    services, weeks = program.services, _weeks(program, since)
    owner = np.repeat(np.arange(len(services.by_priority)), np.diff(services.first_change))
    changing = np.diff(services.first_change)[owner] > 1
    changes = np.empty(len(weeks) * int(changing.sum()), dtype=CHANGE)
    changes["time"] = (weeks[:, None] + services.change_day[None, changing]).ravel()
    changes["service"] = np.tile(owner[changing], len(weeks))
    changes["servers"] = np.tile(services.change_servers[changing], len(weeks))
    during = changes[(changes["time"] > since) & (changes["time"] < program.stop)]
    return during[np.lexsort((during["service"], during["time"]))]


def servers_at(program: Program, moment: float) -> Ints:
    """Return the servers of each service once the changes of a moment are made."""
    week = _weeks(program, moment)[0]
    services = program.services
    servers = services.change_servers[services.first_change[1:] - 1].copy()
    for service in range(len(servers)):
        for change in range(services.first_change[service], services.first_change[service + 1]):
            if week + services.change_day[change] <= moment:
                servers[service] = services.change_servers[change]
    return servers


def _weeks(program: Program, since: float) -> Floats:
    """Return the days on which the weeks from day `since` to the end of the run begin (Monday, 00:00)."""
    monday = np.floor((since + program.weekday) / DAYS_PER_WEEK) * DAYS_PER_WEEK - program.weekday
    return np.arange(monday, program.stop, DAYS_PER_WEEK)
