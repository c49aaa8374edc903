"""Budget neutrality: which contracts of a reference arrangement an amount stands in for."""

from paysim.model.contract import Arrangement, Contract
from paysim.model.terms import BudgetNeutral, Term
from paysim.model.terms.form import parameters


def neutral_to(term: Term) -> str | None:
    """Return the arrangement that a term's amount is neutral to, None if the amount is stated."""
    amount = neutral_amount(term)
    return None if amount is None else amount[1].to


def neutral_amount(term: Term) -> tuple[str, BudgetNeutral] | None:
    """Return the parameter whose amount is to be set, and what it is neutral to; None if amounts are stated."""
    for parameter in parameters(type(term)):
        value = getattr(term, parameter.name)
        if isinstance(value, BudgetNeutral):
            return parameter.name, value
    return None


def pays_anything(contract: Contract, reference: Arrangement) -> bool:
    """Return whether the contract's payer pays anybody under the reference; a lead provider does not."""
    return any(other.payer == contract.payer for other in reference.contracts)


def contracts_touched(contract: Contract, reference: Arrangement) -> list[Contract]:
    """Return the reference's contracts of the same payer that share some activity with the contract.

    Where the payer pays nothing at all under the reference (a lead provider), those of the same payee.
    """
    own = pays_anything(contract, reference)
    return [
        other
        for other in reference.contracts
        if (other.payer == contract.payer if own else other.payee == contract.payee)
        and contract.scope.touches(other.scope)
    ]


def holds_whole(contract: Contract, other: Contract) -> bool:
    """Return whether the other contract's scope lies wholly within the contract's."""
    return contract.scope.holds(other.scope)
