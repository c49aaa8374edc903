"""Terms that pay general practice: by the head of its list, and for quality and outcomes."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from paysim.model.evidence import NEUTRAL, assumption, published
from paysim.model.population import ByResident
from paysim.model.terms.form import (
    EVERY_HEAD,
    SETTLEMENT,
    by_kind,
    by_year,
    growth_by_year,
    named,
    number,
    one_of,
    pounds,
    rows,
    share,
    whole,
)
from paysim.model.terms.problems import Problem, negative, negative_weight
from paysim.model.terms.quality import ForQuality
from paysim.model.terms.term import Term

_ASPIRATION = published(
    "Department of Health, General Medical Services Statement of Financial Entitlements Directions 2013, part 2: the"
    " 70% method of aspiration payments",
    "2013",
)
_FULL_ACHIEVEMENT = assumption(
    "Points are earned in proportion to achievement, and all of them where no measure is named"
)
_AVERAGE_PREVALENCE = assumption("Prevalence on the list is that of the nation")


@dataclass(frozen=True, slots=True, eq=False)
class GlobalSum(Term):
    """Pays general practice a sum a year per weighted patient, in twelfths; the list is counted each quarter."""

    KIND: ClassVar[str] = "global_sum"
    annual_per_weighted_patient: tuple[int, ...] = by_year(
        pounds("Pounds a year per weighted patient, by financial year of the run.")
    )
    weights: ByResident | None = by_kind(
        "Weight of each kind of resident on the list; heads count 1 unless given.", stands_for=EVERY_HEAD
    )
    list_growth: tuple[float, ...] = growth_by_year(
        "Growth of the list from its first day to its last, by financial year."
    )
    out_of_hours_deduction: float = share(
        "Share of the sum that practices without out-of-hours duty forgo.", default=0, default_source=NEUTRAL
    )

    def pays_by_the_head(self) -> bool:
        """Return that it does."""
        return True

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        return negative("a sum per weighted patient", self.annual_per_weighted_patient) or negative_weight(self.weights)


@dataclass(frozen=True, slots=True)
class ListCount:
    """The weighted list as it was counted on the first day of a month."""

    month: int = whole("Months from the start of the run to the count: 0 for its first day.")
    weighted_patients: float = number("Weighted patients on the list.")


@dataclass(frozen=True, slots=True)
class RegisteredListCapitation(Term):
    """Pays a sum a year per weighted patient of a list whose size is known from counts, in monthly instalments."""

    KIND: ClassVar[str] = "registered_list_capitation"
    annual_per_head: tuple[int, ...] = by_year(
        pounds("Pounds a year per weighted patient, by financial year of the run.")
    )
    counts: tuple[ListCount, ...] = rows("The list as it was counted; each count holds until the next.", ListCount)
    recalculated: str = one_of(
        "How often payment follows the list: from the start of each month, quarter or financial year.",
        "monthly",
        "quarterly",
        "yearly",
        default="quarterly",
    )

    def pays_by_the_head(self) -> bool:
        """Return that it does."""
        return True

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        months = [count.month for count in self.counts]
        if not months or months[0] != 0:
            found = f"found a first count in month {months[0]}" if months else "found no count"
            return found, "expected a first count in month 0"
        if any(later <= before for before, later in pairwise(months)):
            return (
                f"found counts in months {', '.join(map(str, months))}",
                "expected months in ascending order, each once",
            )
        return negative("a sum per head", self.annual_per_head)


@dataclass(frozen=True, slots=True)
class QofIndicator:
    """An indicator of the Quality and Outcomes Framework, or a group of them that are measured alike."""

    points: float = number("Points available.", most=10_000.0)
    measure: str | None = named("The measure of the achievement, a share of patients.", "measure", default=None)
    achievement: float = share("Achievement where no measure is named.", default=1.0, default_source=_FULL_ACHIEVEMENT)
    lower_threshold: float = share(
        "Achievement up to which no points are earned.", default=0.0, default_source=_FULL_ACHIEVEMENT
    )
    upper_threshold: float = share(
        "Achievement from which all points are earned.", default=1.0, default_source=_FULL_ACHIEVEMENT
    )
    disease_factor: float = number(
        "Adjusted practice disease factor: prevalence on the list over national prevalence.",
        most=1000.0,
        default=1.0,
        default_source=_AVERAGE_PREVALENCE,
    )


@dataclass(frozen=True, slots=True)
class QualityAndOutcomesFramework(ForQuality):
    """Pays general practice for each point that it achieves, more for a longer list and for higher prevalence."""

    KIND: ClassVar[str] = "quality_and_outcomes_framework"
    pounds_per_point: tuple[int, ...] = by_year(
        pounds("Pounds per point for a practice with the average list, by financial year of the run.")
    )
    average_list: tuple[float, ...] = by_year(
        number("Patients on the average list of a practice, by financial year of the run.", least=1.0)
    )
    indicators: tuple[QofIndicator, ...] = rows("Points and what they are earned by.", QofIndicator)
    list_growth: tuple[float, ...] = growth_by_year(
        "Growth of the list from its first day to its last, by financial year."
    )
    aspiration_points: float = number(
        "Points that payments on account are made for.", most=10_000.0, default=0.0, default_source=NEUTRAL
    )
    aspiration_share: float = share(
        "Share of the value of those points that is paid on account.", default=0.7, default_source=_ASPIRATION
    )
    settled_after_months: int = whole(
        "Months from the year's end to the achievement payment.", most=120, default=3, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        if not self.indicators:
            return "found no indicators", "expected at least one"
        for each in self.indicators:
            if each.lower_threshold >= each.upper_threshold:
                found = f"found thresholds from {each.lower_threshold} to {each.upper_threshold}"
                return found, "expected a lower threshold below the upper one"
        available = sum(each.points for each in self.indicators)
        if self.aspiration_points > available:
            return (
                f"found {self.aspiration_points:g} aspiration points",
                f"expected at most the {available:g} points available",
            )
        return negative("a sum per point", self.pounds_per_point)
