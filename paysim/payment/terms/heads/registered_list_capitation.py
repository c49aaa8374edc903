"""Capitation for a registered list whose size is known from counts.

Source: Monitor and NHS England, "Capitation: a potential new payment model to enable integrated care" (26 November
2014): payments follow the number of people who are covered. Counting each quarter is the rule of the General Medical
Services Statement of Financial Entitlements Directions 2013, section 2.
"""

from fractions import Fraction

from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.exact import exact
from paysim.model.terms.heads import ListCount, RegisteredListCapitation
from paysim.payment.terms.heads.lists import MONTHS_PER_QUARTER
from paysim.payment.terms.seen import Flow, Seen, of_year

MONTHS_BETWEEN = {"monthly": 1, "quarterly": MONTHS_PER_QUARTER, "yearly": MONTHS_PER_YEAR}


def registered_list_capitation(term: RegisteredListCapitation, seen: Seen) -> list[Flow]:
    """Return what is paid for a registered list: sum per head x weighted patients as last recalculated, in twelfths.

    A month is paid for the list as it stood on the first day of its month, quarter or financial year. Monthly sums
    are rounded by the running total of the year, so the year is rounded once.
    """
    between = MONTHS_BETWEEN[term.recalculated]
    by_month = (
        weighted_patients(term.counts, month - month % between)
        * of_year(term.annual_per_head, month // MONTHS_PER_YEAR)
        / MONTHS_PER_YEAR
        for month in range(seen.periods)
    )
    return [seen.to_payee(seen.by_running_total(by_month))]


def weighted_patients(counts: tuple[ListCount, ...], month: int) -> Fraction:
    """Return the weighted patients of the last count by the first day of a month of the run."""
    return exact([count.weighted_patients for count in counts if count.month <= month][-1])
