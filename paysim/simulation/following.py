"""Capacity that follows activity: next months' servers from the work of months ago."""

import math
from collections.abc import Mapping

import numpy as np

from paysim.model.limits import ROUNDING
from paysim.model.service import scaled_capacity
from paysim.model.system import System
from paysim.simulation.log import Rows
from paysim.simulation.program import Program


def work_done(system: System, rows: Rows, since: float, until: float) -> dict[str, float]:
    """Return the mean number of servers in open hours that a month's steps kept busy, by service that follows activity.

    `rows` are those until the month's end; a step that ended in the month, from day `since` to `until`, counts as a
    whole, one that ended before does not.
    """
    ended = rows.start + rows.stay >= since
    days = np.bincount(rows.service[ended], weights=rows.stay[ended], minlength=len(system.services))
    return {
        service.id: float(worked) / ((until - since) * service.open_share)
        for service, worked in zip(system.services.values(), days, strict=True)
        if service.follows_activity is not None
    }


def following_capacities(
    system: System, work: Mapping[int, Mapping[str, float]], month: int, sample: float
) -> dict[str, int]:
    """Return the servers in a month of the services whose lag is over: which followed activity so many months ago.

    See `paysim.model.service.FollowsActivity`. `work` by month is that of a share `sample` of the residents.
    """
    capacities = {}
    for service in system.services.values():
        follows = service.follows_activity
        if follows is None or (worked := work.get(month - follows.lag_months, {}).get(service.id)) is None:
            continue
        steps = math.ceil(worked / sample / (follows.servers_per_step * follows.planned_utilisation) - ROUNDING)
        capacities[service.id] = scaled_capacity(max(1, steps) * follows.servers_per_step, sample)
    return capacities


def with_capacities(program: Program, system: System, capacities: Mapping[str, int]) -> Program:
    """Return the Program with other numbers of servers in the hours in which services are open."""
    services = program.services
    servers = services.change_servers.copy()
    for number, service in enumerate(system.service_ids):
        if service in capacities:
            open_now = slice(services.first_change[number], services.first_change[number + 1])
            servers[open_now] = np.where(servers[open_now] > 0, capacities[service], 0)
    return program._replace(services=services._replace(change_servers=servers))
