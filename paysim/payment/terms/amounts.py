"""Annual amounts: written in a contract, or still to be set."""

from paysim.model.terms import BudgetNeutral, Term
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.seen import Seen


def set_amount(amount: int | BudgetNeutral, term: Term, seen: Seen) -> int:
    """Return an amount that has been set, in pence. Raises InputError where it is still to be made budget-neutral."""
    if isinstance(amount, BudgetNeutral):
        found = f"found an amount that is neutral to arrangement {amount.to}"
        expected = "expected pence: the amount must be set first, see paysim.payment.neutral.set_neutral"
        raise refusal(term, seen.contract, found, expected)
    return amount
