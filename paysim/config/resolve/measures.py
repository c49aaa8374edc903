"""Measures: references looked up, limits in days, targets by kind of resident."""

from collections.abc import Mapping

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.durations import days
from paysim.config.resolve.lists import listed
from paysim.config.schema.measure import Measure
from paysim.config.schema.numbers import ColumnOfTable
from paysim.model import measure as model
from paysim.model.limits import LARGEST_NUMBER
from paysim.model.pathway import Pathway, ServiceChoice
from paysim.model.population import ByResident, Population
from paysim.model.service import Service


def measures(
    document: Document,
    written: Mapping[str, Measure],
    population: Population,
    services: Mapping[str, Service],
    provisions: Mapping[str, ServiceChoice],
    pathways: Mapping[str, Pathway],
) -> dict[str, model.Measure]:
    """Return the measures by id; raise InputError for unknown steps, services and pathways."""
    steps = {step.id: step for pathway in pathways.values() for step in pathway.steps}
    resolved = {}
    for name, measure in written.items():
        path: KeyPath = ("measure", name)
        if measure.balanced_by is not None:
            document.known((*path, "balanced_by"), "pathway", measure.balanced_by, pathways)
            if pathways[measure.balanced_by].demand is None:
                found = f"found pathway {measure.balanced_by!r}, which has no demand"
                raise document.refuse((*path, "balanced_by"), found, "expected a pathway with demand")
        target: float | ByResident | None
        if isinstance(measure.target, ColumnOfTable):
            target = by_resident(document, (*path, "target"), measure.target, population, LARGEST_NUMBER)
        else:
            target = measure.target
        known = {**provisions, **services}
        providers = listed(document, (*path, "services"), "service", measure.services, known)
        resolved[name] = model.Measure(
            id=name,
            name=measure.name,
            kind=measure.kind,
            steps=listed(document, (*path, "steps"), "step", measure.steps, steps),
            target=target,
            tolerance=measure.tolerance,
            absolute=measure.absolute,
            base=listed(document, (*path, "base"), "step", measure.base, steps),
            until=listed(document, (*path, "until"), "step", measure.until, steps),
            services=tuple(dict.fromkeys(s for name in providers for s in _services(name, provisions))),
            limit=days(measure.limit) if measure.limit else None,
            balanced_by=measure.balanced_by,
            explanation=measure.explanation,
        )
    return resolved


def _services(name: str, provisions: Mapping[str, ServiceChoice]) -> tuple[str, ...]:
    return provisions[name].services if name in provisions else (name,)
