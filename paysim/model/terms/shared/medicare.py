"""Medicare Shared Savings Program: the settlement of an accountable care organisation (ACO) against its benchmark."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.evidence import NEUTRAL, assumption
from paysim.model.terms.form import SETTLEMENT, by_year, flag, one_of, pounds, share, whole
from paysim.model.terms.problems import Problem
from paysim.model.terms.shared.target import WithQuality

ONE_SIDED = ("1", "BASIC A", "BASIC B")
TRACKS = (*ONE_SIDED, "1+", "2", "3", "BASIC C", "BASIC D", "BASIC E", "ENHANCED")
MINIMUM_RATES = (0.0, 0.005, 0.01, 0.015, 0.02)
"""What two-sided tracks may choose from; 42 CFR 425.605(b)(2), .606(b), .610(b)."""
LOSS_LIMITED_BY_REVENUE = ("1+", "BASIC C", "BASIC D", "BASIC E")

_FIRST_YEAR = assumption("The run begins with the first year of an agreement")


@dataclass(frozen=True, kw_only=True)
class MedicareSharedSavings(WithQuality):
    """Shares savings, and in two-sided tracks losses, against a benchmark by the rules of a track."""

    KIND: ClassVar[str] = "medicare_shared_savings"
    track: str = one_of("The track of the program.", *TRACKS)
    performance_year: int = whole("The performance year that the run's first year stands for.", least=2014, most=2100)
    agreement_year: int = whole(
        "The year of the agreement that the run's first year stands for.",
        least=1,
        default=1,
        default_source=_FIRST_YEAR,
    )
    quality_standard: float = share(
        "A quality score under this fails the standard.", default=0.0, default_source=NEUTRAL
    )
    minimum_savings_rate: float | None = share(
        "The rate, 0 to 2% by half points, that a two-sided track chose for savings and losses; by size unless given.",
        default=None,
    )
    assigned_beneficiaries: tuple[int, ...] | None = by_year(
        whole("Assigned beneficiaries; the residents in the contract's scope unless given."), default=None
    )
    revenue: tuple[int, ...] | None = by_year(
        pounds("Participants' revenue a year, which limits losses in tracks 1+ and BASIC C to E."), default=None
    )
    low_revenue: bool = flag("Whether, in BASIC from 2024, savings under the minimum rate are shared at half the rate.")
    disaster_adjustment: tuple[int, ...] = by_year(
        pounds("What extreme and uncontrollable circumstances take off losses, a year."),
        default=(0,),
        default_source=NEUTRAL,
    )
    settled_after_months: int = whole(
        "Months from the year's end to the payment.", most=60, default=9, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and expected where a parameter has no place in the track."""
        if self.minimum_savings_rate is not None:
            if self.track in ONE_SIDED:
                return f"found minimum_savings_rate in track {self.track}", "expected none: one-sided rates go by size"
            if self.minimum_savings_rate not in MINIMUM_RATES:
                return (
                    f"found minimum_savings_rate {self.minimum_savings_rate:g}",
                    f"expected one of {', '.join(f'{rate:g}' for rate in MINIMUM_RATES)}, or none to go by size",
                )
        if self.revenue is not None and self.track not in LOSS_LIMITED_BY_REVENUE:
            return f"found revenue in track {self.track}", f"expected it in {', '.join(LOSS_LIMITED_BY_REVENUE)} only"
        if self.low_revenue and not self.track.startswith("BASIC"):
            return f"found low_revenue in track {self.track}", "expected it in BASIC only"
        if self.revenue is not None and min(self.revenue) < 0:
            return "found revenue below zero", "expected pounds of at least 0"
        if min(self.disaster_adjustment) < 0:
            return "found a disaster adjustment below zero", "expected what it takes off losses: pounds of at least 0"
        return super().problem()
