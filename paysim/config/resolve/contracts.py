"""Contracts: one for each place and payee that a [contract.*] block names."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from paysim.config.document import Document, KeyPath
from paysim.config.limits import LARGEST_NUMBER
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.lists import listed
from paysim.config.schema import payment
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.money import to_pence
from paysim.model.organisation import Organisation
from paysim.model.population import Population
from paysim.model.price import PriceTable
from paysim.model.service import Service
from paysim.model.terms import Block, BudgetNeutral, Capitation, Tariff, Term


@dataclass(frozen=True)
class Names:
    """What a contract may refer to."""

    population: Population
    organisations: Mapping[str, Organisation]
    services: Mapping[str, Service]
    prices: Mapping[str, PriceTable]
    arrangements: Mapping[str, object]


@dataclass(frozen=True)
class _Party:
    """Payer, payee and places of one contract, and what sets its id apart."""

    suffix: tuple[str, ...]
    payer: str
    payee: str
    places: tuple[str, ...]


def arrangements(
    document: Document, written: Mapping[str, payment.Arrangement], names: Names
) -> dict[str, Arrangement]:
    """Return the arrangements by id.

    Raises InputError for unknown organisations, services, places, prices and arrangements, and payers that pay
    themselves.
    """
    resolved = {}
    for name, arrangement in written.items():
        contracts: list[Contract] = []
        for contract_name, contract in arrangement.contract.items():
            path: KeyPath = ("arrangement", name, "contract", contract_name)
            contracts.extend(_contracts(document, path, contract, names))
        resolved[name] = Arrangement(name, arrangement.name, tuple(contracts))
    return resolved


def _contracts(document: Document, path: KeyPath, written: payment.Contract, names: Names) -> Iterator[Contract]:
    for party in _parties(document, path, written, names):
        terms = _terms(document, path, written.terms, party.places, names)
        if party.payer == party.payee:
            found = f"found {party.payer!r} paying itself"
            raise document.refuse((*path, "payer"), found, "expected a payer other than the payee")
        scope = Scope(_services(document, path, written.scope, party.payee, names), party.places)
        yield Contract(".".join((str(path[-1]), *party.suffix)), party.payer, party.payee, scope, terms)


def _parties(document: Document, path: KeyPath, written: payment.Contract, names: Names) -> Iterator[_Party]:
    """Yield the parties of each contract: place by place where anything is given by place, payee by payee in a list."""
    payers = _by_place(document, (*path, "payer"), written.payer, names)
    payees = _by_place(document, (*path, "payee"), written.payee, names)
    if isinstance(written.payee, list):
        several = listed(document, (*path, "payee"), "organisation", written.payee, names.organisations)
    else:
        several = ()
    amounts = _amounts_by_place(document, path, written, names)
    given: dict[str, Mapping[str, object]] = {"payer": payers, "payee": payees, **amounts}
    by_place = next(filter(None, given.values()), {})
    all_places = _places(document, path, written, by_place, given, names)
    groups = [(place,) for place in all_places] if by_place else [all_places]
    for places in groups:
        for payee in several or (payees[places[0]] if payees else str(written.payee),):
            suffix = (*places * (len(groups) > 1), *(payee,) * (len(several) > 1))
            yield _Party(suffix, payers[places[0]] if payers else str(written.payer), payee, places)


def _by_place(document: Document, path: KeyPath, written: object, names: Names) -> dict[str, str]:
    """Return organisations by place where they are given so, after checking every name; else nothing."""
    if isinstance(written, str):
        document.known(path, "organisation", written, names.organisations)
    if not isinstance(written, payment.ByPlace):
        return {}
    for place, organisation in written.by_place.items():
        here = (*path, "by_place", place)
        document.known(here, "place", place, dict.fromkeys(names.population.places))
        document.known(here, "organisation", organisation, names.organisations)
    return written.by_place


def _amounts_by_place(
    document: Document, path: KeyPath, written: payment.Contract, names: Names
) -> dict[str, Mapping[str, float]]:
    """Return the amounts that terms give by place, by 'terms[0].annual', after checking every place."""
    known = dict.fromkeys(names.population.places)
    found: dict[str, Mapping[str, float]] = {}
    for number, term in enumerate(written.terms):
        for key in ("annual", "annual_per_head"):
            amount = getattr(term, key, None)
            if isinstance(amount, payment.PoundsByPlace):
                for place in amount.by_place:
                    document.known((*path, "terms", number, key, "by_place", place), "place", place, known)
                found[f"terms[{number}].{key}"] = amount.by_place
    return found


def _places(
    document: Document,
    path: KeyPath,
    written: payment.Contract,
    by_place: Collection[str],
    given: Mapping[str, Mapping[str, object]],
    names: Names,
) -> tuple[str, ...]:
    """Return the contract's places; raise InputError for one that something `given` by place leaves out."""
    known = dict.fromkeys(names.population.places)
    places = tuple(by_place or known)
    if written.scope.places is not None:
        places = listed(document, (*path, "scope", "places"), "place", written.scope.places, known)
    for key, values in given.items():
        for place in places:
            if values and place not in values:
                found = f"found no {key.rpartition('.')[2]} for place {place!r}"
                raise document.refuse((*path, key, "by_place"), found, "expected one for each of its places")
    return places


def _services(document: Document, path: KeyPath, scope: payment.Scope, payee: str, names: Names) -> tuple[str, ...]:
    if scope.services is not None:
        return listed(document, (*path, "scope", "services"), "service", scope.services, names.services)
    owners: tuple[str, ...] = (payee,)
    if scope.organisations is not None:
        here = (*path, "scope", "organisations")
        owners = listed(document, here, "organisation", scope.organisations, names.organisations)
    return tuple(name for name, service in names.services.items() if service.organisation in owners)


def _terms(
    document: Document, path: KeyPath, written: list[payment.Term], places: tuple[str, ...], names: Names
) -> tuple[Term, ...]:
    ids = [term.id for term in written if term.id]
    terms = []
    for number, term in enumerate(written):
        name = term.id or _free(term.kind, ids)
        ids.append(name)
        terms.append(_term(document, (*path, "terms", number), term, name, places, names))
    return tuple(terms)


def _free(kind: str, taken: list[str]) -> str:
    """Return the kind, or the kind with the first number from 2 on that makes it distinct."""
    name, number = kind, 1
    while name in taken:
        number += 1
        name = f"{kind}_{number}"
    return name


def _term(
    document: Document, path: KeyPath, term: payment.Term, name: str, places: tuple[str, ...], names: Names
) -> Term:
    match term:
        case payment.TariffTerm():
            document.known((*path, "prices"), "prices", term.prices, names.prices)
            return Tariff(name, names.prices[term.prices], term.market_forces_factor)
        case payment.BlockTerm():
            return Block(name, _pounds(document, (*path, "annual"), term.annual, places, names))
        case payment.CapitationTerm():
            weights = (
                None
                if term.weights is None
                else by_resident(document, (*path, "weights"), term.weights, names.population, LARGEST_NUMBER)
            )
            per_head = _pounds(document, (*path, "annual_per_head"), term.annual_per_head, places, names)
            return Capitation(name, per_head, weights)


def _pounds(
    document: Document, path: KeyPath, amount: payment.Pounds, places: tuple[str, ...], names: Names
) -> int | BudgetNeutral:
    if isinstance(amount, payment.PoundsByPlace):
        return to_pence(amount.by_place[places[0]])
    if not isinstance(amount, payment.NeutralTo):
        return to_pence(amount)
    here = (*path, "neutral_to")
    document.known(here, "arrangement", amount.neutral_to, names.arrangements)
    if amount.neutral_to == path[1]:
        raise document.refuse(here, f"found {amount.neutral_to!r}, which is this arrangement", "expected another one")
    return BudgetNeutral(amount.neutral_to)
