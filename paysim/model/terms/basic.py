"""The three ways of paying that all others are made of: by activity, by the year and by the head."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.population import ByResident
from paysim.model.price import PriceTable
from paysim.model.terms.form import EVERY_HEAD, by_kind, flag, growth_by_year, named, pounds, prices
from paysim.model.terms.term import Term


@dataclass(frozen=True, slots=True)
class BudgetNeutral:
    """An amount to be set so that the payer expects to pay what arrangement `to` would have it pay."""

    to: str


@dataclass(frozen=True, slots=True)
class Tariff(Term):
    """Pays for each unit of activity at its price."""

    KIND: ClassVar[str] = "tariff"
    prices: PriceTable = prices("The price list.")
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")
    currencies: tuple[str, ...] | None = named("Only these currencies.", "currency", several=True, default=None)
    price_growth: tuple[float, ...] = growth_by_year(
        "Growth of prices since the year before, by financial year of the run."
    )
    top_ups: bool = flag("Whether the payee is eligible for the specialised top-ups of the price list.")

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True


@dataclass(frozen=True, slots=True)
class Block(Term):
    """Pays an annual sum in twelfths, whatever the activity."""

    KIND: ClassVar[str] = "block"
    annual: int | BudgetNeutral = pounds(
        "Pounds a year, for each place or all, or the arrangement that the sum is neutral to.", neutral=True
    )
    growth: tuple[float, ...] = growth_by_year(
        "Uplift less efficiency since the year before, by financial year of the run."
    )

    def growth_of_neutral_amount(self) -> tuple[float, ...]:
        """Return its growth."""
        return self.growth


@dataclass(frozen=True, slots=True, eq=False)
class Capitation(Term):
    """Pays a sum a year per resident in the contract's scope, in twelfths."""

    KIND: ClassVar[str] = "capitation"
    annual_per_head: int | BudgetNeutral = pounds(
        "Pounds a year per weighted resident, of each place or all, or the arrangement that the sum is neutral to.",
        neutral=True,
        per_head=True,
    )
    weights: ByResident | None = by_kind(
        "Weight of each kind of resident; heads count 1 unless given.", stands_for=EVERY_HEAD
    )
    growth: tuple[float, ...] = growth_by_year(
        "Growth less efficiency since the year before, by financial year of the run."
    )

    def growth_of_neutral_amount(self) -> tuple[float, ...]:
        """Return its growth."""
        return self.growth

    def pays_by_the_head(self) -> bool:
        """Return that it does."""
        return True

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True
