"""What terms pay that blend a fixed sum with a payment for activity.

What is fixed is paid in twelfths; what depends on the year's activity is settled after the year, and rounded once. Of
an incomplete year at the end of a run, the months' share of planned values and baselines counts. That a year is settled
two months after it unless stated is an assumption.
"""

from fractions import Fraction

import numpy as np

from paysim.model.exact import exact
from paysim.model.terms.blended import YEARS_AVERAGED, AlignedPayment, Blended, LowVolumeBlock
from paysim.payment.terms.amounts import set_amount
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.seen import Flow, Seen, grown, sum_of_year, whole
from paysim.payment.valuation import at_its_prices


def blended(term: Blended, seen: Seen) -> list[Flow]:
    """Return what a blended payment pays: the planned value in twelfths, and the variable part after the year.

    Deviation = value of the activity - planned value. Variable part = variable rate x deviation. With break glass, what
    the deviation exceeds the stated share of the planned value by is beyond it; the fixed amount is re-set by as much,
    so that the deviation is again the stated one: variable part = beyond + variable rate x (deviation - beyond).

    Source: NHS England and NHS Improvement, 2019/20 National Tariff Payment System (March 2019), blended payment for
    emergency care; a fixed amount for expected activity and 20% of the deviation either way (HSJ, 7026392). Guidance on
    blended payments, 2020/21 consultation notice (December 2019), section 3.8 "Break glass": the fixed element is
    renegotiated where activity departs materially from plan. No number was found for the trigger, nor for what is
    agreed then: that the fixed amount follows one for one beyond the trigger is an assumption.
    """
    planned = set_amount(term.planned, term, seen)
    by_year = [planned * grown(term.growth, year.number) for year in seen.years]
    variable = []
    for year, full_year, value in zip(seen.years, by_year, seen.by_year(seen.value(term)), strict=True):
        plan = full_year * year.share
        beyond = _beyond(term.break_glass, plan, value - plan)
        variable.append(beyond + exact(term.variable_rate) * (value - plan - beyond))
    return [
        seen.to_payee(seen.in_instalments(by_year)),
        seen.to_payee(seen.at_year_ends(variable), due=term.settled_after_months),
    ]


def _beyond(break_glass: float | None, plan: Fraction, deviation: Fraction) -> Fraction:
    """Return what a deviation exceeds the break-glass share of the plan by, below zero where it falls short by more."""
    if break_glass is None:
        return Fraction(0)
    most = exact(break_glass) * plan
    return deviation - min(max(deviation, -most), most)


def aligned_payment(term: AlignedPayment, seen: Seen) -> list[Flow]:
    """Return what aligned payment and incentive pays: on account in twelfths, and what is left after the year.

    Variable element = above x what the value of elective activity is above the baseline, or - below x what it is below
    it. Fixed element and expected variable element are paid on account; variable - expected is settled after the year.

    Sources: 2021/22, 50% above the baseline (HFMA, 5 January 2022; that 50% was given back below it is an assumption),
    the block payments of the pandemic staying in its place; 2022/23, 75% above and below after the second consultation,
    with 104% of 2019/20 elective activity in the fixed element (HFMA, 31 March 2022; 75% above and 50% below in the
    first, HFMA, 5 January 2022; what was due below it was not taken back, HFMA, 5 January 2023); 2023/24, 100% of unit
    prices for all elective activity, none of it in the fixed element: baseline 0 and above 1 (NHS England, 2023/25
    NHS Payment Scheme; HFMA, 16 June 2023). That an expected variable element is paid on account follows the NHS
    Standard Contract's expected annual contract value.
    """
    fixed = set_amount(term.fixed, term, seen)
    on_account, left = [], []
    for year, value in zip(seen.years, seen.by_year(seen.value(term)), strict=True):
        expected = sum_of_year(term.expected_variable, year)
        on_account.append(fixed * grown(term.growth, year.number) + expected / year.share)
        deviation = value - sum_of_year(term.baseline, year)
        variable = exact(term.above if deviation > 0 else term.below) * deviation
        left.append(variable - expected)
    return [
        seen.to_payee(seen.in_instalments(on_account)),
        seen.to_payee(seen.at_year_ends(left), due=term.settled_after_months),
    ]


def low_volume_block(term: LowVolumeBlock, seen: Seen) -> list[Flow]:
    """Return what a low volume activity block pays: once a year, the mean value of the three years before.

    Each year's value is uplifted by the growth of all years since it. The run's own years count at the term's prices
    once they are past: activity changes nothing in its year, and a third of each of the next three years' payments. An
    incomplete year is paid its months' share, in a month that there is, and counts afterwards as if all its months had
    been like those.

    Sources: NHS England, NHS Payment Scheme 2023/25: relationships below 0.5 million pounds a year (1.5 million in
    2025/26) are paid a nationally set value, a three-year rolling average, without other transactions in the year; NHS
    Payment Scheme, frequently asked questions (August 2024): paid in the first quarter by one guidance, by the end of
    the third by the other, so the month is a parameter. That the three years are those just before is an assumption.
    """
    values = [Fraction(year.value) for year in term.past]
    uplifted_to = [Fraction(1)] * YEARS_AVERAGED
    pence = np.zeros(seen.periods, dtype=np.int64)
    for year, value in zip(seen.years, seen.by_year(seen.value(term)), strict=True):
        level = grown(term.growth, year.number)
        past = zip(values[-YEARS_AVERAGED:], uplifted_to[-YEARS_AVERAGED:], strict=True)
        mean = sum((earlier * level / its_level for earlier, its_level in past), Fraction(0)) / YEARS_AVERAGED
        pence[min(max(year.start + term.paid_in_month - 1, year.first), year.stop - 1)] = whole(mean * year.share)
        values.append(value / year.share)
        uplifted_to.append(level)
    return [seen.to_payee(pence)]


PAYMENT: dict[type, Pay] = {
    Blended: blended,
    AlignedPayment: aligned_payment,
    LowVolumeBlock: low_volume_block,
}
VALUATION: dict[type, Values] = {
    Blended: at_its_prices,
    AlignedPayment: at_its_prices,
    LowVolumeBlock: at_its_prices,
}
