"""Contracts: one for each place and payee that a [contract.*] block names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.earlier import check_earlier
from paysim.config.resolve.lists import listed
from paysim.config.resolve.names import ContractNames
from paysim.config.resolve.scope import scope
from paysim.config.resolve.terms import amounts_by_place, terms
from paysim.config.schema import payment
from paysim.model.contract import Arrangement, Contract


@dataclass(frozen=True)
class _Party:
    """Payer, payee and places of one contract, and what sets its id apart."""

    suffix: tuple[str, ...]
    payer: str
    payee: str
    places: tuple[str, ...]


def arrangements(
    document: Document, written: Mapping[str, payment.Arrangement], names: ContractNames
) -> dict[str, Arrangement]:
    """Return the arrangements by id.

    Raises InputError for unknown names of all kinds, payers that pay themselves, terms whose parameters contradict each
    other, and terms before one that they need.
    """
    resolved = {}
    for name, arrangement in written.items():
        contracts: list[Contract] = []
        blocks = _written(document, written, name)
        for path, contract in blocks.values():
            for resolved_contract in _contracts(document, path, contract, names):
                check_earlier(document, path, resolved_contract, contracts, blocks)
                contracts.append(resolved_contract)
        resolved[name] = Arrangement(name, arrangement.name, tuple(contracts))
    return resolved


def _written(
    document: Document, written: Mapping[str, payment.Arrangement], name: str
) -> dict[str, tuple[KeyPath, payment.Contract]]:
    """Return the contracts of an arrangement by id and where each is written, those that it extends first."""
    chain = [name]
    while (base := written[chain[-1]].extends) is not None:
        here = ("arrangement", chain[-1], "extends")
        document.known(here, "arrangement", base, written)
        if base in chain:
            found = f"found {base!r}, which extends this arrangement"
            raise document.refuse(here, found, "expected arrangements that do not extend each other")
        chain.append(base)
    return {
        id: (("arrangement", owner, "contract", id), contract)
        for owner in reversed(chain)
        for id, contract in written[owner].contract.items()
    }


def _contracts(
    document: Document, path: KeyPath, written: payment.Contract, names: ContractNames
) -> Iterator[Contract]:
    for party in _parties(document, path, written, names):
        rules = terms(document, path, written.terms, party.payer, party.places[0], names)
        if party.payer == party.payee:
            found = f"found {party.payer!r} paying itself"
            raise document.refuse((*path, "payer"), found, "expected a payer other than the payee")
        covered = scope(document, (*path, "scope"), written.scope, party.payee, party.places, names)
        yield Contract(".".join((str(path[-1]), *party.suffix)), party.payer, party.payee, covered, rules)


def _parties(document: Document, path: KeyPath, written: payment.Contract, names: ContractNames) -> Iterator[_Party]:
    """Yield the parties of each contract: place by place where anything is given by place, payee by payee in a list."""
    payers = _by_place(document, (*path, "payer"), written.payer, names)
    payees = _by_place(document, (*path, "payee"), written.payee, names)
    if isinstance(written.payee, list):
        several = listed(document, (*path, "payee"), "organisation", written.payee, names.organisations)
    else:
        several = ()
    amounts = _amounts_by_place(document, path, written, names)
    given: dict[KeyPath, Mapping[str, object]] = {("payer",): payers, ("payee",): payees, **amounts}
    by_place = dict.fromkeys(place for values in given.values() for place in values)
    all_places = _places(document, path, written, by_place, given, names)
    groups = [(place,) for place in all_places] if by_place else [all_places]
    for places in groups:
        for payee in several or (payees[places[0]] if payees else str(written.payee),):
            suffix = (*places * (len(groups) > 1), *(payee,) * (len(several) > 1))
            yield _Party(suffix, payers[places[0]] if payers else str(written.payer), payee, places)


def _by_place(document: Document, path: KeyPath, written: object, names: ContractNames) -> dict[str, str]:
    """Return organisations by place where they are given so, after checking every name; else nothing."""
    if isinstance(written, str):
        document.known(path, "organisation", written, names.organisations)
    if not isinstance(written, payment.ByPlace):
        return {}
    for place, organisation in written.by_place.items():
        here = (*path, "by_place", place)
        document.known(here, "place", place, names.places)
        document.known(here, "organisation", organisation, names.organisations)
    return written.by_place


def _amounts_by_place(
    document: Document, path: KeyPath, written: payment.Contract, names: ContractNames
) -> dict[KeyPath, Mapping[str, float]]:
    """Return the amounts that terms give by place, by their paths in the contract, after checking every place."""
    found: dict[KeyPath, Mapping[str, float]] = {
        key: amount.by_place for key, amount in amounts_by_place(written.terms).items()
    }
    for key, by_place in found.items():
        for place in by_place:
            document.known((*path, *key, "by_place", place), "place", place, names.places)
    return found


def _places(
    document: Document,
    path: KeyPath,
    written: payment.Contract,
    by_place: Collection[str],
    given: Mapping[KeyPath, Mapping[str, object]],
    names: ContractNames,
) -> tuple[str, ...]:
    """Return the contract's places; raise InputError for one that something `given` by place leaves out."""
    known = names.places
    places = tuple(by_place or known)
    if written.scope.places is not None:
        places = listed(document, (*path, "scope", "places"), "place", written.scope.places, known)
    for key, values in given.items():
        for place in places:
            if values and place not in values:
                found = f"found no {_last_name(key)} for place {place!r}"
                raise document.refuse((*path, *key, "by_place"), found, "expected one for each of its places")
    return places


def _last_name(key: KeyPath) -> str:
    """Return the last part of a path that is no position in a list."""
    return next(part for part in reversed(key) if isinstance(part, str))
