"""Global sum: pays general practice for its weighted list.

Source: Department of Health, General Medical Services Statement of Financial Entitlements Directions 2013, section 2:
the contractor's weighted population, counted again each quarter, times a sum per weighted patient, divided by twelve
each month. £85.35 per weighted patient: GMS contract 2017/18.
"""

from fractions import Fraction

from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.exact import exact
from paysim.model.terms.heads import GlobalSum
from paysim.payment.terms.heads.lists import MONTHS_PER_QUARTER, growth_of_list, weighted_list
from paysim.payment.terms.seen import Flow, Seen, of_year


def global_sum(term: GlobalSum, seen: Seen) -> list[Flow]:
    """Return what the global sum pays: sum per weighted patient x weighted list at the quarter's start, in twelfths.

    Practices that have opted out of out-of-hours duty forgo a share of it. Monthly sums are rounded by the running
    total of the year, so the year is rounded once.
    """
    patients = weighted_list(seen, term.weights)
    kept = 1 - exact(term.out_of_hours_deduction)

    def a_month_of(quarter: int) -> Fraction:
        first = quarter * MONTHS_PER_QUARTER
        a_year = of_year(term.annual_per_weighted_patient, first // MONTHS_PER_YEAR)
        return patients * growth_of_list(term.list_growth, first) * a_year * kept / MONTHS_PER_YEAR

    quarters = range(-(-seen.periods // MONTHS_PER_QUARTER))
    by_month = [amount for quarter in quarters for amount in [a_month_of(quarter)] * MONTHS_PER_QUARTER]
    return [seen.to_payee(seen.by_running_total(by_month[: seen.periods]))]
