"""Medicare Shared Savings Program: savings, and in two-sided tracks losses, against a benchmark.

Source: 42 CFR part 425 subpart G: 425.604 (Track 1), 425.605 (BASIC), 425.606 (Track 2), 425.610 (Track 3, ENHANCED).
Disasters: 82 FR 60912 (26 December 2017) and the paragraphs on extreme and uncontrollable circumstances of the same.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared import MedicareSharedSavings
from paysim.payment.terms.capitation import weighted_heads
from paysim.payment.terms.seen import Flow, Seen, Year, of_year, sum_of_year
from paysim.payment.terms.shared.minimum_savings_rate import minimum_savings_rate
from paysim.payment.terms.shared.target import between, quality_scores, spending, targets
from paysim.payment.terms.shared.tracks import (
    FEWEST_BENEFICIARIES,
    FULL_RATE_FROM,
    LOW_REVENUE_FROM,
    SEQUESTRATION,
    TRACKS,
    WITHOUT_SEQUESTRATION,
    LossRule,
)


def medicare_shared_savings(term: MedicareSharedSavings, seen: Seen) -> list[Flow]:
    """Return what is paid for each year's savings, or paid back for its losses.

    Savings = benchmark - spending. They are shared from the first dollar if they reach minimum rate x benchmark:
    min(0.98 x sharing rate x savings, cap x benchmark), the 0.98 while sequestration applies. Two-sided tracks owe, of
    losses that reach it, min(loss rate x losses, loss limit) less the disaster adjustment, but no less than nothing.
    Sharing rate: the track's highest x quality score; from 2021 the highest. Loss rate: 1 - highest x quality score,
    within the track's bounds. Who fails the quality standard shares no savings, and losses at the upper bound.
    Stated amounts count months/12 in an incomplete year. Rounded once, booked at the year's end.
    """
    years = zip(seen.years, targets(term, seen), spending(term, seen), quality_scores(term, seen), strict=True)
    settled = (_settled(term, seen, *of_year) for of_year in years)
    return [seen.to_payee(seen.at_year_ends(settled), term.settled_after_months)]


def _settled(
    term: MedicareSharedSavings, seen: Seen, year: Year, benchmark: Fraction, spent: int, score: Fraction
) -> Fraction:
    savings = benchmark - spent
    minimum = _minimum_rate(term, seen, year) * benchmark
    losses = TRACKS[term.track].losses
    if savings > 0:
        reached = Fraction(1) if savings >= minimum else _part_under_minimum(term, seen, year)
        return _payment(term, year, benchmark, savings, reached * _sharing_rate(term, year, score))
    if losses is not None and savings < 0 and -savings >= minimum:
        return -_owed(term, losses, year, benchmark, -savings, score)
    return Fraction(0)


def _payment(
    term: MedicareSharedSavings, year: Year, benchmark: Fraction, savings: Fraction, rate: Fraction
) -> Fraction:
    suspended = term.performance_year + year.number in WITHOUT_SEQUESTRATION
    left = Fraction(1) if suspended else SEQUESTRATION
    return min(left * rate * savings, TRACKS[term.track].savings_cap * max(benchmark, Fraction(0)))


def _owed(
    term: MedicareSharedSavings, rule: LossRule, year: Year, benchmark: Fraction, loss: Fraction, score: Fraction
) -> Fraction:
    limit = of_year(rule.limits, term.agreement_year - 1 + year.number) * benchmark
    if rule.revenue_limit is not None and term.revenue is not None:
        limit = min(limit, rule.revenue_limit * sum_of_year(term.revenue, year))
    owed = min(_loss_rate(term, rule, score) * loss, limit)
    return max(Fraction(0), owed - sum_of_year(term.disaster_adjustment, year))


def _sharing_rate(term: MedicareSharedSavings, year: Year, score: Fraction) -> Fraction:
    highest = TRACKS[term.track].sharing_rate
    if not _meets_standard(term, score):
        return Fraction(0)
    return highest if term.performance_year + year.number >= FULL_RATE_FROM else highest * score


def _loss_rate(term: MedicareSharedSavings, rule: LossRule, score: Fraction) -> Fraction:
    if not _meets_standard(term, score):
        return rule.most
    return between(rule.least, 1 - TRACKS[term.track].sharing_rate * score, rule.most)


def _meets_standard(term: MedicareSharedSavings, score: Fraction) -> bool:
    return score > 0 and score >= exact(term.quality_standard)


def _minimum_rate(term: MedicareSharedSavings, seen: Seen, year: Year) -> Fraction:
    if term.minimum_savings_rate is not None:
        return exact(term.minimum_savings_rate)
    return minimum_savings_rate(_beneficiaries(term, seen, year))


def _part_under_minimum(term: MedicareSharedSavings, seen: Seen, year: Year) -> Fraction:
    """Return the part of the sharing rate for savings under the minimum: half for low-revenue ACOs in BASIC."""
    from_year = term.performance_year + year.number >= LOW_REVENUE_FROM
    large = _beneficiaries(term, seen, year) >= FEWEST_BENEFICIARIES
    return Fraction(1, 2) if term.low_revenue and from_year and large else Fraction(0)


def _beneficiaries(term: MedicareSharedSavings, seen: Seen, year: Year) -> int:
    if term.assigned_beneficiaries is None:
        return int(weighted_heads(seen.system.population, None, seen.contract.scope))
    return of_year(term.assigned_beneficiaries, year.number)
