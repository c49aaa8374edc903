"""Terms that pay by the head: general practice, whole populations, and the limits and parts of such payments."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from paysim.model.evidence import NEUTRAL, assumption, published
from paysim.model.population import ByResident
from paysim.model.price import PriceTable
from paysim.model.terms.form import (
    EVERY_HEAD,
    SETTLEMENT,
    by_kind,
    by_year,
    earlier,
    flag,
    growth_by_year,
    named,
    number,
    one_of,
    pounds,
    prices,
    rows,
    share,
    whole,
)
from paysim.model.terms.problems import Problem, negative
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
        return negative("a sum per weighted patient", self.annual_per_weighted_patient) or _negative_weight(
            self.weights
        )


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
            return f"found counts in months {_listed(months)}", "expected months in ascending order, each once"
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
class QualityAndOutcomesFramework(Term):
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


@dataclass(frozen=True, slots=True)
class CarveOut:
    """Spending for the population that stays outside the payment."""

    annual: int = pounds("Pounds in the year before the run.")
    grows: bool = flag("Whether it grows as the payment does; else it stays as it is.")


@dataclass(frozen=True, slots=True, eq=False)
class WholePopulationAnnualPayment(Term):
    """Pays for all care of a population by what was spent on it before, with growth, efficiency and carve-outs."""

    KIND: ClassVar[str] = "whole_population_annual_payment"
    base_per_head: int = pounds("Pounds spent per weighted resident in the year before the run.")
    weights: ByResident | None = by_kind(
        "Weight of each kind of resident; heads count 1 unless given.", stands_for=EVERY_HEAD
    )
    population_growth: tuple[float, ...] = growth_by_year(
        "Growth of the population since the year before, by financial year."
    )
    growth: tuple[float, ...] = growth_by_year("Growth of spending per head since the year before, by financial year.")
    efficiency: tuple[float, ...] = by_year(
        share("Efficiency that is asked for since the year before, by financial year."),
        default=(0.0,),
        default_source=NEUTRAL,
    )
    carve_outs: tuple[CarveOut, ...] = rows("What stays outside the payment.", CarveOut, default=())
    paid_elsewhere: tuple[str, ...] = earlier(
        "Earlier terms or contracts by which the payer pays for a part of the population's care itself.", default=()
    )

    def pays_for_activity(self) -> bool:
        """Return that it does: what is paid elsewhere only lowers it."""
        return True

    def pays_by_the_head(self) -> bool:
        """Return that it does."""
        return True

    def follows_residents(self) -> bool:
        """Return whether all of it is by the head."""
        return not self.carve_outs and not self.paid_elsewhere

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        return (
            negative("a base per head", [self.base_per_head])
            or negative("a carve-out", (each.annual for each in self.carve_outs))
            or _negative_weight(self.weights)
        )


@dataclass(frozen=True, slots=True)
class StopLossBand:
    """The payer's share of what a resident's activity comes to above an attachment point, up to the next one."""

    above: int = pounds("Attachment point: pounds per resident and year.")
    payer_share: float = share("Share that the payer bears.")


@dataclass(frozen=True, slots=True)
class StopLossForOutliers(Term):
    """Pays a share of what the activity of single residents comes to above an attachment point a year."""

    KIND: ClassVar[str] = "stop_loss_for_outliers"
    prices: PriceTable = prices("The price list that values a resident's activity.")
    bands: tuple[StopLossBand, ...] = rows("Attachment points and the payer's share above each.", StopLossBand)
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")
    currencies: tuple[str, ...] | None = named("Only these currencies.", "currency", several=True, default=None)
    price_growth: tuple[float, ...] = growth_by_year(
        "Growth of prices since the year before, by financial year of the run."
    )
    charge_per_head: int = pounds(
        "Pounds a year per resident that the payee pays for the cover.", default=0, default_source=NEUTRAL
    )
    settled_after_months: int = whole(
        "Months from the year's end to the settlement.", most=120, default=3, default_source=SETTLEMENT
    )

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        points = [band.above for band in self.bands]
        if not points:
            return "found no bands", "expected at least one"
        if any(later <= before for before, later in pairwise(points)):
            listed = _listed([f"{point / 100:,.2f}" for point in points])
            return f"found attachment points {listed} pounds", "expected them in ascending order, each once"
        return negative("an attachment point", points) or negative("a charge per head", [self.charge_per_head])


@dataclass(frozen=True, slots=True, eq=False)
class SubCapitation(Term):
    """Pays a subcontractor by the head, by percentage of premium (of what the lead provider receives), or both."""

    KIND: ClassVar[str] = "sub_capitation"
    annual_per_head: int = pounds(
        "Pounds a year per weighted resident in the contract's scope.", default=0, default_source=NEUTRAL
    )
    weights: ByResident | None = by_kind(
        "Weight of each kind of resident, 0 for those not covered; 1 unless given.", stands_for=EVERY_HEAD
    )
    growth: tuple[float, ...] = growth_by_year(
        "Growth less efficiency since the year before, by financial year of the run."
    )
    premium: tuple[str, ...] = earlier("Earlier contracts or terms under which the lead provider is paid.", default=())
    share_of_premium: float = share("Share of the premium that is passed on.", default=0.0, default_source=NEUTRAL)

    def pays_for_activity(self) -> bool:
        """Return that it does: a premium is what the subcontractor is paid."""
        return True

    def pays_by_the_head(self) -> bool:
        """Return whether it pays anything by the head."""
        return self.annual_per_head > 0

    def follows_residents(self) -> bool:
        """Return whether all of it is by the head."""
        return not self.premium

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        if bool(self.premium) != (self.share_of_premium > 0):
            found = "found a premium without a share" if self.premium else "found a share of premium without a premium"
            return found, "expected both premium and share_of_premium, or neither"
        if not self.premium and not self.annual_per_head:
            return "found neither annual_per_head nor share_of_premium", "expected at least one of them"
        return negative("a sum per head", [self.annual_per_head]) or _negative_weight(self.weights)


KINDS: tuple[type[Term], ...] = (
    GlobalSum,
    RegisteredListCapitation,
    QualityAndOutcomesFramework,
    WholePopulationAnnualPayment,
    StopLossForOutliers,
    SubCapitation,
)


def _negative_weight(weights: ByResident | None) -> Problem | None:
    if weights is None or not (weights < 0).any():
        return None
    return f"found weight {weights.min():g}", "expected weights of at least 0"


def _listed(values: list[int] | list[str]) -> str:
    return ", ".join(map(str, values))
