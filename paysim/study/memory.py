"""Memory: what a replication takes, what there is, and the refusal of what cannot fit, before anything runs."""

import os
from collections.abc import Iterator
from dataclasses import replace
from math import floor, inf
from pathlib import Path

from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.simulation.traffic import expected_rows
from paysim.study.settings import Settings
from paysim.study.workers import MOST_WORKERS

_ROW = 30 * 1.2
"""Bytes of a row of the log, which grows by an eighth when it is full."""

_ARRIVAL = 8 * 1.1
"""An episode of the year at hand; there is room for some more than expected."""

_RESIDENT = {"compiled": 60, "simpy": 1500}
"""A resident, with a share in the episodes in progress. Measured on BHR, where a sixth of residents have one."""

_NUMBER = 3 * 8
"""A resident of the whole population while the sample is taken."""

_PROCESS = 3e8
"""A worker process that has imported all it needs."""

_GIB = 2.0**30
_MEMINFO, _CGROUP, _CONTROL_GROUPS = Path("/proc/meminfo"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def replications_that_fit(system: System, settings: Settings) -> int:
    """Return how many replications memory holds at once, each in a process of its own.

    Where episodes might never end there is no telling: then one. Raises InputError, with the estimate and the sample
    that would fit, if it does not hold a single one.
    """
    needed, available = expected_bytes(system, settings), available_bytes()
    if needed == inf:
        return 1
    if needed <= available:
        return max(1, floor(min(available / (needed + _PROCESS), MOST_WORKERS)))
    fixed = _NUMBER * system.population.total
    fits = floor(1000 * settings.sample * max(available - fixed, 0.0) / (needed - fixed)) / 1000
    raise InputError(
        "",
        "sample",
        f"found {settings.sample:g}, with which a {settings.years}-year replication takes about"
        f" {needed / _GIB:,.1f} GiB of memory, and {available / _GIB:,.1f} GiB are available",
        f"expected at most {fits:g}" if fits else "expected a smaller population",
    )


def refuse_without_room_for_a_year(system: System, settings: Settings) -> None:
    """Raise InputError unless memory holds a year: more than enough for a run whose months are taken as it goes on."""
    replications_that_fit(system, replace(settings, years=1))


def expected_bytes(system: System, settings: Settings) -> float:
    """Return the bytes that one replication is expected to take at its peak, its own Python's aside."""
    residents = system.population.total * settings.sample
    demands = [pathway.demand.rate for pathway in system.pathways.values() if pathway.demand is not None]
    arrivals = float((sum(demands) * system.population.counts()).sum()) * settings.sample
    return (
        _ROW * expected_rows(system, settings.years, settings.sample)
        + _ARRIVAL * arrivals
        + _RESIDENT[settings.engine] * residents
        + _NUMBER * system.population.total
    )


def available_bytes() -> float:
    """Return the memory that is free, or freed on demand; infinite where the system does not tell.

    On Linux what its kernel and the control groups of the process leave, elsewhere all memory that there is.
    """
    try:
        free = next(line.split()[1] for line in _MEMINFO.read_text().splitlines() if line.startswith("MemAvailable:"))
        return min([1024.0 * int(free), *_left_by_control_groups()])
    except (OSError, StopIteration):
        pass
    try:
        return float(os.sysconf("SC_PHYS_PAGES")) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return inf


def _left_by_control_groups() -> Iterator[float]:
    """Yield what each control group that the process is in leaves of its limit, of version 1 and 2."""
    for line in _CGROUP.read_text().splitlines() if _CGROUP.exists() else []:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            root, limit, used, cache = _CONTROL_GROUPS, "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            root = _CONTROL_GROUPS / "memory"
            limit, used, cache = "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
        else:
            continue
        own = Path(path.lstrip("/"))
        for group in (own, *own.parents):
            try:
                statistics = dict(line.split() for line in (root / group / "memory.stat").read_text().splitlines())
                taken = int((root / group / used).read_text()) - int(statistics[cache])
                yield float(int((root / group / limit).read_text()) - taken)
            except (OSError, ValueError, KeyError):
                # No such group here, or 'max': no limit.
                continue
