"""Amounts that are written in a contract, or still to be set."""

from paysim.model.contract import Block, BudgetNeutral, Capitation, Contract
from paysim.model.errors import InputError


def set_amount(amount: int | BudgetNeutral, contract: Contract, term: Block | Capitation) -> int:
    """Return an amount that has been set, in pence. Raises InputError where it is still to be made budget-neutral."""
    if isinstance(amount, BudgetNeutral):
        raise InputError(
            f"contract {contract.id}, term {term.id}: the amount is neutral to arrangement {amount.to} and must be set "
            f"first, see paysim.payment.set_neutral"
        )
    return amount
