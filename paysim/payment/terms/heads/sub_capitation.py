"""Sub-capitation: a lead provider that is paid by the head pays its subcontractors by the head or by share.

Source: Monitor and NHS England, "Capitation: a potential new payment model to enable integrated care" (26 November
2014), on lead providers that hold the capitated budget and subcontract; percentage of premium is the term for the
same in United States managed care.
"""

from paysim.model.terms.heads import SubCapitation
from paysim.payment.terms.capitation import weighted_heads
from paysim.payment.terms.passing import share_of
from paysim.payment.terms.seen import Flow, Seen, grown


def sub_capitation(term: SubCapitation, seen: Seen) -> list[Flow]:
    """Return what a subcontractor is paid: sum per head x weighted heads in twelfths, + a share of the premium.

    The premium is what the contract's payer received under earlier contracts; its share is paid in the months in which
    it was received, is due when that is due, and is paid back where that was. Both are rounded once a year.
    """
    flows = share_of(seen, seen.received(seen.contract.payer, term.premium), term.share_of_premium)
    if term.annual_per_head:
        heads = weighted_heads(seen.system.population, term.weights, seen.contract.scope)
        annual = (term.annual_per_head * heads * grown(term.growth, year.number) for year in seen.years)
        flows.insert(0, seen.to_payee(seen.in_instalments(annual)))
    return flows
