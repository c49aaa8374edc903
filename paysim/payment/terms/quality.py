"""What terms pay for quality, by measures taken from activity in each financial year.

A year of which the run has only a part counts with the months there are; its measures are taken as far as it goes.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.measure import MeasureKind
from paysim.model.terms.quality import (
    HIGHER,
    Cquin,
    ImprovementPayment,
    Indicator,
    PerformancePayment,
    QualityGate,
    Sanctions,
    Standard,
)
from paysim.payment.terms.capitation import weighted_heads
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.seen import Flow, Seen, Year, of_year, whole

_SHARES: tuple[MeasureKind, ...] = ("share", "within", "readmission", "occupancy", "delayed")
_COUNTS: tuple[MeasureKind, ...] = ("rate",)


def cquin(term: Cquin, seen: Seen) -> list[Flow]:
    """Return what CQUIN pays: instalments on account and, after the year, what it earned less what was paid of it.

    earned = earns x contract value x sum of weight x achievement, where the achievement of a measure is
    (value - nothing_at) / (all_at - nothing_at), from 0 to 1. Contract value: what the terms in `of` paid in the year.
    An indicator of which nothing was observed falls away, and the others share its weight; without any, all is earned.
    On account each month: earns x on_account x what those terms paid in it. The earned sum is rounded once a year,
    the instalments by their running total.

    Source: NHS England and NHS Improvement, Commissioning for Quality and Innovation (CQUIN): guidance for 2020-2021
    (February 2020) with its indicator specifications, and 2022/23 (January 2022): minimum and maximum thresholds,
    instalments in advance, reconciliation after the year, the whole value spread over the indicators that apply.
    """
    contract_value, factor = seen.paid_under(term.of), exact(term.earns)
    on_account = seen.by_running_total(contract_value.tolist(), factor * exact(term.on_account))
    earned = [
        whole(factor * value * _achievement(term.indicators, seen, year))
        for value, year in zip(seen.by_year(contract_value), seen.years, strict=True)
    ]
    reconciled = [due - paid for due, paid in zip(earned, seen.by_year(on_account), strict=True)]
    return [
        seen.to_payee(on_account),
        seen.to_payee(seen.at_year_ends(reconciled), term.settled_after_months),
    ]


def improvement_payment(term: ImprovementPayment, seen: Seen) -> list[Flow]:
    """Return what an improvement payment pays: a sum for each step by which a measure is better than its baseline.

    pays x max(0, improvement) / for_each, at most `most`, times months / 12 in an incomplete year; nothing where
    nothing was observed. Rounded once a year.

    Source: NHS England, Accountable Care Organisation contract, document 7: Finance and payment approach for ACOs
    (August 2017): the improvement payment scheme. Plain proportion is an assumption: contracts agree their own.
    """
    values = seen.measured(term.measure)
    amounts = []
    for year in seen.years:
        value, baseline = values[year.number], exact(of_year(term.baseline, year.number))
        improvement = 0 if value is None else max(Fraction(0), _better_by(term.better, value, baseline))
        amounts.append(year.share * min(Fraction(term.most), term.pays * improvement / exact(term.for_each)))
    return [seen.to_payee(seen.at_year_ends(amounts), term.settled_after_months)]


def quality_gate(term: QualityGate, seen: Seen) -> list[Flow]:
    """Return what a quality gate takes back: a share of what the terms in `of` paid in each year that failed.

    A year fails where the measure is worse than its threshold; one in which nothing was observed does not. Where those
    terms paid less than nothing, nothing is taken. Rounded once a year.

    Source: Centers for Medicare & Medicaid Services, 42 CFR 425.502 (2011): savings are shared only where the quality
    performance standard is met.
    """
    values, threshold = seen.measured(term.measure), exact(term.threshold)
    amounts = []
    for year, paid in zip(seen.years, seen.by_year(seen.paid_under(term.of)), strict=True):
        value = values[year.number]
        passed = value is None or _better_by(term.better, value, threshold) >= 0
        amounts.append(0 if passed else -whole(exact(term.withholds) * max(0, paid)))
    return [seen.to_payee(seen.at_year_ends(amounts), term.settled_after_months)]


def performance_payment(term: PerformancePayment, seen: Seen) -> list[Flow]:
    """Return what pay for performance pays: the sum of the best threshold that the measure reaches in each year.

    Nothing below the first threshold or where nothing was observed; times months / 12 in an incomplete year. Rounded
    once a year.

    Source: British Medical Association and NHS Confederation, Investing in General Practice: the new GMS contract
    (2003), pays by thresholds of achievement; here in steps, as the five gates for each measure in Chernew et al.,
    "Private-payer innovation in Massachusetts: the Alternative Quality Contract", Health Affairs 30 (2011).
    """
    values = seen.measured(term.measure)
    amounts = []
    for year in seen.years:
        value = values[year.number]
        reached = [
            step.pays
            for step in term.steps
            if value is not None and _better_by(term.better, value, exact(step.at)) >= 0
        ]
        amounts.append(year.share * max(reached, default=0))
    return [seen.to_payee(seen.at_year_ends(amounts), term.settled_after_months)]


def sanctions(term: Sanctions, seen: Seen) -> list[Flow]:
    """Return what sanctions take back: a sum for each breach of a standard beyond those tolerated, within a limit.

    For each standard per_breach x patients x max(0, min(share of breaches, counted_up_to) - tolerated share). Patients
    are the rate of `patients` x residents in the contract's scope x months / 12; parts of a patient count as such.
    Of all standards together at most most_share x what the terms in `of` paid in the year. Rounded once a year.

    Source: NHS England, NHS Standard Contract 2015/16, Schedule 4A: operational standards, with a sum in respect of
    each excess breach above the threshold.
    """
    for standard in term.standards:
        _refuse_other_kind(standard.measure, _SHARES, term, seen)
        _refuse_other_kind(standard.patients, _COUNTS, term, seen)
    residents = weighted_heads(seen.system.population, None, seen.contract.scope)
    contract_value = seen.by_year(seen.paid_under(term.of))
    amounts = []
    for year, value in zip(seen.years, contract_value, strict=True):
        amount = sum((_sanction(standard, residents, seen, year) for standard in term.standards), Fraction(0))
        most = exact(term.most_share) * max(0, value) if term.of else amount
        amounts.append(-whole(min(amount, most)))
    return [seen.to_payee(seen.at_year_ends(amounts), term.settled_after_months)]


def _achievement(indicators: tuple[Indicator, ...], seen: Seen, year: Year) -> Fraction:
    """Return the weighted achievement of a year, over the indicators of which anything was observed."""
    achieved = observed = Fraction(0)
    for indicator in indicators:
        value = seen.measured(indicator.measure)[year.number]
        if value is not None:
            nothing_at, all_at = exact(indicator.nothing_at), exact(indicator.all_at)
            part = (value - nothing_at) / (all_at - nothing_at)
            achieved += exact(indicator.weight) * min(max(part, Fraction(0)), Fraction(1))
            observed += exact(indicator.weight)
    return achieved / observed if observed else Fraction(1)


def _sanction(standard: Standard, residents: Fraction, seen: Seen, year: Year) -> Fraction:
    """Return what a standard's breaches of a year cost, in pence, before the limit of all sanctions."""
    value, rate = (seen.measured(measure)[year.number] for measure in (standard.measure, standard.patients))
    if value is None or rate is None:
        return Fraction(0)
    breaches = 1 - value if standard.better == HIGHER else value
    excess = max(Fraction(0), min(breaches, exact(standard.counted_up_to)) - standard.tolerated)
    return standard.per_breach * excess * rate * residents * year.share


def _better_by(better: str, value: Fraction, than: Fraction) -> Fraction:
    """Return by how much a value is better than another; below zero where it is worse."""
    return value - than if better == HIGHER else than - value


def _refuse_other_kind(measure: str, kinds: tuple[MeasureKind, ...], term: Sanctions, seen: Seen) -> None:
    known = seen.system.measures.get(measure)
    if known is not None and known.kind not in kinds:
        found = f"found measure {measure}, a {known.kind}"
        raise refusal(term, seen.contract, found, f"expected a {' or '.join(kinds)}")


PAYMENT: dict[type, Pay] = {
    Cquin: cquin,
    ImprovementPayment: improvement_payment,
    QualityGate: quality_gate,
    PerformancePayment: performance_payment,
    Sanctions: sanctions,
}
VALUATION: dict[type, Values] = {}
