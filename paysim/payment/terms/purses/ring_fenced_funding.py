"""Ring-fenced funding: a sum for one purpose, of which the payee keeps what it has spent on it.

Source: HM Treasury, "Managing Public Money" (2013), on grants: they may be used for their purpose only, and what is
unspent is returned. Matched funding pays a share of the spending.
"""

import numpy as np

from paysim.model.exact import exact
from paysim.model.terms.purses import RingFencedFunding
from paysim.payment.terms.seen import Flow, Seen, of_year, whole


def ring_fenced_funding(term: RingFencedFunding, seen: Seen) -> list[Flow]:
    """Return the sum in twelfths, and what goes back after the year: what its share of spending has not used up.

    kept = share x (cost of the services + what the payee paid under the terms - baseline), from 0 to the sum itself,
    rounded once a year. In a year of which the run has a part, sum and baseline count in that part.
    """
    contract = seen.contract
    on_account = seen.in_instalments(of_year(term.annual, year.number) for year in seen.years)
    spending = np.zeros_like(on_account)
    for received in seen.received(contract.payee, term.spent_under).values():
        spending = spending - received
    for service in term.services:
        spending = spending + seen.cost_of_services()[service]
    returned = []
    for year, paid in zip(seen.years, seen.by_year(on_account), strict=True):
        above = int(spending[year.first : year.stop].sum()) - term.baseline * year.share
        kept = whole(exact(term.share_of_spending) * above)
        returned.append(paid - min(max(kept, 0), paid))
    back = Flow(contract.payee, contract.payer, seen.at_year_ends(returned), term.settled_after_months)
    return [seen.to_payee(on_account), back]
