"""Annual amounts: written in a contract or still to be set, and paid in twelfths."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Block, BudgetNeutral, Capitation
from paysim.model.errors import InputError
from paysim.model.money import in_twelfths
from paysim.payment.checks import refuse_overflow
from paysim.payment.terms.situation import Situation


def set_amount(amount: int | BudgetNeutral, term: Block | Capitation, situation: Situation) -> int:
    """Return an amount that has been set, in pence. Raises InputError where it is still to be made budget-neutral."""
    if isinstance(amount, BudgetNeutral):
        raise InputError(
            "",
            f"contract {situation.contract.id}, term {term.id}",
            f"found an amount that is neutral to arrangement {amount.to}",
            "expected pence: the amount must be set first, see paysim.payment.neutral.set_neutral",
        )
    return amount


def instalments(annual_pence: int, term: Block | Capitation, situation: Situation) -> NDArray[np.int64]:
    """Return an annual sum in twelfths, by period. Raises InputError where it does not fit into 64 bits."""
    refuse_overflow(abs(annual_pence), situation.periods, f"contract {situation.contract.id}, term {term.id}")
    return in_twelfths(annual_pence, situation.periods)
