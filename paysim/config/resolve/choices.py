"""Which service carries a step out: one, one for each place, or one for each option of a choice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.tariff import SHARE_TOLERANCE
from paysim.config.schema import care
from paysim.model.pathway import ServiceChoice

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Choice:
    """Options and their shares by place of residence: shape (places, options), rows add up to 1."""

    options: tuple[str, ...]
    shares: NDArray[np.float64]


def choices(document: Document, written: Mapping[str, care.Choice], places: Collection[str]) -> dict[str, Choice]:
    """Return the choices by id; raise InputError for unknown places and options, and shares that do not add up to 1."""
    return {name: _choice(document, ("choice", name), choice, places) for name, choice in written.items()}


def provisions(
    document: Document,
    written: Mapping[str, care.Provider],
    services: Mapping[str, object],
    offered: Mapping[str, Choice],
    places: Collection[str],
) -> dict[str, ServiceChoice]:
    """Return the provisions by id; raise InputError for unknown names, and ids that a service has too."""
    for name in written:
        if name in services:
            found = "found the id of a service"
            raise document.refuse(("provision", name), found, "expected another id, so that steps can tell them apart")
    return {
        name: service_choice(document, ("provision", name), provider, services, offered, places)
        for name, provider in written.items()
    }


def service_choice(
    document: Document,
    path: KeyPath,
    written: care.Provider,
    services: Mapping[str, object],
    offered: Mapping[str, Choice],
    places: Collection[str],
) -> ServiceChoice:
    """Return the services that may carry a step out, and their shares by place.

    Raises InputError for unknown services, choices, options and places, and for places and options left out.
    """
    match written:
        case care.ByPlaceOfResidence():
            by_place = _complete(document, (*path, "by_place"), "place", written.by_place, places)
            for place, name in by_place.items():
                document.known((*path, "by_place", place), "service", name, services)
            distinct = tuple(dict.fromkeys(by_place[place] for place in places))
            shares = np.array([[float(by_place[place] == service) for service in distinct] for place in places])
            return ServiceChoice("", distinct, shares)
        case care.Chosen():
            choice = offered[document.known((*path, "choice"), "choice", written.choice, offered)]
            by_option = _complete(document, (*path, "options"), "option", written.options, choice.options)
            for option, name in by_option.items():
                document.known((*path, "options", option), "service", name, services)
            return ServiceChoice(written.choice, tuple(by_option[option] for option in choice.options), choice.shares)
        case _:
            return only(document.known(path, "service", written, services), places)


def only(service: str, places: Collection[str]) -> ServiceChoice:
    """Return the choice of one service for all places."""
    return ServiceChoice("", (service,), np.ones((len(places), 1)))


def _choice(document: Document, path: KeyPath, choice: care.Choice, places: Collection[str]) -> Choice:
    for number, option in enumerate(choice.options):
        if option in choice.options[:number]:
            raise document.refuse((*path, "options", number), f"found {option!r} again", "expected each option once")
    by_place = _complete(document, (*path, "shares"), "place", choice.shares, places)
    shares = np.zeros((len(places), len(choice.options)))
    for row, place in enumerate(places):
        for option, share in by_place[place].items():
            document.known((*path, "shares", place, option), "option", option, dict.fromkeys(choice.options))
            shares[row, choice.options.index(option)] = share
        total = shares[row].sum()
        if abs(total - 1) > SHARE_TOLERANCE:
            found = f"found shares that add up to {total:.6g}"
            raise document.refuse((*path, "shares", place), found, "expected 1")
    return Choice(tuple(choice.options), shares / shares.sum(axis=1, keepdims=True))


def _complete(
    document: Document, path: KeyPath, kind: str, written: Mapping[str, _T], known: Collection[str]
) -> Mapping[str, _T]:
    """Return a map that names every one of `known` and nothing else; raise InputError if it does not."""
    for key in written:
        document.known((*path, key), kind, key, dict.fromkeys(known))
    for key in known:
        if key not in written:
            raise document.refuse(path, f"found nothing for {kind} {key!r}", f"expected every {kind}")
    return written
