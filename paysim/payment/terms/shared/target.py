"""What shared results are measured by, financial year by financial year."""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.shared.target import AgainstTarget, OfSpending, WithQuality
from paysim.payment.terms.seen import Seen, of_year, sum_of_year


def targets(term: AgainstTarget, seen: Seen) -> list[Fraction]:
    """Return each year's target in pence: as stated, months/12 of it in an incomplete year, or what terms paid."""
    if term.target is not None:
        return [sum_of_year(term.target, year) for year in seen.years]
    return [Fraction(paid) for paid in seen.by_year(seen.paid_under(term.target_terms))]


def spending(term: OfSpending, seen: Seen) -> list[int]:
    """Return each year's spending in pence: what the terms paid plus what the organisations' services cost."""
    spent = seen.paid_under(term.spending_terms)
    if term.spending_organisations:
        spent = spent + seen.cost(term.spending_organisations)
    return seen.by_year(spent)


def quality_scores(term: WithQuality, seen: Seen) -> list[Fraction]:
    """Return each year's quality score, from 0 to 1: the measure's value where it was observed, else as stated."""
    scores = [exact(of_year(term.quality_score, year.number)) for year in seen.years]
    if term.quality_measure is None:
        return scores
    measured = [seen.measured(term.quality_measure)[year.number] for year in seen.years]
    return [
        stated if value is None else between(Fraction(0), value, Fraction(1))
        for stated, value in zip(scores, measured, strict=True)
    ]


def between(least: Fraction, amount: Fraction, most: Fraction) -> Fraction:
    """Return an amount, raised to the least or lowered to the most that it may be."""
    return max(least, min(amount, most))
