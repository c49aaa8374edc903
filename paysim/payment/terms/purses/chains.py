"""Chains of lead providers and alliances: what is received is passed on, to one or among several.

Source: NHS England, NHS Standard Contract 2017/18, on subcontracting by a lead provider, and its template alliance
agreement (2017): a lead provider pays subcontractors out of what it is paid; members of an alliance share one budget.
"""

from paysim.model.terms.purses import DividedAmong, PassedOn
from paysim.payment.terms.passing import parts_of, share_of
from paysim.payment.terms.seen import Flow, Seen


def passed_on(term: PassedOn, seen: Seen) -> list[Flow]:
    """Return a share of what the contract's payer received, less what it paid others first, in the same months.

    It is due when that is due. Below zero, the payee pays its share of what the payer lacks. Rounded by the running
    total of the year.
    """
    return share_of(seen, seen.received(seen.contract.payer, (*term.received, *term.after)), term.share)


def divided_among(term: DividedAmong, seen: Seen) -> list[Flow]:
    """Return each member's share of what the contract's payer received, in the same months and due when that is due.

    Rounded by the running total over year and members: shares that sum to 1 pass every penny on and none twice.
    """
    payer = seen.contract.payer
    return [
        Flow(payer, member, part, due)
        for due, pence in seen.received(payer, term.received).items()
        for member, part in parts_of(seen, pence, term.shares).items()
        if member != payer
    ]
