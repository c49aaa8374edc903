"""Scopes: the services, pathways, residents and months that a contract pays for."""

from datetime import date

import numpy as np

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.lists import listed
from paysim.config.resolve.names import ContractNames
from paysim.config.resolve.residents import residents
from paysim.config.schema import payment
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Scope
from paysim.model.limits import MOST_YEARS
from paysim.model.population import ByResident, Population


def scope(
    document: Document, path: KeyPath, written: payment.Scope, payee: str, places: tuple[str, ...], names: ContractNames
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


def _services(
    document: Document, path: KeyPath, written: payment.Scope, payee: str, names: ContractNames
) -> tuple[str, ...]:
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
    inside = residents(document, path, written, places, population)
    if not (inside & population.inhabited()).any():
        raise document.refuse(path, "found a scope without residents", "expected residents of its places")
    return inside.astype(np.float64)


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
