"""More or fewer servers."""

import math
from dataclasses import replace

from paysim.incentives.changes.moved import Changes, impossible
from paysim.model.lever import CapacityEffect
from paysim.model.system import System


def with_capacity(system: System, changes: Changes[CapacityEffect]) -> System:
    """Return the system with the servers of services plus the changes, in whole servers, halves up; none below 0.

    Where capacity follows activity, this is what it begins with.
    """
    more: dict[str, float] = {}
    for change in changes:
        id = change.effect.service
        if id not in system.services:
            raise impossible(change, f"found service {id!r}", "expected a service of the system")
        more[id] = more.get(id, 0.0) + change.amount
    services = dict(system.services)
    for id, servers in more.items():
        capacity = max(0, services[id].capacity + math.floor(servers + 0.5))
        services[id] = replace(services[id], capacity=capacity)
    return replace(system, services=services) if more else system
