"""A map in, the reading of an extract out."""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from paysim.config.document import Document, KeyPath
from paysim.config.fingerprint import fingerprint
from paysim.config.merge import read_document
from paysim.config.paths import refuse_no_file
from paysim.config.schema import extract as schema
from paysim.config.usual_extract import COLUMNS, ONLY, OPTIONAL, RULES
from paysim.config.validate import validated
from paysim.config.wording import nearest
from paysim.model.extract import ColumnName, ExtractMap, Rule
from paysim.model.system import System

_MOMENT = datetime(2017, 12, 31)


def load_map(path: str | os.PathLike[str], system: System) -> ExtractMap:
    """Return how an extract is read, as a map file says, for a system.

    Raises InputError, with file, key path, what was found and what was expected, for anything that is missing,
    misspelt, of the wrong type or unknown to the system.
    """
    file = Path(path)
    refuse_no_file(file, "expected a map")
    document = read_document(file)
    written = validated(document, schema.ExtractMap)
    step_of = _steps(document, written, system)
    services_of = _services(document, written, system)
    places = {place: number for number, place in enumerate(system.population.places)}
    _check_dates(document, written.dates)
    return ExtractMap(
        file=str(file),
        kind=written.kind,
        columns=_columns(written),
        dates=written.dates,
        separator=written.separator,
        only=_values(ONLY[written.kind] if written.only is None else written.only),
        required_only=written.only is not None,
        rules=_rules(document, written, step_of),
        step_of=step_of,
        services_of=services_of,
        service_of=dict(_service_of_steps(document, written, system, services_of, step_of)),
        place_of=_places(document, written, places),
        elsewhere=None if written.elsewhere is None else places[_elsewhere(document, written.elsewhere, places)],
        fingerprint=fingerprint(document),
    )


def _columns(written: schema.ExtractMap) -> Mapping[str, ColumnName]:
    usual = COLUMNS[written.kind]
    found = {}
    for role in schema.Columns.model_fields:
        named = getattr(written.columns, role)
        found[role] = ColumnName((named,) if named else usual.get(role, ()), named is not None, f"columns.{role}")
    return found


def _values(written: Mapping[str, list[str] | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {column: tuple(value.strip().upper() for value in values) for column, values in written.items()}


def _steps(document: Document, written: schema.ExtractMap, system: System) -> dict[str, int]:
    """Return the step of each point of delivery, in capitals.

    Raises InputError for one that no rule could decide, of whatever kind: maps of several kinds may share their steps.
    """
    numbers = {step: number for number, step in enumerate(system.step_ids)}
    own = [rule.name for rule in written.point_of_delivery]
    usual = [rule.point_of_delivery for kind in (written.kind, *RULES) for rule in RULES[kind]]
    points = dict.fromkeys([*own, *usual])
    for name in written.step if written.columns.point_of_delivery is None else ():
        if name.upper() not in map(str.upper, points):
            raise document.refuse(("step", name), f"unknown point of delivery {name!r}", nearest(name, points))
    return {
        name.upper(): numbers[document.known(("step", name), "step", step, numbers)]
        for name, step in written.step.items()
    }


def _services(document: Document, written: schema.ExtractMap, system: System) -> dict[str, tuple[int, ...]]:
    numbers = {service: number for number, service in enumerate(system.service_ids)}
    owned = {
        owner: tuple(numbers[service.id] for service in system.services.values() if service.organisation == owner)
        for owner in system.organisations
    }
    by_id = {**{service: (number,) for service, number in numbers.items()}, **owned}
    if not written.provider:
        return {name.upper(): services for name, services in by_id.items()}
    found = {}
    for code, value in written.provider.items():
        path: KeyPath = ("provider", code)
        if isinstance(value, str):
            found[code.upper()] = by_id[document.known(path, "organisation or service", value, by_id)]
        else:
            found[code.upper()] = tuple(
                numbers[document.known((*path, number), "service", service, numbers)]
                for number, service in enumerate(value)
            )
    return found


def _service_of_steps(
    document: Document,
    written: schema.ExtractMap,
    system: System,
    services_of: Mapping[str, tuple[int, ...]],
    step_of: Mapping[str, int],
) -> Iterator[tuple[tuple[str, int], int]]:
    """Yield provider code and step with the service that carries the step out there.

    Raises InputError where several of a provider's services do: which one is meant cannot be seen.
    """
    steps, services = list(system.steps.values()), system.service_ids
    keys = {code.upper(): code for code in written.provider}
    for step in dict.fromkeys(step_of.values()):
        able = set(steps[step].service.services)
        for code, owned in services_of.items():
            found = [number for number in owned if services[number] in able]
            if len(found) > 1 and (code in keys or services[found[0]].upper() != code):
                names = ", ".join(repr(services[number]) for number in found)
                raise document.refuse(
                    ("provider", keys.get(code, code)),
                    f"found several services that carry out step {steps[step].id!r}: {names}",
                    "expected a list of services with one of them",
                )
            if found:
                yield (code, step), found[0]


def _places(document: Document, written: schema.ExtractMap, places: Mapping[str, int]) -> dict[str, int]:
    if not written.place:
        return {place.upper(): number for place, number in places.items()}
    return {
        code.upper(): places[document.known(("place", code), "place", place, places)]
        for code, place in written.place.items()
    }


def _elsewhere(document: Document, place: str, places: Mapping[str, int]) -> str:
    return document.known(("elsewhere",), "place", place, places)


def _rules(document: Document, written: schema.ExtractMap, step_of: Mapping[str, int]) -> tuple[Rule, ...]:
    own = []
    for number, rule in enumerate(written.point_of_delivery):
        if rule.name.upper() not in step_of:
            path = ("point_of_delivery", number, "name")
            raise document.refuse(path, f"found {rule.name!r}, which [step] lacks", nearest(rule.name, written.step))
        own.append(Rule(rule.name.upper(), _values(rule.where), rule.shorter_than_days))
    if written.columns.point_of_delivery:
        return tuple(own)
    usual = [
        Rule(rule.point_of_delivery.upper(), rule.where, rule.shorter_than_days)
        for rule in RULES[written.kind]
        if rule.point_of_delivery not in OPTIONAL or rule.point_of_delivery.upper() in step_of
    ]
    return (*own, *usual)


def _check_dates(document: Document, form: str) -> None:
    """Raise InputError for a form of dates from which the day cannot be read."""
    try:
        complete = datetime.strptime(_MOMENT.strftime(form), form).date() == _MOMENT.date()
    except ValueError:
        complete = False
    if not complete:
        raise document.refuse(("dates",), f"found {form!r}", "expected the form of a whole date, such as '%d/%m/%Y'")
