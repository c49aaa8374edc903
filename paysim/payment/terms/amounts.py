"""Annual amounts: written in a contract, or still to be set."""

from paysim.model.errors import InputError
from paysim.model.terms import BudgetNeutral, Term
from paysim.payment.terms.seen import Seen


def set_amount(amount: int | BudgetNeutral, term: Term, seen: Seen) -> int:
    """Return an amount that has been set, in pence. Raises InputError where it is still to be made budget-neutral."""
    if isinstance(amount, BudgetNeutral):
        raise InputError(
            "",
            f"contract {seen.contract.id}, term {term.id}",
            f"found an amount that is neutral to arrangement {amount.to}",
            "expected pence: the amount must be set first, see paysim.payment.neutral.set_neutral",
        )
    return amount
