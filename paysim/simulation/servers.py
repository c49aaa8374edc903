"""The servers that a run had, month by month."""

from collections.abc import Mapping, Sequence

import numpy as np

from paysim.model.system import System
from paysim.simulation.program import Floats, Program


def open_servers(program: Program, system: System, begun: System) -> Floats:
    """Return the servers of each service in its open hours.

    Where it opens for other hours than in the system that the run began with, as many as would, in those, be open for
    the same time.
    """
    services = program.services
    servers = np.maximum.reduceat(services.change_servers, services.first_change[:-1])
    hours = [system.services[id].open_share / service.open_share for id, service in begun.services.items()]
    return np.asarray(servers * hours, dtype=np.float64)


def not_as_planned(
    by_month: Sequence[Floats], planned: Floats, service_ids: Sequence[str]
) -> Mapping[str, tuple[float, ...]]:
    """Return the servers by month of those services that had others than planned in one of the months."""
    servers = np.reshape(by_month, (len(by_month), len(service_ids)))
    return {
        id: tuple(servers[:, number].tolist())
        for number, id in enumerate(service_ids)
        if (servers[:, number] != planned[number]).any()
    }
