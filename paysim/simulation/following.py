"""Capacity that follows activity: next months' servers from the work of months ago."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from paysim.model.service import scaled_capacity
from paysim.model.system import System
from paysim.simulation.compile.arrays import ROUNDING_SLACK
from paysim.simulation.log import Rows
from paysim.simulation.program import Program


def work_done(system: System, rows: Rows, since: float, until: float) -> dict[str, float]:
    """Return the mean number of servers in open hours that the steps that ended in a month kept busy, by service.

    `rows` are the month's, days `since` to `until`; a step counts as a whole in the month in which it ended.
    """
    days = np.bincount(rows.service, weights=rows.stay, minlength=len(system.services))
    return {
        service.id: float(worked) / ((until - since) * service.open_share)
        for service, worked in zip(system.services.values(), days, strict=True)
    }


def following_capacities(system: System, work: Sequence[Mapping[str, float]], sample: float) -> dict[str, int]:
    """Return the servers, for the month after those of `work`, of the services whose lag is over.

    See `paysim.model.service.FollowsActivity`. Work is that of a share `sample` of the residents.
    """
    capacities = {}
    for service in system.services.values():
        follows = service.follows_activity
        if follows is not None and len(work) >= follows.lag_months:
            servers = work[-follows.lag_months][service.id] / sample
            steps = math.ceil(servers / (follows.servers_per_step * follows.planned_utilisation) - ROUNDING_SLACK)
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
