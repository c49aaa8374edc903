"""Terms that change what is paid for activity."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.terms.form import SETTLEMENT, by_year, earlier, pounds, share, whole
from paysim.model.terms.problems import Problem, negative
from paysim.model.terms.term import Term


@dataclass(frozen=True, slots=True)
class MarginalRate(Term):
    """Takes back part of what is paid in a year above a baseline, so that a marginal rate is paid there."""

    KIND: ClassVar[str] = "marginal_rate"
    of: tuple[str, ...] = earlier("The earlier terms, at full prices, whose payments count.")
    baseline: tuple[int, ...] = by_year(pounds("Pounds in each financial year up to which full prices are paid."))
    rate: tuple[float, ...] = by_year(share("The share of prices paid above the baseline, by financial year."))
    settled_after_months: int = whole(
        "Months after the financial year in which it is settled.", most=24, default=2, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return a baseline below zero."""
        return negative("a baseline", self.baseline)


KINDS: tuple[type[Term], ...] = (MarginalRate,)
