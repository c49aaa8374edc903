"""Terms that pay by the head for whole populations, and the limits and parts of such payments."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from paysim.model.evidence import NEUTRAL
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
    pounds,
    prices,
    rows,
    share,
    whole,
)
from paysim.model.terms.problems import Problem, negative, negative_weight
from paysim.model.terms.term import Term


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
            or negative_weight(self.weights)
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
            listed = ", ".join(f"{point / 100:,.2f}" for point in points)
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
        return negative("a sum per head", [self.annual_per_head]) or negative_weight(self.weights)
