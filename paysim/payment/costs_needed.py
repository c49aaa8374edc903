"""Which arrangements pay by what services cost, so that they pay otherwise where costs are others."""

from paysim.model.contract import Arrangement
from paysim.model.terms import Term
from paysim.model.terms.limits import CostShare
from paysim.model.terms.shared.target import OfSpending
from paysim.payment.terms import BUILT_IN


def pays_by_cost(arrangement: Arrangement) -> bool:
    """Return whether a term of an arrangement looks at what services cost."""
    return any(looks_at_costs(term) for contract in arrangement.contracts for term in contract.terms)


def looks_at_costs(term: Term) -> bool:
    """Return whether a term does. What terms of a config's own look at is not known, so they count as doing it."""
    if type(term) not in BUILT_IN or isinstance(term, CostShare):
        return True
    return isinstance(term, OfSpending) and bool(term.spending_organisations)
