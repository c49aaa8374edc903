"""Whether anybody passes on more than all of what it was paid."""

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from math import inf

from paysim.config.check.prices import contract_path
from paysim.config.document import Document
from paysim.model.contract import Arrangement, Contract, stands_for
from paysim.model.terms import Term
from paysim.model.terms.heads import SubCapitation
from paysim.model.terms.problems import in_decimals, total_of
from paysim.model.terms.purses import DividedAmong, PassedOn

_Months = tuple[int, float]
"""Months from one to before another, without end where it is infinite."""

_Passed = tuple[_Months, Fraction]
"""The months in which a share is passed on, and the share."""


def check_passed_on(document: Document, arrangement: Arrangement) -> None:
    """Raise InputError where the shares that a payer passes on of what one term paid it in a month sum to more than 1.

    Shares of what is left after others were paid are left out: they add up to no fixed share.
    """
    passed: dict[tuple[str, str, str], list[_Passed]] = {}
    for position, contract in enumerate(arrangement.contracts):
        for number, term in enumerate(contract.terms):
            names, share = _passed_on(term, contract.payer)
            of_others = set(names) - {other.id for other in contract.terms[:number]}
            for source, months in _sources(contract, of_others, arrangement.contracts[:position]):
                so_far = passed.setdefault((contract.payer, *source), [])
                so_far.append((months, share))
                most = _most_in_a_month(so_far)
                if most > 1:
                    paid = f"what {contract.payer!r} is paid under {'.'.join(source)!r}"
                    path = (*contract_path(arrangement, contract), "terms", number)
                    shares = in_decimals(most)
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


def _sources(
    contract: Contract, names: Collection[str], before: Sequence[Contract]
) -> Iterator[tuple[tuple[str, str], _Months]]:
    """Yield contract and term of what names stand for, and the months that both contracts have.

    They are in contracts that share a place with this one; what is passed on is not told apart by kind of resident.
    """
    for other in before if names else ():
        (first, stop), (others_first, others_stop) = _months(contract), _months(other)
        first, stop = max(first, others_first), min(stop, others_stop)
        if first < stop and set(other.scope.places) & set(contract.scope.places):
            for term in other.terms:
                if any(stands_for(name, other.id, term.id) for name in names):
                    yield (other.id, term.id), (first, stop)


def _months(contract: Contract) -> _Months:
    return contract.scope.periods or (0, inf)


def _most_in_a_month(passed: Sequence[_Passed]) -> Fraction:
    """Return the largest sum of shares that are passed on in the same month."""
    starts = {first for (first, _), _ in passed}
    return max(
        sum((share for (first, stop), share in passed if first <= start < stop), Fraction(0)) for start in starts
    )
