"""The same care, for residents who are on a list or off it."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from paysim.incentives.changes.moved import Change, changes_of, impossible, share_of
from paysim.incentives.outcome import Point
from paysim.model.contract import Arrangement, Contract
from paysim.model.lever import ReferAwayEffect
from paysim.model.population import ByResident
from paysim.model.system import System

_OFF = "off_the_list"


class Listed(NamedTuple):
    """An arrangement with a list, and the share of residents for whom it is that one."""

    share: float
    arrangement: Arrangement


def relisted(
    arrangement: Arrangement, system: System, point: Point, instead: Mapping[str, Arrangement] | None = None
) -> tuple[Listed, ...]:
    """Return what pays in place of an arrangement with the levers at these intensities; the shares add up to 1.

    A share s of an effect's residents off the owner's list pays (1 - s) times what the arrangement pays and s times
    what it pays with all of them off it: there, contracts that it has in common with arrangement `instead` pay for
    everybody, its others for those on the list alone, and the others of `instead` for those off it. The latter come
    first, under names such as 'hospitals.off_the_list', which 'hospitals' stands for. An arrangement that pays the
    owner nothing by the head stays as it is. `instead` are the arrangements that effects name, their budget-neutral
    amounts set; those of the system unless given.

    Raises InputError where a contract to be parted holds a term whose payment does not follow residents.
    """
    others = system.arrangements if instead is None else instead
    listed: tuple[Listed, ...] = (Listed(1.0, arrangement),)
    for change in changes_of(system, point, ReferAwayEffect):
        share = share_of(change, "of residents referred away")
        if change.effect.instead not in others:
            raise impossible(change, f"found arrangement {change.effect.instead!r}", "expected one of the system")
        if share > 0.0 and pays_by_the_head(arrangement, system.levers[change.lever].owner):
            listed = tuple(
                part
                for each in listed
                for part in _parted(each, share, system, change, others[change.effect.instead])
                if part.share > 0.0
            )
    return listed


def pays_by_the_head(arrangement: Arrangement, organisation: str) -> bool:
    """Return whether a contract pays an organisation by the head."""
    return any(
        term.pays_by_the_head()
        for contract in arrangement.contracts
        if contract.payee == organisation
        for term in contract.terms
    )


def _parted(
    listed: Listed, share: float, system: System, change: Change[ReferAwayEffect], instead: Arrangement
) -> tuple[Listed, Listed]:
    """Return the arrangement as it was, and the one with all of an effect's residents off the list."""
    before = listed.arrangement
    common = {
        contract.id for contract in before.contracts for other in instead.contracts if _are_alike(contract, other)
    }
    away = (change.effect.residents > 0).astype(np.float64)
    taken = {contract.id for contract in before.contracts}
    off = []
    for contract in instead.contracts:
        if contract.id not in common:
            id = _free(f"{contract.id}.{_OFF}", taken)
            taken.add(id)
            off.append(replace(_for_some(contract, away, system, change, instead), id=id))
    on = [
        contract if contract.id in common else _for_some(contract, 1.0 - away, system, change, before)
        for contract in before.contracts
    ]
    with_all_away = replace(before, contracts=(*off, *on))
    return (
        Listed(listed.share * (1.0 - share), before),
        Listed(listed.share * share, with_all_away),
    )


def _for_some(
    contract: Contract, some: ByResident, system: System, change: Change[ReferAwayEffect], of: Arrangement
) -> Contract:
    """Return a contract for some of the residents in its scope. Raises InputError where it cannot be parted."""
    terms = {term.id for term in contract.terms}
    for term in contract.terms:
        if not term.follows_residents() or not terms.issuperset(term.needs()):
            found = f"found term {term.id!r} ({term.KIND}) in contract {contract.id!r} of arrangement {of.id!r}"
            expected = "expected payments that follow residents who come off the list"
            raise impossible(change, found, expected)
    scope = contract.scope
    there = np.isin(system.population.places, scope.places)[:, None]
    residents = some * there if scope.residents is None else some * scope.residents
    return replace(contract, scope=replace(scope, residents=residents))


def _free(id: str, taken: set[str]) -> str:
    """Return an id that is not taken: the one given, or with a number."""
    number, free = 1, id
    while free in taken:
        number += 1
        free = f"{id}_{number}"
    return free


def _are_alike(one: Any, other: Any) -> bool:
    """Return whether two values say the same, arrays within them compared by their elements."""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return type(one) is type(other) and np.array_equal(one, other)
    if type(one) is not type(other):
        return False
    if is_dataclass(one):
        return all(_are_alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_are_alike, one, other))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(_are_alike(one[key], other[key]) for key in one)
    return bool(one == other)
