"""ACO REACH: the settlement of an accountable care organisation by risk corridors."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.evidence import published
from paysim.model.terms.form import SETTLEMENT, by_year, one_of, share, whole
from paysim.model.terms.problems import Problem
from paysim.model.terms.shared.target import WithQuality

_WITHHOLD = published(
    "CMS Innovation Center, ACO REACH Request for Applications (February 2022), table 6.16: quality withhold, 5% in"
    " 2021 and 2022; Milliman: 5% again from 2026",
    "2023-2025",
)


@dataclass(frozen=True, kw_only=True)
class AcoReach(WithQuality):
    """Shares savings and losses against a benchmark by risk corridors, the more the smaller they are."""

    KIND: ClassVar[str] = "aco_reach"
    option: str = one_of("The risk option, which has its corridors.", "professional", "global")
    discount: tuple[float, ...] | None = by_year(
        share("What the payer takes off the benchmark first: global only, such as 0.02 in 2021."), default=None
    )
    quality_withhold: tuple[float, ...] = by_year(
        share("The share of the benchmark withheld, and earned back by the quality score."),
        default=(0.02,),
        default_source=_WITHHOLD,
    )
    settled_after_months: int = whole(
        "Months from the year's end to the payment.", most=60, default=9, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and expected where the discount does not fit the option."""
        if self.option == "professional" and self.discount is not None:
            return "found a discount in the professional option", "expected none"
        if self.option == "global" and self.discount is None:
            return "found no discount in the global option", "expected discount, such as 0.02"
        return super().problem()
