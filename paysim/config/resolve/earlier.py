"""What terms must find paid before them: whether it stands before them, and is no more than was paid."""

from collections.abc import Collection, Iterator, Sequence

from paysim.config.document import Document, KeyPath, nodes, value_at
from paysim.model.contract import Contract
from paysim.model.terms import Term
from paysim.model.terms.form import Earlier, parameters
from paysim.model.terms.purses import passed_on_beyond_all


def check_earlier(
    document: Document, path: KeyPath, contract: Contract, before: Sequence[Contract], blocks: Collection[str]
) -> None:
    """Raise InputError unless each term of a contract refers only to what stands before it, and to its party's money.

    That is an earlier term of the contract, or a contract of the arrangement `before` it, whole or one of its terms;
    `blocks` are the ids of all contracts that the arrangement writes.
    """
    for number, term in enumerate(contract.terms):
        own = [other.id for other in contract.terms[:number]]
        for key, name, role in _references(term, (*path, "terms", number), document):
            named = [other for other in before if _names(name, other)]
            party: str = getattr(contract, role)
            if name in own or any(party in _parties(other) for other in named):
                continue
            if named:
                found = f"found {name!r}, under which {party!r} neither pays nor is paid"
                raise document.refuse(key, found, f"expected what {party!r}, the {role} of this contract, pays")
            done = {contract.id.partition(".")[0], *(other.id.partition(".")[0] for other in before)}
            later = name in {other.id for other in contract.terms} or name.partition(".")[0] in {*blocks} - done
            found = f"found {name!r}, which does not come before this term" if later else f"found {name!r}"
            raise document.refuse(key, found, f"expected {_offered(own, before)}")


def check_passed_on(document: Document, paths: Sequence[KeyPath], contracts: Sequence[Contract]) -> None:
    """Raise InputError where a payer passes on more than all of the same money, in any place of an arrangement."""
    for place in dict.fromkeys(place for contract in contracts for place in contract.scope.places):
        here = [each for each in zip(paths, contracts, strict=True) if place in each[1].scope.places]
        beyond = passed_on_beyond_all((contract.payer, term) for _, contract in here for term in contract.terms)
        if beyond is not None:
            last, found, expected = beyond
            path, number = next(
                (path, number) for path, contract in here for number, term in enumerate(contract.terms) if term is last
            )
            raise document.refuse((*path, "terms", number), f"found that {found}", f"expected {expected}")


def _references(term: Term, path: KeyPath, document: Document) -> Iterator[tuple[KeyPath, str, str]]:
    """Yield path and name of everything that a term must find paid, and the party of the contract that had a part."""
    written = {(*path, *below) for below, _ in nodes(value_at(document.data, path))}
    for parameter in parameters(type(term)):
        value = getattr(term, parameter.name)
        if not isinstance(parameter.form, Earlier) or value is None:
            continue
        names = (value,) if isinstance(value, str) else value
        for number, name in enumerate(names):
            here = (*path, parameter.name)
            yield (here if (*here, 0) not in written else (*here, number)), name, parameter.form.party


def _names(name: str, contract: Contract) -> bool:
    """Return whether a name stands for a contract, for the block that it comes from, or for one of its terms."""
    spoken = [name, *(name.removesuffix(f".{term.id}") for term in contract.terms if name.endswith(f".{term.id}"))]
    return any(contract.id == each or contract.id.startswith(f"{each}.") for each in spoken)


def _parties(contract: Contract) -> set[str]:
    return {contract.payer, contract.payee, *(party for term in contract.terms for party in term.parties())}


def _offered(own: list[str], before: Sequence[Contract]) -> str:
    blocks = list(dict.fromkeys(other.id.partition(".")[0] for other in before))
    terms = f"an earlier term of this contract ({', '.join(own) or 'none'})"
    return f"{terms} or an earlier contract ({', '.join(blocks) or 'none'}), or one of its terms as 'contract.term'"
