"""Whether budget-neutral amounts have something to be neutral to."""

from paysim.config.check.prices import contract_path
from paysim.config.document import Document
from paysim.model.contract import Arrangement, Block, BudgetNeutral, Capitation, Contract, Term
from paysim.model.system import System


def check_neutral_amounts(document: Document, system: System, arrangement: Arrangement) -> None:
    """Raise InputError for budget-neutral amounts that cannot be set.

    They must be their contract's only term and point to an arrangement without such amounts, which holds contracts
    of the same payer (or, where that payer pays nothing there, of the same payee) wholly within the scope.
    """
    for contract in arrangement.contracts:
        for number, term in enumerate(contract.terms):
            if (to := neutral_to(term)) is None:
                continue
            key = "annual" if isinstance(term, Block) else "annual_per_head"
            path = (*contract_path(arrangement, contract), "terms", number, key, "neutral_to")
            reference = system.arrangements[to]
            if any(neutral_to(other) for held in reference.contracts for other in held.terms):
                found = f"found {to!r}, which has budget-neutral amounts itself"
                raise document.refuse(path, found, "expected an arrangement of stated amounts and tariffs")
            if len(contract.terms) > 1:
                raise document.refuse(path, f"found {len(contract.terms)} terms", "expected this one alone")
            if problem := _cannot_stand_in(contract, reference):
                raise document.refuse(path, *problem)


def neutral_to(term: Term) -> str | None:
    """Return the arrangement that a term's amount is neutral to, None if the amount is stated."""
    match term:
        case Block(annual=BudgetNeutral(to)) | Capitation(annual_per_head=BudgetNeutral(to)):
            return to
    return None


def _cannot_stand_in(contract: Contract, reference: Arrangement) -> tuple[str, str] | None:
    """Return what was found and what was expected, if no contracts of the reference lie wholly within the scope."""
    pays = any(other.payer == contract.payer for other in reference.contracts)
    within = [
        other
        for other in reference.contracts
        if (other.payer == contract.payer if pays else other.payee == contract.payee) and _touch(other, contract)
    ]
    if not within:
        who = f"{contract.payer!r} pays nothing" if pays else f"nobody pays {contract.payee!r}"
        found = f"{who} under {reference.id!r} within the scope of {contract.id!r}"
        return found, "expected a scope that the other arrangement pays for"
    for other in within:
        services, places = set(other.scope.services), set(other.scope.places)
        if not (services <= set(contract.scope.services) and places <= set(contract.scope.places)):
            found = f"contract {other.id!r} of {reference.id!r} lies only partly within the scope of {contract.id!r}"
            return found, "expected a scope that holds it whole"
    return None


def _touch(one: Contract, other: Contract) -> bool:
    services = set(one.scope.services) & set(other.scope.services)
    return bool(services and set(one.scope.places) & set(other.scope.places))
