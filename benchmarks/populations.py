"""BHR at other sizes: the same boroughs, services and pathways with more or fewer residents and servers."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

import paysim
from paysim.simulation.traffic import expected_visits

ROOT = Path(__file__).parents[1]


@cache
def bhr() -> paysim.System:
    """Return the system of configs/bhr.toml."""
    return paysim.load(ROOT / "configs" / "bhr.toml")


def bhr_of(residents: int) -> paysim.System:
    """Return BHR with about so many residents, and capacities in proportion (rounded up to a whole server)."""
    system = bhr()
    share = residents / system.population.total
    cells = np.rint(system.population.residents * share).astype(np.int64)
    services = {
        service.id: replace(service, capacity=int(np.ceil(service.capacity * share)))
        for service in system.services.values()
    }
    return replace(system, population=replace(system.population, residents=cells), services=services)


def expected_steps(system: paysim.System) -> float:
    """Return the steps a year by all residents, from the traffic equations."""
    counts = system.population.counts().ravel()
    return float(counts @ expected_visits(system).sum(axis=1))
