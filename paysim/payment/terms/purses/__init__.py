"""What terms pay: out of purses that organisations share or that are meant for one purpose."""

from paysim.model.terms.purses import CapitalCharge, DividedAmong, PassedOn, PooledBudget, RingFencedFunding
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.purses.capital_charge import capital_charge
from paysim.payment.terms.purses.chains import divided_among, passed_on
from paysim.payment.terms.purses.pooled_budget import pooled_budget
from paysim.payment.terms.purses.ring_fenced_funding import ring_fenced_funding

PAYMENT: dict[type, Pay] = {
    PooledBudget: pooled_budget,
    PassedOn: passed_on,
    DividedAmong: divided_among,
    RingFencedFunding: ring_fenced_funding,
    CapitalCharge: capital_charge,
}
VALUATION: dict[type, Values] = {}
