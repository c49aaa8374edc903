"""Whether anybody passes on more than all of what it was paid."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from paysim.config.check.prices import contract_path
from paysim.config.document import Document
from paysim.model.contract import Arrangement, Contract, stands_for
from paysim.model.terms import Term
from paysim.model.terms.heads import SubCapitation
from paysim.model.terms.problems import in_decimals, total_of
from paysim.model.terms.purses import DividedAmong, PassedOn


def check_passed_on(document: Document, arrangement: Arrangement) -> None:
    """Raise InputError where the shares that a payer passes on of what one term paid it sum to more than 1.

    Shares of what is left after others were paid are left out: they add up to no fixed share.
    """
    passed: dict[tuple[str, str, str], Fraction] = {}
    for position, contract in enumerate(arrangement.contracts):
        for number, term in enumerate(contract.terms):
            names, share = _passed_on(term, contract.payer)
            for source in _sources(contract, names, arrangement.contracts[:position]):
                key = (contract.payer, *source)
                passed[key] = passed.get(key, Fraction(0)) + share
                if passed[key] > 1:
                    paid = f"what {contract.payer!r} is paid under {'.'.join(source)!r}"
                    path = (*contract_path(arrangement, contract), "terms", number)
                    shares = in_decimals(passed[key])
                    found = f"found that {shares} of {paid} is passed on to {contract.payee!r} and others"
                    raise document.refuse(path, found, "expected shares that sum to at most 1")


def _passed_on(term: Term, payer: str) -> tuple[tuple[str, ...], Fraction]:
    """Return of what a term passes a share on, and the share that leaves the payer."""
    match term:
        case PassedOn(after=()):
            return term.received, total_of([term.share])
        case SubCapitation():
            return term.premium, total_of([term.share_of_premium])
        case DividedAmong():
            return term.received, total_of(share for member, share in term.shares.items() if member != payer)
        case _:
            return (), Fraction(0)


def _sources(contract: Contract, names: Sequence[str], before: Sequence[Contract]) -> Iterator[tuple[str, str]]:
    """Yield contract and term of what names stand for, in contracts that share a place with this one."""
    for other in before if names else ():
        if set(other.scope.places) & set(contract.scope.places):
            for term in other.terms:
                if any(stands_for(name, other.id, term.id) for name in names):
                    yield other.id, term.id
