"""Budget neutrality: which contracts of a reference arrangement an amount stands in for."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import NamedTuple

import numpy as np

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


def pays_as_under(payer: str, arrangement: Arrangement, reference: Arrangement) -> bool:
    """Return whether a payer expects to pay under an arrangement what it pays under the reference, by what was set.

    It does under the reference itself, and where each contract that concerns it there is either replaced by one with an
    amount neutral to the reference or kept as it is, and no other is added. Contracts that settle what others paid may
    come to another sum though kept.
    """
    if arrangement is reference:
        return True
    own = [contract for contract in arrangement.contracts if _concerns(contract, payer)]
    before = [contract for contract in reference.contracts if _concerns(contract, payer)]
    standing_in: list[Contract] = []
    stated: list[Contract] = []
    for contract in own:
        neutral = contract.payer == payer and any(neutral_to(term) == reference.id for term in contract.terms)
        (standing_in if neutral else stated).append(contract)
    if standing_in and not pays_anything(standing_in[0], reference):
        return False
    replaced = {other.id for contract in standing_in for other in contracts_touched(contract, reference)}
    kept = [(one, other) for one in stated for other in before if _alike(one, other) and not one.only_settles]
    kept_now, kept_before = {one.id for one, _ in kept}, {other.id for _, other in kept}
    return all(each.id in kept_now for each in stated) and all(
        (each.id in replaced) != (each.id in kept_before) for each in before
    )


def _concerns(contract: Contract, organisation: str) -> bool:
    return organisation in (contract.payer, contract.payee) or any(organisation in t.parties() for t in contract.terms)


def _alike(one: object, other: object) -> bool:
    """Return whether two values are the same, whatever contracts are called."""
    match one, other:
        case np.ndarray(), np.ndarray():
            return np.array_equal(one, other)
        case tuple(), tuple():
            return len(one) == len(other) and all(_alike(*pair) for pair in zip(one, other, strict=True))
        case Mapping(), Mapping():
            return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    if type(one) is not type(other) or not is_dataclass(one):
        return one == other
    names = [field.name for field in fields(one) if not (isinstance(one, Contract) and field.name == "id")]
    return all(_alike(getattr(one, name), getattr(other, name)) for name in names)
