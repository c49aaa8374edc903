"""Whether budget-neutral amounts have something to be neutral to."""

from paysim.config.check.prices import contract_path
from paysim.config.document import Document
from paysim.model.contract import Arrangement, Contract
from paysim.model.neutrality import contracts_touched, holds_whole, neutral_amount, neutral_references, pays_anything
from paysim.model.system import System


def check_neutral_amounts(document: Document, system: System, arrangement: Arrangement) -> None:
    """Raise InputError for budget-neutral amounts that cannot be set.

    They must be their contract's only term and point to an arrangement without such amounts, which holds contracts
    of the same payer (or, where that payer pays nothing there, of anyone) wholly within the scope.
    """
    moving = {other.id for other in system.arrangements.values() if neutral_references(other)}
    for contract in arrangement.contracts:
        for number, term in enumerate(contract.terms):
            if (amount := neutral_amount(term)) is None:
                continue
            to = amount.to
            path = (*contract_path(arrangement, contract), "terms", number, amount.parameter, "neutral_to")
            reference = system.arrangements[to]
            if to in moving:
                found = f"found {to!r}, which has budget-neutral amounts itself"
                raise document.refuse(path, found, "expected an arrangement of stated amounts and tariffs")
            if len(contract.terms) > 1:
                raise document.refuse(path, f"found {len(contract.terms)} terms", "expected this one alone")
            if problem := _cannot_stand_in(contract, reference):
                raise document.refuse(path, *problem)


def _cannot_stand_in(contract: Contract, reference: Arrangement) -> tuple[str, str] | None:
    """Return what was found and what was expected, if no contracts of the reference lie wholly within the scope."""
    within = contracts_touched(contract, reference)
    if not within:
        pays = pays_anything(contract, reference)
        who = f"{contract.payer!r} pays nothing" if pays else "nobody pays anything"
        found = f"{who} under {reference.id!r} within the scope of {contract.id!r}"
        return found, "expected a scope that the other arrangement pays for"
    for other in within:
        if not holds_whole(contract, other):
            found = f"contract {other.id!r} of {reference.id!r} lies only partly within the scope of {contract.id!r}"
            return found, "expected a scope that holds it whole"
    return None
