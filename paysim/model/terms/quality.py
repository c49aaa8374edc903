"""Terms that pay for quality: what an organisation earns or loses by measures taken from activity."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from paysim.model.evidence import NEUTRAL, published
from paysim.model.exact import exact
from paysim.model.terms.form import SETTLEMENT, by_year, earlier, level, named, one_of, pounds, rows, share, whole
from paysim.model.terms.problems import Problem, in_decimals, total_of
from paysim.model.terms.term import Term

HIGHER, LOWER = "higher", "lower"

_IN_ADVANCE = published(
    "NHS England, Commissioning for Quality and Innovation (CQUIN): 2022/23 (January 2022): paid in advance and"
    " deducted where indicators fall short",
    "2022/23",
)


def _measure() -> Any:
    return named("The measure, taken in each financial year.", "measure")


def _better() -> Any:
    return one_of("Whether a higher or a lower value is better.", HIGHER, LOWER)


def _settled(months: int) -> Any:
    return whole(
        "Months after the end of the year at which the money moves.", most=24, default=months, default_source=SETTLEMENT
    )


class ForQuality(Term):
    """A term that pays for quality, beside what the care itself is paid."""

    def pays_for_activity(self) -> bool:
        """Return that it does not: it may cover services that another contract pays for, and sees their measures."""
        return False


@dataclass(frozen=True, slots=True)
class Indicator:
    """A measure and what share of an incentive payment it decides."""

    measure: str = _measure()
    better: str = _better()
    nothing_at: float = level("Value up to which nothing is earned: the lower threshold of achievement.")
    all_at: float = level("Value from which all is earned: the upper threshold of achievement.")
    weight: float = share("Share of the payment that this measure decides; all weights add up to 1.")


@dataclass(frozen=True, slots=True)
class Cquin(ForQuality):
    """Pays a share of contract value, on account, and reconciles it with what measures achieve between thresholds."""

    KIND: ClassVar[str] = "cquin"
    of: tuple[str, ...] = earlier("The terms whose payments are the contract value.")
    earns: float = share("Share of contract value that full achievement earns.")
    indicators: tuple[Indicator, ...] = rows("The measures.", Indicator)
    on_account: float = share(
        "Share of the full payment that is paid month by month in advance.", default=1.0, default_source=_IN_ADVANCE
    )
    settled_after_months: int = _settled(3)

    def problem(self) -> Problem | None:
        """Return what was found and expected of indicators without thresholds in order or weights that add up."""
        total = total_of(indicator.weight for indicator in self.indicators)
        if total != 1:
            return f"found indicators whose weights add up to {in_decimals(total)}", "expected weights that add up to 1"
        for indicator in self.indicators:
            found = _out_of_order(indicator.better, (indicator.nothing_at, indicator.all_at))
            if found:
                return (
                    f"found nothing_at and all_at {found} of {indicator.measure}",
                    "expected nothing_at, then a better all_at",
                )
        return None


@dataclass(frozen=True, slots=True)
class ImprovementPayment(ForQuality):
    """Pays in proportion to how far a measure has improved over its baseline."""

    KIND: ClassVar[str] = "improvement_payment"
    measure: str = _measure()
    better: str = _better()
    baseline: tuple[float, ...] = by_year(level("Value that improvement counts from, by financial year of the run."))
    pays: int = pounds("Pounds a year that each improvement by `for_each` earns; parts of it count as such.")
    for_each: float = level("Improvement of the measure that earns the sum once: 0.01 is a percentage point.")
    most: int = pounds("The most that it pays in a year, pounds.")
    settled_after_months: int = _settled(3)

    def problem(self) -> Problem | None:
        """Return what was found and expected of an improvement by nothing."""
        return None if self.for_each > 0 else (f"found for_each {self.for_each:g}", "expected more than 0")


@dataclass(frozen=True, slots=True)
class QualityGate(ForQuality):
    """Withholds a share of what earlier terms paid in a year unless a measure reaches its threshold."""

    KIND: ClassVar[str] = "quality_gate"
    of: tuple[str, ...] = earlier("The terms whose payments stand behind the gate.")
    withholds: float = share("Share of them that is withheld.")
    measure: str = _measure()
    better: str = _better()
    threshold: float = level("Value that must be reached; reaching it exactly is enough.")
    settled_after_months: int = _settled(3)


@dataclass(frozen=True, slots=True)
class Achievement:
    """A threshold and what reaching it pays."""

    at: float = level("Value that must be reached; reaching it exactly is enough.")
    pays: int = pounds("Pounds a year that it pays, in place of what the thresholds before it pay.")


@dataclass(frozen=True, slots=True)
class PerformancePayment(ForQuality):
    """Pays a sum a year by the best threshold that a measure reaches."""

    KIND: ClassVar[str] = "performance_payment"
    measure: str = _measure()
    better: str = _better()
    steps: tuple[Achievement, ...] = rows("The thresholds, each better than the one before.", Achievement)
    settled_after_months: int = _settled(3)

    def problem(self) -> Problem | None:
        """Return what was found and expected of thresholds that are out of order or pay less for more."""
        if not self.steps:
            return "found no steps", "expected at least one"
        found = _out_of_order(self.better, [step.at for step in self.steps])
        if found:
            return f"found steps at {found}", f"expected each one {self.better} than the one before"
        pays = [step.pays for step in self.steps]
        if pays != sorted(pays):
            return "found a step that pays less than the one before", "expected steps that pay as much or more"
        return None


@dataclass(frozen=True, slots=True)
class Standard:
    """An operational standard: the share of patients that must be treated as it says, and the sum for each breach."""

    measure: str = named("The share of patients who were treated as the standard says, or who were not.", "measure")
    better: str = _better()
    threshold: float = share("Value that must be reached; the rest of the patients is tolerated.")
    patients: str = named("Measure of kind rate: the patients whom the standard counts.", "measure")
    per_breach: int = pounds("Pounds for each breach beyond those tolerated.")
    counted_up_to: float = share(
        "Share of patients beyond which breaches bring no more sanctions.", default=1.0, default_source=NEUTRAL
    )

    @property
    def tolerated(self) -> Fraction:
        """The share of patients whose breach brings no sanction."""
        threshold = exact(self.threshold)
        return 1 - threshold if self.better == HIGHER else threshold


@dataclass(frozen=True, slots=True)
class Sanctions(ForQuality):
    """Takes back a sum for each patient beyond those whose breach of a standard is tolerated."""

    KIND: ClassVar[str] = "sanctions"
    standards: tuple[Standard, ...] = rows("The standards.", Standard)
    of: tuple[str, ...] = earlier("The terms whose payments are the contract value.", default=())
    most_share: float = share(
        "Share of contract value that all sanctions of a year do not exceed.", default=1.0, default_source=NEUTRAL
    )
    settled_after_months: int = _settled(1)

    def problem(self) -> Problem | None:
        """Return what was found and expected of standards that can never bite, or of a limit to a share of nothing."""
        if not self.standards:
            return "found no standards", "expected at least one"
        if self.most_share < 1 and not self.of:
            return "found most_share without `of`", "expected the terms whose payments are the contract value"
        for standard in self.standards:
            if total_of([standard.counted_up_to]) <= standard.tolerated:
                found = f"found counted_up_to {standard.counted_up_to:g} of {standard.measure}"
                return found, f"expected more than the {float(standard.tolerated):g} that are tolerated"
        return None


def _out_of_order(better: str, values: Iterable[float]) -> str | None:
    """Return the values in words where one of them is no better than the one before, else None."""
    given = list(values)
    ordered = sorted(set(given), reverse=better == LOWER)
    return None if given == ordered else ", ".join(f"{value:g}" for value in given)


KINDS: tuple[type[Term], ...] = (Cquin, ImprovementPayment, QualityGate, PerformancePayment, Sanctions)
