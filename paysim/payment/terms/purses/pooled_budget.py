"""Pooled budget: partners pay into one fund, its host spends it, and all share what is left or lacking.

Source: National Health Service Act 2006, section 75, and the NHS Bodies and Local Authorities Partnership Arrangements
Regulations 2000, regulation 7: a written agreement says what each partner contributes and which partner is the host;
risk is shared as it says. Since 2015 the Better Care Fund is pooled in this way (Better Care Fund policy framework).
"""

import numpy as np

from paysim.model.terms.purses import PooledBudget
from paysim.payment.terms.passing import parts_of
from paysim.payment.terms.seen import Flow, Seen, grown


def pooled_budget(term: PooledBudget, seen: Seen) -> list[Flow]:
    """Return contributions of the partners to the host in twelfths, and their shares of each year's balance.

    balance = contributions - what the host paid under the terms that the pool pays. What is left goes back to the
    partners in their shares; what is lacking they pay in their shares (of overspend, where these differ). The host, the
    contract's payee, keeps its own contribution and its own share. Each contribution is rounded once a year; shares
    divide the balance to the penny.
    """
    host = seen.contract.payee
    paid_in = {
        partner: seen.in_instalments(annual * grown(term.growth, year.number) for year in seen.years)
        for partner, annual in term.contributions.items()
    }
    balance = sum(paid_in.values(), np.zeros(seen.periods, dtype=np.int64))
    for spent in seen.received(host, term.pays).values():
        balance = balance + spent
    at_year_end = seen.at_year_ends(seen.by_year(balance))
    of_underspend = parts_of(seen, np.maximum(at_year_end, 0), term.shares)
    of_overspend = parts_of(seen, np.minimum(at_year_end, 0), term.shares_of_overspend or term.shares)

    flows = [Flow(partner, host, pence) for partner, pence in paid_in.items() if partner != host]
    for parts in (of_underspend, of_overspend):
        flows.extend(
            Flow(host, partner, pence, term.settled_after_months) for partner, pence in parts.items() if partner != host
        )
    return flows
