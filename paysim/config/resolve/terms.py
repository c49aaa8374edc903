"""Terms: pounds to pence, names looked up, by the forms of their parameters."""

from collections.abc import Iterator
from typing import Any

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.lists import listed
from paysim.config.resolve.names import ContractNames
from paysim.config.schema.base import Table
from paysim.config.schema.terms import NeutralTo, PoundsByPlace
from paysim.config.schema.terms import Term as Written
from paysim.config.wording import shown
from paysim.model.limits import LARGEST_NUMBER
from paysim.model.money import to_pence
from paysim.model.terms import KINDS, BudgetNeutral, Term, form
from paysim.model.terms.form import Form, parameters


def terms(
    document: Document, path: KeyPath, written: list[Written], payer: str, place: str, names: ContractNames
) -> tuple[Term, ...]:
    """Return the terms of the contract at `path`; `place` is the one whose amounts hold where they are by place.

    Raises InputError for unknown names, and for parameters that contradict each other.
    """
    ids = [term.id for term in written if term.id]
    resolved = []
    for number, term in enumerate(written):
        name = term.id or _free(term.kind, ids)
        ids.append(name)
        here = (*path, "terms", number)
        made = KINDS[term.kind](id=name, **_values(document, here, term, KINDS[term.kind], place, names))
        match made.problem() or made.problem_with_payer(payer):
            case None:
                resolved.append(made)
            case (str() as found, str() as expected):
                raise document.refuse(here, _begun("found", found), _begun("expected", expected))
            case other:
                found = f"found {shown(other)} as the problem of a term of kind {term.kind!r}"
                raise document.refuse(here, found, "expected None, or what was found and what was expected")
    return tuple(resolved)


def _begun(word: str, message: str) -> str:
    return message if message.startswith(word) else f"{word} {message}"


def amounts_by_place(written: list[Written]) -> dict[KeyPath, PoundsByPlace]:
    """Return the amounts that terms give by place, by their paths in the contract."""
    return {path: amount for number, term in enumerate(written) for path, amount in _amounts(term, ("terms", number))}


def _amounts(value: object, path: KeyPath) -> Iterator[tuple[KeyPath, PoundsByPlace]]:
    children: Any = ()
    match value:
        case PoundsByPlace():
            yield path, value
        case Table():
            children = ((name, getattr(value, name)) for name in type(value).model_fields)
        case dict():
            children = value.items()
        case list():
            children = enumerate(value)
    for key, child in children:
        yield from _amounts(child, (*path, key))


def _free(kind: str, taken: list[str]) -> str:
    """Return the kind, or the kind with the first number from 2 on that makes it distinct."""
    name, number = kind, 1
    while name in taken:
        number += 1
        name = f"{kind}_{number}"
    return name


def _values(
    document: Document, path: KeyPath, written: Table, described: type, place: str, names: ContractNames
) -> dict[str, Any]:
    """Return the parameters of a term, or of a row of one, that are written; the others have their defaults."""
    return {
        parameter.name: _value(document, (*path, parameter.name), parameter.form, given, place, names)
        for parameter in parameters(described)
        if parameter.name in written.model_fields_set and (given := getattr(written, parameter.name)) is not None
    }


def _value(document: Document, path: KeyPath, of: Form, written: Any, place: str, names: ContractNames) -> Any:
    match of:
        case form.Pounds():
            return _pounds(document, path, written, place, names)
        case form.ByKind():
            return by_resident(document, path, written, names.population, LARGEST_NUMBER)
        case form.PriceList():
            return names.prices[document.known(path, "prices", written, names.prices)]
        case form.Named(what, several):
            if not several or isinstance(written, str):
                name = document.known(path, what, written, names.of(what))
                return (name,) if several else name
            return listed(document, path, what, written, names.of(what))
        case form.Earlier(several=True):
            return (written,) if isinstance(written, str) else tuple(written)
        case form.ByYear(each):
            if not isinstance(written, list):
                return (_value(document, path, each, written, place, names),)
            return tuple(_value(document, (*path, year), each, one, place, names) for year, one in enumerate(written))
        case form.ByOrganisation(each):
            for name in written:
                document.known((*path, name), "organisation", name, names.organisations)
            return {name: _value(document, (*path, name), each, one, place, names) for name, one in written.items()}
        case form.Rows(row):
            return tuple(
                row(**_values(document, (*path, number), one, row, place, names)) for number, one in enumerate(written)
            )
        case _:
            return written


def _pounds(document: Document, path: KeyPath, amount: Any, place: str, names: ContractNames) -> int | BudgetNeutral:
    if isinstance(amount, PoundsByPlace):
        return to_pence(amount.by_place[place])
    if not isinstance(amount, NeutralTo):
        return to_pence(amount)
    here = (*path, "neutral_to")
    document.known(here, "arrangement", amount.neutral_to, names.arrangements)
    if amount.neutral_to == path[1]:
        raise document.refuse(here, f"found {amount.neutral_to!r}, which is this arrangement", "expected another one")
    return BudgetNeutral(amount.neutral_to)
