"""Block: pays an annual sum whatever the activity.

Source: NHS England, NHS Standard Contract 2017/18 and 2018/19, service condition 36 (payment terms): an annual contract
value, paid in twelve monthly instalments.
"""

from paysim.model.terms import Block
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.seen import Flow, Seen, grown


def block(term: Block, seen: Seen) -> list[Flow]:
    """Return what a block pays: its annual sum, grown year by year, in twelfths."""
    annual = set_amount(term.annual, term, seen)
    return [seen.to_payee(seen.in_instalments(annual * grown(term.growth, year.number) for year in seen.years))]
