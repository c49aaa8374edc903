"""Quality and Outcomes Framework (QOF): pays general practice for the points that it achieves.

Source: Department of Health, General Medical Services Statement of Financial Entitlements Directions 2013, part 2:
points between two thresholds of achievement; value of a point x contractor population index x
adjusted practice disease factor; aspiration payments on account, by the 70% method in monthly instalments. £171.20 per
point and an average list of 7,732: GMS contract 2017/18.
"""

from fractions import Fraction

from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.exact import exact
from paysim.model.terms.heads import QofIndicator, QualityAndOutcomesFramework
from paysim.payment.terms.heads.lists import MONTHS_PER_QUARTER, growth_of_list, weighted_list
from paysim.payment.terms.seen import Flow, Seen, Year, of_year

START_OF_LAST_QUARTER = MONTHS_PER_YEAR - MONTHS_PER_QUARTER


def quality_and_outcomes_framework(term: QualityAndOutcomesFramework, seen: Seen) -> list[Flow]:
    """Return what QOF pays: points achieved x pounds per point x list / average list, less what was paid on account.

    Points count times the indicator's adjusted practice disease factor. The list is that of 1 January, the start of
    the financial year's last quarter (an assumption where it grows). A year of which the run has a part earns that
    part of its points. Achievement is rounded once a year; so is the payment on account.
    """
    values = [_value_of_a_point(term, seen, year) for year in seen.years]
    expected = exact(term.aspiration_share) * exact(term.aspiration_points)
    on_account = seen.in_instalments(expected * value for value in values)
    earned = seen.at_year_ends(
        _points(term, seen, year) * value * year.share for year, value in zip(seen.years, values, strict=True)
    )
    settled = earned - seen.at_year_ends(seen.by_year(on_account))
    return [seen.to_payee(on_account), seen.to_payee(settled, due=term.settled_after_months)]


def points_earned(indicator: QofIndicator, achievement: Fraction | None) -> Fraction:
    """Return the points for an achievement: none up to the lower threshold, all from the upper one, even in between.

    Where nobody was observed, none.
    """
    if achievement is None:
        return Fraction(0)
    lower, upper = exact(indicator.lower_threshold), exact(indicator.upper_threshold)
    return exact(indicator.points) * min(max((achievement - lower) / (upper - lower), Fraction(0)), Fraction(1))


def _points(term: QualityAndOutcomesFramework, seen: Seen, year: Year) -> Fraction:
    total = Fraction(0)
    for indicator in term.indicators:
        achieved = (
            exact(indicator.achievement) if indicator.measure is None else seen.measured(indicator.measure)[year.number]
        )
        total += points_earned(indicator, achieved) * exact(indicator.disease_factor)
    return total


def _value_of_a_point(term: QualityAndOutcomesFramework, seen: Seen, year: Year) -> Fraction:
    """Return pence per point: that of the average practice times the contractor population index."""
    patients = weighted_list(seen) * growth_of_list(
        term.list_growth, year.number * MONTHS_PER_YEAR + START_OF_LAST_QUARTER
    )
    return of_year(term.pounds_per_point, year.number) * patients / exact(of_year(term.average_list, year.number))
