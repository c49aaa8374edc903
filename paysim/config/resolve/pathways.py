"""Pathways: steps, branches, demand, and the service that carries a step out for each place."""

from collections.abc import Mapping
from dataclasses import dataclass

from paysim.config.document import Document, KeyPath
from paysim.config.limits import LARGEST_NUMBER
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.choices import Choice, only, service_choice
from paysim.config.resolve.durations import duration
from paysim.config.schema import care
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
    choices: Mapping[str, Choice]
    provisions: Mapping[str, ServiceChoice]
    steps: Mapping[str, Mapping[str, object]]


def pathways(document: Document, written: Mapping[str, care.Pathway], names: Names) -> dict[str, Pathway]:
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


def _demand(document: Document, path: KeyPath, demand: care.Demand | None, names: Names) -> Demand | None:
    if demand is None:
        return None
    rate = by_resident(document, (*path, "rate"), demand.rate, names.population, LARGEST_NUMBER)
    return Demand(rate, document.known((*path, "timing"), "timing", demand.timing, names.timings))


def _step(document: Document, pathway: str, path: KeyPath, step: care.Step, names: Names) -> Step:
    if step.currency is not None:
        document.known((*path, "currency"), "currency", step.currency, names.currencies)
        if names.currencies[step.currency].counted == "spell" and not step.admitted:
            found = f"found a step that is not admitted with currency {step.currency!r}, which is counted by the spell"
            raise document.refuse((*path, "admitted"), found, "expected true, or another currency")
    if step.case_mix is not None:
        document.known((*path, "case_mix"), "case mix", step.case_mix, names.case_mixes)
    _check_duration(document, path, step, names)
    return Step(
        id=".".join((pathway, str(path[-1]))),
        name=step.name,
        service=_provider(document, (*path, "service"), step.service, names),
        duration=duration(step.duration) if step.duration else None,
        currency=step.currency,
        code=step.code,
        case_mix=step.case_mix,
        admitted=step.admitted,
        priority=step.priority,
        branches=tuple(
            Branch(
                to=_step_id(document, pathway, (*path, "next", number, "to"), way.to, names),
                probability=by_resident(
                    document, (*path, "next", number, "probability"), way.probability, names.population, 1.0
                ),
                delay=duration(way.delay) if way.delay else IMMEDIATELY,
            )
            for number, way in enumerate(step.next)
        ),
    )


def _provider(document: Document, path: KeyPath, written: care.Provider, names: Names) -> ServiceChoice:
    if not isinstance(written, str):
        return service_choice(document, path, written, names.services, names.choices, names.population.places)
    if written in names.provisions:
        return names.provisions[written]
    document.known(path, "service", written, {**names.provisions, **names.services})
    return only(written, names.population.places)


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


def _step_id(document: Document, pathway: str, path: KeyPath, name: str, names: Names) -> str:
    """Return the full id of a step named from within a pathway; the entry must be one of the pathway's own."""
    if path[-1] == "entry" or "." not in name:
        return f"{pathway}.{document.known(path, 'step', name, names.steps[pathway])}"
    everywhere = {f"{other}.{step}": None for other, steps in names.steps.items() for step in steps}
    return document.known(path, "step", name, everywhere)
