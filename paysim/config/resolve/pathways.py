"""Pathways: steps, branches, demand, and the service that carries a step out for each place."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.choices import complete, shares
from paysim.config.resolve.durations import duration
from paysim.config.schema import care
from paysim.config.schema.config import Config
from paysim.model.contract import Currency
from paysim.model.pathway import IMMEDIATELY, Branch, CaseMix, Demand, Pathway, ServiceChoice, Step, Timing
from paysim.model.population import Population
from paysim.model.service import Service


@dataclass(frozen=True)
class Names:
    """What a pathway may refer to."""

    population: Population
    services: Mapping[str, Service]
    currencies: Mapping[str, Currency]
    case_mixes: Mapping[str, CaseMix]
    timings: Mapping[str, Timing]


def pathways(document: Document, config: Config, names: Names) -> dict[str, Pathway]:
    """Return the pathways by id; raise InputError for unknown steps, services, currencies, case mixes and timings."""
    return {
        name: Pathway(
            id=name,
            name=written.name,
            entry=_step_id(document, config, name, ("pathway", name, "entry"), written.entry),
            demand=_demand(document, ("pathway", name, "demand"), written.demand, names),
            steps=tuple(
                _step(document, config, name, ("pathway", name, "step", step_name), step, names)
                for step_name, step in written.step.items()
            ),
        )
        for name, written in config.pathway.items()
    }


def _demand(document: Document, path: KeyPath, demand: care.Demand | None, names: Names) -> Demand | None:
    if demand is None:
        return None
    rate = by_resident(document, (*path, "rate"), demand.rate, names.population, math.inf)
    return Demand(rate, document.known((*path, "timing"), "timing", demand.timing, names.timings))


def _step(document: Document, config: Config, pathway: str, path: KeyPath, step: care.Step, names: Names) -> Step:
    if step.currency is not None:
        document.known((*path, "currency"), "currency", step.currency, names.currencies)
        if names.currencies[step.currency].counted == "spell" and not step.admitted:
            found = f"{step.currency!r} is counted by the spell, and the step is not admitted"
            raise document.refuse((*path, "currency"), found, "expected admitted = true or another currency")
    if step.case_mix is not None:
        document.known((*path, "case_mix"), "case mix", step.case_mix, names.case_mixes)
    _check_duration(document, path, step, names)
    return Step(
        id=".".join((pathway, str(path[-1]))),
        name=step.name,
        service=_service(document, config, (*path, "service"), step.service, names),
        duration=duration(step.duration) if step.duration else None,
        currency=step.currency,
        code=step.code,
        case_mix=step.case_mix,
        admitted=step.admitted,
        priority=step.priority,
        branches=tuple(
            Branch(
                to=_step_id(document, config, pathway, (*path, "next", number, "to"), way.to),
                probability=by_resident(
                    document, (*path, "next", number, "probability"), way.probability, names.population, 1.0
                ),
                delay=duration(way.delay) if way.delay else IMMEDIATELY,
            )
            for number, way in enumerate(step.next)
        ),
    )


def _check_duration(document: Document, path: KeyPath, step: care.Step, names: Names) -> None:
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


def _step_id(document: Document, config: Config, pathway: str, path: KeyPath, name: str) -> str:
    """Return the full id of a step named from within a pathway; the entry must be one of the pathway's own."""
    own = dict.fromkeys(config.pathway[pathway].step)
    if path[-1] == "entry" or "." not in name:
        return f"{pathway}.{document.known(path, 'step', name, own)}"
    others = {f"{other}.{step}": None for other, written in config.pathway.items() for step in written.step}
    return document.known(path, "step", name, others)


def _service(
    document: Document,
    config: Config,
    path: KeyPath,
    service: str | care.ByPlaceOfResidence | care.Chosen,
    names: Names,
) -> ServiceChoice:
    places = names.population.places
    match service:
        case care.ByPlaceOfResidence():
            by_place = complete(document, (*path, "by_place"), "place", service.by_place, places)
            for place, name in by_place.items():
                document.known((*path, "by_place", place), "service", name, names.services)
            options = tuple(dict.fromkeys(by_place.values()))
            picked = np.array([[float(by_place[place] == option) for option in options] for place in places])
            return ServiceChoice("", options, picked)
        case care.Chosen():
            document.known((*path, "choice"), "choice", service.choice, config.choice)
            choice = config.choice[service.choice]
            by_option = complete(document, (*path, "options"), "option", service.options, choice.options)
            for option, name in by_option.items():
                document.known((*path, "options", option), "service", name, names.services)
            by_choice = shares(document, ("choice", service.choice), choice, places)
            return ServiceChoice(service.choice, tuple(by_option[option] for option in choice.options), by_choice)
        case _:
            document.known(path, "service", service, names.services)
            return ServiceChoice("", (service,), np.ones((len(places), 1)))
