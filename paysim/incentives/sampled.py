"""What a sample of residents makes of the capacity that a lever sets: servers are whole there too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from paysim.incentives.changes.capacity import with_capacity
from paysim.incentives.changes.moved import changes_of
from paysim.incentives.marginal import points
from paysim.model.lever import CapacityEffect, Lever
from paysim.model.service import scaled_capacity
from paysim.model.system import System

NEAR = 0.1
"""Of a step: what a sample makes of it may be off by as much."""

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class OffInSample:
    """A step of a lever that changes a service by so many `servers`, of which a sample makes what is `simulated`.

    `enough` is the smallest sample, in whole per cent, that has them.
    """

    lever: Lever
    service: str
    servers: int
    simulated: float
    enough: float


def off_in_sample(system: System, levers: Iterable[Lever], sample: float) -> tuple[OffInSample, ...]:
    """Return the steps of levers whose servers a sample does not have, scaled up: too many of them, or too few.

    Capacity before and after a step is rounded up to whole servers of the sample, see `scaled_capacity`.
    """
    return tuple(
        OffInSample(lever, service, after - before, _scaled_up(before, after, sample), _enough(before, after))
        for lever in levers
        for service, before, after in _capacities(system, lever)
        if _off(before, after, sample)
    )


def _capacities(system: System, lever: Lever) -> Iterator[tuple[str, int, int]]:
    """Yield the services whose servers a lever sets, and their number now and one step from now."""
    _, stepped = points([lever])
    changed = with_capacity(system, changes_of(system, stepped, CapacityEffect))
    for id in dict.fromkeys(effect.service for effect in lever.effects if isinstance(effect, CapacityEffect)):
        yield id, system.services[id].capacity, changed.services[id].capacity


def _scaled_up(before: int, after: int, sample: float) -> float:
    return (scaled_capacity(after, sample) - scaled_capacity(before, sample)) / sample


def _off(before: int, after: int, sample: float) -> bool:
    return abs(_scaled_up(before, after, sample) - (after - before)) > NEAR * abs(after - before)


def _enough(before: int, after: int) -> float:
    """Return the smallest sample that has the step; that of all residents always does."""
    return next(of / _PERCENT for of in range(1, _PERCENT + 1) if not _off(before, after, of / _PERCENT))
