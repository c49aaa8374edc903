"""Pathways: steps, branches, demand, and the service that carries a step out for each place."""

from collections.abc import Mapping
from dataclasses import dataclass

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.choices import Choice, only, service_choice
from paysim.config.resolve.durations import days, duration
from paysim.config.schema import care
from paysim.config.schema.choice import ServiceOfStep
from paysim.model.pathway import (
    IMMEDIATELY,
    MOST_EPISODES,
    AfterWait,
    Branch,
    CaseMix,
    Demand,
    NotAttending,
    Pathway,
    ServiceChoice,
    Step,
    Timing,
)
from paysim.model.population import Population
from paysim.model.price import Currency
from paysim.model.service import Service


@dataclass(frozen=True)
class PathwayNames:
    """What a pathway may refer to."""

    population: Population
    services: Mapping[str, Service]
    currencies: Mapping[str, Currency]
    case_mixes: Mapping[str, CaseMix]
    timings: Mapping[str, Timing]
    choices: Mapping[str, Choice]
    provisions: Mapping[str, ServiceChoice]
    steps: Mapping[str, Mapping[str, object]]


def pathways(document: Document, written: Mapping[str, care.Pathway], names: PathwayNames) -> dict[str, Pathway]:
    """Return the pathways by id; raise InputError for unknown steps, services, currencies, case mixes and timings."""
    return {
        name: Pathway(
            id=name,
            name=pathway.name,
            entry=_step_id(document, name, ("pathway", name, "entry"), pathway.entry, names),
            demand=_demand(document, ("pathway", name, "demand"), pathway.demand, names),
            steps=tuple(
                _step(document, name, ("pathway", name, "step", step_name), step, names)
                for step_name, step in pathway.step.items()
            ),
        )
        for name, pathway in written.items()
    }


def _demand(document: Document, path: KeyPath, demand: care.Demand | None, names: PathwayNames) -> Demand | None:
    if demand is None:
        return None
    rate = by_resident(document, (*path, "rate"), demand.rate, names.population, MOST_EPISODES)
    return Demand(rate, document.known((*path, "timing"), "timing", demand.timing, names.timings))


def _step(document: Document, pathway: str, path: KeyPath, step: care.Step, names: PathwayNames) -> Step:
    if step.currency is not None:
        document.known((*path, "currency"), "currency", step.currency, names.currencies)
        if names.currencies[step.currency].counted == "spell" and not step.admitted:
            found = f"found a step that is not admitted with currency {step.currency!r}, which is counted by the spell"
            raise document.refuse((*path, "admitted"), found, "expected true, or another currency")
    if step.case_mix is not None:
        document.known((*path, "case_mix"), "case mix", step.case_mix, names.case_mixes)
    _check_duration(document, path, step, names)
    service = _provider(document, (*path, "service"), step.service, names)
    return Step(
        id=".".join((pathway, str(path[-1]))),
        name=step.name,
        service=service,
        duration=duration(step.duration) if step.duration else None,
        currency=step.currency,
        code=step.code,
        case_mix=step.case_mix,
        admitted=step.admitted,
        priority=step.priority,
        branches=tuple(
            _branch(document, pathway, (*path, "next", number), way, names) for number, way in enumerate(step.next)
        ),
        patience=duration(step.patience) if step.patience else None,
        unserved=_unserved(document, pathway, path, step, service, names),
        not_attending=_not_attending(document, pathway, (*path, "not_attending"), step.not_attending, names),
    )


def _branch(document: Document, pathway: str, path: KeyPath, way: care.Next, names: PathwayNames) -> Branch:
    probability = by_resident(document, (*path, "probability"), way.probability, names.population, 1.0)
    bands: list[AfterWait] = []
    for number, band in enumerate(way.after_wait):
        here = (*path, "after_wait", number)
        over = days(band.over)
        if bands and over <= bands[-1].over:
            raise document.refuse(
                (*here, "over"), "found a limit that is not above the one before", "expected limits that ascend"
            )
        bands.append(
            AfterWait(over, by_resident(document, (*here, "probability"), band.probability, names.population, 1.0))
        )
    return Branch(
        to=_step_id(document, pathway, (*path, "to"), way.to, names),
        probability=probability,
        delay=duration(way.delay) if way.delay else IMMEDIATELY,
        after_wait=tuple(bands),
        holds=way.holds,
    )


def _unserved(
    document: Document, pathway: str, path: KeyPath, step: care.Step, service: ServiceChoice, names: PathwayNames
) -> str | None:
    if step.unserved is None:
        return None
    if step.patience is None and all(names.services[name].waiting_room is None for name in service.services):
        found = "found `unserved`, and everybody is served"
        raise document.refuse((*path, "unserved"), found, "expected `patience` too, or a service with a waiting_room")
    return _step_id(document, pathway, (*path, "unserved"), step.unserved, names)


def _not_attending(
    document: Document, pathway: str, path: KeyPath, written: care.NotAttending | None, names: PathwayNames
) -> NotAttending | None:
    if written is None:
        return None
    return NotAttending(
        probability=by_resident(document, (*path, "probability"), written.probability, names.population, 1.0),
        instead=_step_id(document, pathway, (*path, "instead"), written.instead, names),
    )


def _provider(document: Document, path: KeyPath, written: ServiceOfStep, names: PathwayNames) -> ServiceChoice:
    if not isinstance(written, str):
        return service_choice(document, path, written, names.services, names.choices, names.population.places)
    if written in names.provisions:
        return names.provisions[written]
    document.known(path, "service", written, {**names.provisions, **names.services})
    return only(written, names.population.places)


def _check_duration(document: Document, path: KeyPath, step: care.Step, names: PathwayNames) -> None:
    entries = names.case_mixes[step.case_mix].entries if step.case_mix else ()
    without_stay = [entry.code for entry in entries if entry.stay is None]
    if step.duration is None and (without_stay or not entries):
        of_code = f" for code {without_stay[0]!r}" if without_stay else ""
        raise document.refuse(
            (*path, "duration"), f"found no duration{of_code}", "expected one, or a case mix with stays"
        )
    if step.duration is not None and entries and not without_stay:
        found = f"found a duration, and case mix {step.case_mix!r} gives the stay of every code"
        raise document.refuse((*path, "duration"), found, "expected one of them")


def _step_id(document: Document, pathway: str, path: KeyPath, name: str, names: PathwayNames) -> str:
    """Return the full id of a step named from within a pathway; the entry must be one of the pathway's own."""
    own = names.steps[pathway]
    everywhere = {f"{other}.{step}": None for other, steps in names.steps.items() for step in steps}
    if path[-1] != "entry" and "." in name:
        return document.known(path, "step", name, everywhere)
    elsewhere = [repr(id) for id in everywhere if path[-1] != "entry" and id.partition(".")[2] == name]
    if elsewhere and name not in own:
        expected = f"did you mean {' or '.join(elsewhere)}? known without a pathway: {', '.join(own)}"
        raise document.refuse(path, f"unknown step {name!r}", expected)
    return f"{pathway}.{document.known(path, 'step', name, own)}"
