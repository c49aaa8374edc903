"""Which service carries a step out: one, one for each place, or one for each option of a choice."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.schema import choice as form
from paysim.model.limits import MOST_OPTIONS_TO_WAIT_FOR, MOST_WAIT_SENSITIVE_CHOICES, SHARE_TOLERANCE
from paysim.model.pathway import ServiceChoice

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class Choice:
    """Options and their shares by place of residence: shape (places, options), rows add up to 1."""

    options: tuple[str, ...]
    shares: NDArray[np.float64]
    wait_sensitivity: float


def choices(document: Document, written: Mapping[str, form.Choice], places: Collection[str]) -> dict[str, Choice]:
    """Return the choices by id.

    Raises InputError for unknown places and options, shares that do not add up to 1, and more choices or options that
    depend on waits than an engine can keep for a resident.
    """
    sensitive = [name for name, choice in written.items() if choice.wait_sensitivity]
    if len(sensitive) > MOST_WAIT_SENSITIVE_CHOICES:
        found = f"found {len(sensitive)} choices that depend on waits"
        path = ("choice", sensitive[MOST_WAIT_SENSITIVE_CHOICES], "wait_sensitivity")
        raise document.refuse(path, found, f"expected at most {MOST_WAIT_SENSITIVE_CHOICES}")
    for name in sensitive:
        if (options := len(written[name].options)) > MOST_OPTIONS_TO_WAIT_FOR:
            found = f"found {options} options of a choice that depends on waits"
            raise document.refuse(("choice", name, "options"), found, f"expected at most {MOST_OPTIONS_TO_WAIT_FOR}")
    return {name: _choice(document, ("choice", name), choice, places) for name, choice in written.items()}


def provisions(
    document: Document,
    written: Mapping[str, form.ServiceOfStep],
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
    written: form.ServiceOfStep,
    services: Mapping[str, object],
    offered: Mapping[str, Choice],
    places: Collection[str],
) -> ServiceChoice:
    """Return the services that may carry a step out, and their shares by place.

    Raises InputError for unknown services, choices, options and places, and for places and options left out.
    """
    match written:
        case form.ByPlaceOfResidence():
            by_place = _complete(document, (*path, "by_place"), "place", written.by_place, places)
            for place, name in by_place.items():
                document.known((*path, "by_place", place), "service", name, services)
            distinct = tuple(dict.fromkeys(by_place[place] for place in places))
            shares = np.array([[float(by_place[place] == service) for service in distinct] for place in places])
            return ServiceChoice("", distinct, shares)
        case form.Chosen():
            choice = offered[document.known((*path, "choice"), "choice", written.choice, offered)]
            by_option = _complete(document, (*path, "options"), "option", written.options, choice.options)
            for option, name in by_option.items():
                document.known((*path, "options", option), "service", name, services)
            chosen = tuple(by_option[option] for option in choice.options)
            return ServiceChoice(written.choice, chosen, choice.shares, choice.wait_sensitivity)
        case _:
            return only(document.known(path, "service", written, services), places)


def only(service: str, places: Collection[str]) -> ServiceChoice:
    """Return the choice of one service for all places."""
    return ServiceChoice("", (service,), np.ones((len(places), 1)))


def _choice(document: Document, path: KeyPath, choice: form.Choice, places: Collection[str]) -> Choice:
    for number, option in enumerate(choice.options):
        if option in choice.options[:number]:
            raise document.refuse((*path, "options", number), f"found {option!r} again", "expected each option once")
    options = tuple(choice.options)
    if choice.travel is not None:
        shares = _logit(document, (*path, "travel"), choice.travel, options, places)
    else:
        shares = _shares(document, (*path, "shares"), choice.shares or {}, options, places)
    return Choice(options, shares, choice.wait_sensitivity)


def _shares(
    document: Document,
    path: KeyPath,
    written: Mapping[str, Mapping[str, float]],
    options: tuple[str, ...],
    places: Collection[str],
) -> NDArray[np.float64]:
    shares = _by_place_and_option(document, path, written, options, places, left_out=0.0)
    for row, place in enumerate(places):
        total = shares[row].sum()
        if abs(total - 1) > SHARE_TOLERANCE:
            found = f"found shares that add up to {total:.6g}"
            raise document.refuse((*path, place), found, "expected 1")
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _logit(
    document: Document, path: KeyPath, travel: form.Travel, options: tuple[str, ...], places: Collection[str]
) -> NDArray[np.float64]:
    """Return the shares of a multinomial logit: in proportion to exp(attraction - sensitivity x minutes).

    McFadden, "Conditional logit analysis of qualitative choice behavior" (1974).
    """
    known = dict.fromkeys(options)
    for option in travel.attraction:
        document.known((*path, "attraction", option), "option", option, known)
    minutes = _by_place_and_option(document, (*path, "minutes"), travel.minutes, options, places, left_out=np.nan)
    attraction = np.array([travel.attraction.get(option, 0.0) for option in options])
    utility = np.nan_to_num(attraction - travel.sensitivity * minutes, nan=-np.inf)
    weights = np.exp(utility - utility.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _by_place_and_option(
    document: Document,
    path: KeyPath,
    written: Mapping[str, Mapping[str, float]],
    options: tuple[str, ...],
    places: Collection[str],
    left_out: float,
) -> NDArray[np.float64]:
    """Return numbers by place and option; raise InputError for unknown ones and for places left out."""
    by_place = _complete(document, path, "place", written, places)
    values = np.full((len(places), len(options)), left_out)
    for row, place in enumerate(places):
        for option, value in by_place[place].items():
            document.known((*path, place, option), "option", option, dict.fromkeys(options))
            values[row, options.index(option)] = value
    return values


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
