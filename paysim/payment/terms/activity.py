"""What terms pay that change what is paid for activity."""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.activity import MarginalRate
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.seen import Flow, Seen, of_year, sum_of_year


def marginal_rate(term: MarginalRate, seen: Seen) -> list[Flow]:
    """Return what the marginal rate takes back of the payments above the baseline (below zero).

    Earlier terms have paid full prices, so adjustment = -(1 - rate) x max(0, paid - baseline): full prices are paid up
    to the baseline and the rate above it. It is worked out for each financial year and rounded once; of an incomplete
    year the months' share of the baseline counts.

    Source: the marginal rate emergency rule. Monitor and NHS England, 2014/15 National Tariff Payment System, section
    6.3.1: 30% of the tariff above a baseline, the value of emergency admissions in 2008/09 (from 2010/11; HFMA, 1 March
    and 3 October 2013); 70% from 2015/16 under the enhanced tariff option to 2018/19 (HFMA, 3 April 2017). The blended
    payment took its place in 2019/20. That it is settled two months after the year unless stated is an assumption.
    """
    adjustments = []
    for year, paid in zip(seen.years, seen.by_year(seen.paid_under(term.of)), strict=True):
        above = max(paid - sum_of_year(term.baseline, year), Fraction(0))
        adjustments.append(-(1 - exact(of_year(term.rate, year.number))) * above)
    return [seen.to_payee(seen.at_year_ends(adjustments), due=term.settled_after_months)]


PAYMENT: dict[type, Pay] = {MarginalRate: marginal_rate}
VALUATION: dict[type, Values] = {}
