"""Small systems made by hand: two places, two age bands, and defaults for whatever a test does not care about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np

from paysim.model.organisation import Organisation
from paysim.model.pathway import (
    IMMEDIATELY,
    Branch,
    CaseMix,
    Demand,
    Duration,
    Pathway,
    ServiceChoice,
    Step,
    Timing,
)
from paysim.model.population import ByResident, Place, Population
from paysim.model.service import CostStructure, OpenHours, Service
from paysim.model.system import StudyDefaults, System

PLACES = ("hill", "vale")
AGE_BANDS = ("0-64", "65+")
CELLS = ((0, 0), (0, 10), (1, 0), (1, 10))
"""Place and profile of everybody: women of the most deprived quintile, young and old, of hill and of vale."""

FLAT = Timing("flat", (1.0,) * 24, (1.0,) * 7, (1.0,) * 12)
WEEKDAYS = tuple(OpenHours(24 * day + 8, 24 * day + 18.5) for day in range(5))
"""Monday to Friday, 08:00 to 18:30."""

A_DAY = Duration("constant", 1.0, 0.0)
ABOUT_A_DAY = Duration("exponential", 1.0, 1.0)


def everyone(value: float) -> ByResident:
    """Return the same value for every kind of resident."""
    return np.full((2, 20), value)


def by_kind(hill_young: float, hill_old: float, vale_young: float, vale_old: float) -> ByResident:
    """Return a value for each of the four cells."""
    table = np.zeros((2, 20))
    for cell, value in zip(CELLS, (hill_young, hill_old, vale_young, vale_old), strict=True):
        table[cell] = value
    return table


def population(*residents: int) -> Population:
    """Return residents by cell (one number: the same in all four)."""
    heads = residents if len(residents) == 4 else residents * 4
    place, profile = zip(*CELLS, strict=True)
    return Population(
        PLACES, AGE_BANDS, np.array(place, dtype=np.int16), np.array(profile, dtype=np.int16), np.array(heads)
    )


def service(
    id: str = "clinic", capacity: int = 1, opening: tuple[OpenHours, ...] = (), discipline: str = "fifo"
) -> Service:
    return Service(id, id, "provider", "acute", "servers", capacity, opening, discipline, CostStructure())  # type: ignore[arg-type]


def at(*services: str, shares: Sequence[Sequence[float]] | None = None, group: str | None = None) -> ServiceChoice:
    """Return a choice between services, in equal shares unless told otherwise."""
    equal = [[1 / len(services)] * len(services)] * 2
    return ServiceChoice(group or "+".join(services), services, np.array(equal if shares is None else shares))


def branch(to: str | None, probability: float | ByResident, delay: Duration = IMMEDIATELY) -> Branch:
    return Branch(to, everyone(probability) if isinstance(probability, int | float) else probability, delay)


def step(
    id: str,
    service: str | ServiceChoice = "clinic",
    duration: Duration | None = A_DAY,
    branches: Iterable[Branch] = (),
    case_mix: str | None = None,
    priority: int = 0,
) -> Step:
    choice = at(service) if isinstance(service, str) else service
    return Step(id, id, choice, duration, None, None, case_mix, False, priority, tuple(branches))


def pathway(id: str, rate: float | ByResident | None, *steps: Step, timing: str = "flat") -> Pathway:
    """Return a pathway that is entered by its first step; `rate` None: only other pathways lead to it."""
    by_resident = everyone(rate) if isinstance(rate, int | float) else rate
    demand = None if by_resident is None else Demand(by_resident, timing)
    return Pathway(id, id, steps[0].id, demand, steps)


def system(
    services: Iterable[Service],
    pathways: Iterable[Pathway],
    residents: Population | int = 100,
    case_mixes: Iterable[CaseMix] = (),
    timings: Iterable[Timing] = (FLAT,),
    warm_up_days: int = 0,
    start: date = date(2017, 4, 1),
) -> System:
    """Return a system of one provider without prices or contracts."""
    return System(
        title="A small system",
        question="Does it run as it should?",
        start=start,
        price_year="2017-18",
        population=population(residents) if isinstance(residents, int) else residents,
        places={place: Place(place, place) for place in PLACES},
        organisations={"provider": Organisation("provider", "provider", "provider")},
        services=_by_id(services),
        currencies={},
        prices={},
        case_mixes=_by_id(case_mixes),
        timings=_by_id(timings),
        pathways=_by_id(pathways),
        measures={},
        arrangements={},
        study=StudyDefaults((), 1, 1, 1, 1.0, warm_up_days, 1),
        sources={},
        parameters=(),
        fingerprint="",
    )


def _by_id(items: Iterable[object]) -> Mapping:  # type: ignore[type-arg]
    return {item.id: item for item in items}  # type: ignore[attr-defined]
