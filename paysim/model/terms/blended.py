"""Terms that blend a fixed sum with a payment for activity."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.evidence import NEUTRAL, published
from paysim.model.price import PriceTable
from paysim.model.terms.basic import BudgetNeutral
from paysim.model.terms.form import (
    SETTLEMENT,
    by_year,
    flag,
    growth_by_year,
    named,
    number,
    pounds,
    prices,
    rows,
    share,
    whole,
)
from paysim.model.terms.problems import Problem, in_pounds, negative
from paysim.model.terms.term import Term

_VARIABLE_RATE = published(
    "HSJ 7026392: blended payment for emergency care, 2019/20 National Tariff Payment System", "2019/20"
)
_PAID_IN_JUNE = published(
    "NHS Payment Scheme, frequently asked questions (August 2024): paid in the first quarter, by one of two guidances",
    "2024/25",
)
_CEILING = published(
    "NHS England, NHS Payment Scheme: low volume activity block payments below 0.5 million pounds", "2023/25"
)


@dataclass(frozen=True, slots=True)
class Blended(Term):
    """Pays the planned value of activity in twelfths, and a variable rate of its deviation from plan."""

    KIND: ClassVar[str] = "blended"
    planned: int | BudgetNeutral = pounds(
        "Planned value of the activity in pounds a year, or the arrangement that the sum is neutral to.", neutral=True
    )
    prices: PriceTable = prices("The price list that activity is valued at.")
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")
    currencies: tuple[str, ...] | None = named("Only these currencies.", "currency", several=True, default=None)
    price_growth: tuple[float, ...] = growth_by_year(
        "Growth of prices since the year before, by financial year of the run."
    )
    growth: tuple[float, ...] = growth_by_year("Growth of the planned value since the year before, by financial year.")
    variable_rate: float = share(
        "Share of the deviation from plan that is paid, or given back.", default=0.2, default_source=_VARIABLE_RATE
    )
    break_glass: float | None = number(
        "Deviation, as a share of the planned value, beyond which the fixed amount is re-set; never unless given.",
        most=10.0,
        default=None,
    )
    settled_after_months: int = whole(
        "Months after the financial year in which it is settled.", most=24, default=2, default_source=SETTLEMENT
    )

    def growth_of_neutral_amount(self) -> tuple[float, ...]:
        """Return its growth."""
        return self.growth

    def pays_without_prices(self) -> bool:
        """Return that it does: the planned value, whatever the activity."""
        return True

    def problem(self) -> Problem | None:
        """Return a planned value below zero."""
        return negative("a planned value", [self.planned])


@dataclass(frozen=True, slots=True)
class AlignedPayment(Term):
    """Pays a fixed element in twelfths, and a variable element for elective activity above or below a baseline."""

    KIND: ClassVar[str] = "aligned_payment_and_incentive"
    fixed: int | BudgetNeutral = pounds("The fixed element in pounds a year.")
    prices: PriceTable = prices("The price list of the elective activity in the variable element.")
    baseline: tuple[int, ...] = by_year(
        pounds("Value of elective activity that the fixed element pays for, in pounds in each financial year.")
    )
    above: float = share("Share of unit prices paid for elective activity above the baseline.")
    below: float = share("Share of unit prices given back for elective activity below the baseline.")
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")
    currencies: tuple[str, ...] | None = named(
        "The currencies of the variable element.", "currency", several=True, default=None
    )
    price_growth: tuple[float, ...] = growth_by_year(
        "Growth of prices since the year before, by financial year of the run."
    )
    growth: tuple[float, ...] = growth_by_year("Uplift less efficiency of the fixed element since the year before.")
    expected_variable: tuple[int, ...] = by_year(
        pounds("The variable element that is paid on account in twelfths, in pounds in each financial year."),
        default=(0,),
        default_source=NEUTRAL,
    )
    settled_after_months: int = whole(
        "Months after the financial year in which it is settled.", most=24, default=2, default_source=SETTLEMENT
    )

    def pays_without_prices(self) -> bool:
        """Return that it does: the fixed element, whatever the activity."""
        return True

    def problem(self) -> Problem | None:
        """Return a fixed element or a baseline below zero."""
        return negative("a fixed element", [self.fixed]) or negative("a baseline", self.baseline)


@dataclass(frozen=True, slots=True)
class PastYear:
    """A financial year before the run."""

    value: int = pounds("Value of the activity in pounds, at prices of the year before the run.")


@dataclass(frozen=True, slots=True)
class LowVolumeBlock(Term):
    """Pays once a year the mean value of the three years before, with no other payment whatever the activity."""

    KIND: ClassVar[str] = "low_volume_block"
    past: tuple[PastYear, ...] = rows("The three financial years before the run, the earliest first.", PastYear)
    prices: PriceTable = prices("The price list that the run's years are valued at, for the years after them.")
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")
    currencies: tuple[str, ...] | None = named("Only these currencies.", "currency", several=True, default=None)
    price_growth: tuple[float, ...] = growth_by_year(
        "Growth of prices since the year before, by financial year of the run."
    )
    growth: tuple[float, ...] = by_year(
        number("Uplift less efficiency of past values since the year before.", least=-0.99, most=1.0),
        default=(0.0,),
        default_source=NEUTRAL,
    )
    paid_in_month: int = whole(
        "Month of the financial year in which it is paid.", least=1, most=12, default=3, default_source=_PAID_IN_JUNE
    )
    ceiling: int = pounds(
        "The mean value in pounds a year up to which such a block is made.", default=500_000_00, default_source=_CEILING
    )

    def pays_without_prices(self) -> bool:
        """Return that it does: the mean of the years before, whatever the activity."""
        return True

    def problem(self) -> Problem | None:
        """Return other than three past years, one below zero, or a mean above the ceiling."""
        if len(self.past) != YEARS_AVERAGED:
            return f"found {len(self.past)} past years", f"expected {YEARS_AVERAGED}, the earliest first"
        mean = sum(year.value for year in self.past) / YEARS_AVERAGED
        if mean > self.ceiling:
            found = f"found past years of {in_pounds(mean)} on average"
            return found, f"expected at most the ceiling of {in_pounds(self.ceiling)}"
        return negative("a past year", (year.value for year in self.past))


YEARS_AVERAGED = 3
"""The years that a low volume block is the mean of."""

KINDS: tuple[type[Term], ...] = (Blended, AlignedPayment, LowVolumeBlock)
