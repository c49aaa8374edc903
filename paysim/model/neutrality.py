"""Budget neutrality: which contracts of a reference arrangement an amount stands in for."""

from typing import NamedTuple

from paysim.model.contract import Arrangement, Contract
from paysim.model.terms import BudgetNeutral, Term
from paysim.model.terms.form import Pounds, parameters


class ToSet(NamedTuple):
    """An amount that is still to be set: its parameter, whether it is by the head, and what it is neutral to."""

    parameter: str
    per_head: bool
    to: str


def neutral_amount(term: Term) -> ToSet | None:
    """Return the amount of a term that is still to be set, None where all amounts are stated."""
    for parameter in parameters(type(term)):
        value = getattr(term, parameter.name)
        if isinstance(parameter.form, Pounds) and isinstance(value, BudgetNeutral):
            return ToSet(parameter.name, parameter.form.per_head, value.to)
    return None


def neutral_to(term: Term) -> str | None:
    """Return the arrangement that a term's amount is neutral to, None if the amount is stated."""
    amount = neutral_amount(term)
    return None if amount is None else amount.to


def neutral_references(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the arrangements that amounts of this one are neutral to, each once."""
    amounts = [neutral_to(term) for contract in arrangement.contracts for term in contract.terms]
    return tuple(dict.fromkeys(to for to in amounts if to is not None))


def pays_anything(contract: Contract, reference: Arrangement) -> bool:
    """Return whether the contract's payer pays anybody under the reference; a lead provider does not."""
    return any(other.payer == contract.payer for other in reference.contracts)


def contracts_touched(contract: Contract, reference: Arrangement) -> list[Contract]:
    """Return the reference's contracts of the same payer that may pay for some of the same activity.

    Where the payer pays nothing at all under the reference (a lead provider, or a payer that is new), those of anyone.
    """
    own = pays_anything(contract, reference)
    return [
        other
        for other in reference.contracts
        if (other.payer == contract.payer or not own) and contract.scope.touches(other.scope)
    ]


def holds_whole(contract: Contract, other: Contract) -> bool:
    """Return whether the other contract's scope lies wholly within the contract's."""
    return contract.scope.holds(other.scope)
