"""What a sample of residents makes of the capacity that a lever sets: servers are whole there too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from paysim.incentives.changes.capacity import with_capacity
from paysim.incentives.changes.moved import changes_of
from paysim.incentives.marginal import points
from paysim.model.lever import CapacityEffect, Lever
from paysim.model.service import scaled_capacity
from paysim.model.system import System
from paysim.model.whole import countables, is_near

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class OffInSample:
    """A step of a lever that changes a service by so many `servers`, of which a sample makes what is `simulated`.

    `enough` is the smallest sample, in whole per cent, that has them; None where all residents have not.
    """

    lever: Lever
    service: str
    servers: float
    simulated: float
    enough: float | None


def off_in_sample(system: System, levers: Iterable[Lever], sample: float) -> tuple[OffInSample, ...]:
    """Return the steps of levers whose servers a sample does not have, scaled up: too many of them, or too few.

    Capacity before and after a step is rounded to whole servers, and up to whole ones of the sample, see
    `scaled_capacity`.
    """
    return tuple(
        OffInSample(lever, step.service, step.servers, step.scaled_up(sample), _enough(step))
        for lever in levers
        for step in _steps(system, lever)
        if not is_near(step.scaled_up(sample), step.servers)
    )


class _Step(NamedTuple):
    """The servers of a service before and after a step, and by how many the step is to change them, not rounded."""

    service: str
    before: int
    after: int
    servers: float

    def scaled_up(self, sample: float) -> float:
        return (scaled_capacity(self.after, sample) - scaled_capacity(self.before, sample)) / sample


def _steps(system: System, lever: Lever) -> Iterator[_Step]:
    _, stepped = points([lever])
    changed = with_capacity(system, changes_of(system, stepped, CapacityEffect))
    for what, servers in countables(lever.effects, lever.now, lever.now + lever.stride).items():
        if what.unit == "servers":
            id = what.service
            yield _Step(id, system.services[id].capacity, changed.services[id].capacity, servers)


def _enough(step: _Step) -> float | None:
    samples = (of / _PERCENT for of in range(1, _PERCENT + 1))
    return next((sample for sample in samples if is_near(step.scaled_up(sample), step.servers)), None)
