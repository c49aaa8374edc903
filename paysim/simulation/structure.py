"""What must stay as it was while a run goes on under other settings."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from paysim.model.errors import InputError
from paysim.model.pathway import Step
from paysim.model.population import Population
from paysim.model.system import System

Compared = tuple[str, Any, Any]
"""A key path, what stood there when the run began, and what stands there now."""


def refuse_another_structure(begun: System, other: System) -> None:
    """Raise InputError unless a run that began with one system can go on with the other.

    What an engine keeps of residents, queues and choices must go on to mean the same, and so must what costs and
    payment take from the system that the run began with. The `now` of a lever must, since it only says where settings
    are: whoever moves it alone would wait in vain for an effect.
    """
    for compared in (_whole, _pathways, _steps, _services):
        for key_path, before, now in compared(begun, other):
            if before != now:
                plain = isinstance(now, str | int | None)
                found = f"found {now!r}" if plain else "found another one"
                expected = f"expected {before!r}" if plain else "expected the same"
                raise InputError("", key_path, found, f"{expected} as the run began with")
    for id, lever in other.levers.items():
        if id in begun.levers and lever.now != (before := begun.levers[id].now):
            why = "`now` says where the settings are and moves none; paysim.with_levers does"
            expected = f"expected {before:g} as the run began with: {why}"
            raise InputError("", f"lever.{id}.now", f"found {lever.now:g}", expected)


def _whole(begun: System, other: System) -> Iterator[Compared]:
    yield "start", str(begun.start), str(other.start)
    yield "study.warm_up_days", begun.study.warm_up_days, other.study.warm_up_days
    yield "population", _residents(begun.population), _residents(other.population)
    yield "need", begun.need is not None, other.need is not None
    yield "organisation", dict(begun.organisations), dict(other.organisations)
    yield "currency", dict(begun.currencies), dict(other.currencies)
    yield "prices", dict(begun.prices), dict(other.prices)
    yield "timing", dict(begun.timings), dict(other.timings)
    yield "service", begun.service_ids, other.service_ids
    yield "step", begun.step_ids, other.step_ids
    yield "code", begun.codes, other.codes
    yield "pathway", tuple(begun.pathways), tuple(other.pathways)


def _pathways(begun: System, other: System) -> Iterator[Compared]:
    for id, pathway in other.pathways.items():
        demand, before = pathway.demand, begun.pathways[id].demand
        yield f"pathway.{id}.entry", begun.pathways[id].entry, pathway.entry
        yield f"pathway.{id}.demand", before is not None, demand is not None
        if demand is not None and before is not None:
            yield f"pathway.{id}.demand.timing", before.timing, demand.timing


def _steps(begun: System, other: System) -> Iterator[Compared]:
    for step in other.steps.values():
        before = begun.steps[step.id]
        for name in ("priority", "currency", "admitted"):
            yield f"{step.id}.{name}", getattr(before, name), getattr(step, name)
        yield f"{step.id}.service", _remembered(before), _remembered(step)


def _services(begun: System, other: System) -> Iterator[Compared]:
    for service in other.services.values():
        for name in ("discipline", "organisation", "cost"):
            yield f"service.{service.id}.{name}", getattr(begun.services[service.id], name), getattr(service, name)


def _residents(population: Population) -> tuple[Any, ...]:
    cells = np.stack((population.place, population.profile, population.residents))
    return population.places, population.age_bands, population.segments, cells.shape, cells.tobytes()


def _remembered(step: Step) -> tuple[object, ...]:
    """Return what an episode's memory of a choice rests on: its id, its options, and whether waits have a part."""
    choice = step.service
    return (choice.group, choice.services, choice.wait_sensitivity > 0.0) if choice.group else ("",)
