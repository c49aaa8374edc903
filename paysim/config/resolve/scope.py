"""Scopes: the services, pathways, residents and months that a contract pays for."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.limits import MOST_YEARS
from paysim.config.resolve.ages import members
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.kinds import inhabited
from paysim.config.resolve.lists import listed
from paysim.config.resolve.names import Names
from paysim.config.schema import payment
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Scope
from paysim.model.population import QUINTILES, SEXES, ByResident, Population


def scope(
    document: Document, path: KeyPath, written: payment.Scope, payee: str, places: tuple[str, ...], names: Names
) -> Scope:
    """Return the scope at `path` of a contract for residents of these places.

    Raises InputError for unknown names, for residents whom there are none of, and for months before the first one.
    """
    pathways = None
    if written.pathways is not None:
        pathways = listed(document, (*path, "pathways"), "pathway", written.pathways, names.pathways)
    return Scope(
        services=_services(document, path, written, payee, names),
        places=places,
        pathways=pathways,
        residents=_residents(document, path, written, places, names.population),
        periods=_periods(document, (*path, "periods"), written.periods, names.start),
    )


def _services(document: Document, path: KeyPath, written: payment.Scope, payee: str, names: Names) -> tuple[str, ...]:
    if written.services is not None:
        return listed(document, (*path, "services"), "service", written.services, names.services)
    owners: tuple[str, ...] = (payee,)
    if written.organisations is not None:
        here = (*path, "organisations")
        owners = listed(document, here, "organisation", written.organisations, names.organisations)
    return tuple(name for name, service in names.services.items() if service.organisation in owners)


def _residents(
    document: Document, path: KeyPath, written: payment.Scope, places: tuple[str, ...], population: Population
) -> ByResident | None:
    """Return 1 for the kinds of residents in scope and 0 for others, None where nothing narrows them."""
    if written.ages is None and written.segments is None and written.residents is None:
        return None
    inside = np.ones((len(population.places), population.profiles), dtype=np.bool_)
    if written.ages is not None:
        inside &= _of_ages(document, (*path, "ages"), written.ages, population)
    if written.segments is not None:
        known = dict.fromkeys(population.segments)
        named = listed(document, (*path, "segments"), "segment", written.segments, known)
        inside &= np.tile([segment in named for segment in population.segments], inside.shape[1] // len(known))
    if written.residents is not None:
        table = by_resident(document, (*path, "residents"), written.residents, population, 1.0)
        if between := [value for value in np.unique(table).tolist() if value not in (0.0, 1.0)]:
            found = f"found {between[0]:g} in column {written.residents.column!r}"
            raise document.refuse((*path, "residents"), found, "expected 1 for residents in scope and 0 for others")
        inside &= table == 1
    inside &= np.array([[place in places] for place in population.places])
    if not (inside & inhabited(population)).any():
        raise document.refuse(path, "found a scope without residents", "expected residents of its places")
    return inside.astype(np.float64)


def _of_ages(document: Document, path: KeyPath, bands: list[str], population: Population) -> NDArray[np.bool_]:
    """Return which profiles are of some age bands, or unions of bands."""
    chosen = np.zeros(len(population.age_bands), dtype=np.bool_)
    for number, band in enumerate(bands):
        positions = members(band, population.age_bands)
        if positions is None:
            whole = f"expected one of the population's age bands or a union of them: {', '.join(population.age_bands)}"
            raise document.refuse((*path, number), f"found {band!r}", whole)
        chosen[positions] = True
    return np.repeat(chosen, len(SEXES) * len(QUINTILES) * len(population.segments))


def _periods(document: Document, path: KeyPath, written: payment.Months | None, start: date) -> tuple[int, int] | None:
    """Return the first period and the first one after the last."""
    if written is None:
        return None
    first = 0 if written.since is None else _period(written.since, start)
    stop = MOST_YEARS * MONTHS_PER_YEAR if written.to is None else _period(written.to, start) + 1
    key, month = ("from", written.since) if first < 0 else ("to", written.to)
    if first < 0 or stop < 1:
        raise document.refuse((*path, key), f"found {month!r}", f"expected a month not before '{start:%Y-%m}'")
    return first, stop


def _period(month: str, start: date) -> int:
    year, of_year = map(int, month.split("-"))
    return (year - start.year) * MONTHS_PER_YEAR + of_year - start.month
