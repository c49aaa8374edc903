"""What shared results are measured by: spending, and the target that it is held against."""

from dataclasses import dataclass

from paysim.model.evidence import assumption
from paysim.model.terms.form import by_year, earlier, named, pounds, share
from paysim.model.terms.problems import Problem
from paysim.model.terms.term import Term

_FULL_SCORE = assumption("Quality is full where no score is given and none was observed")


@dataclass(frozen=True, kw_only=True)
class OfSpending(Term):
    """A term that looks at what was spent: paid under earlier terms, or used by organisations' services."""

    spending_terms: tuple[str, ...] = earlier("What these paid is spending.", default=())
    spending_organisations: tuple[str, ...] = named(
        "What the services of these organisations cost is spending, beside what the terms paid.",
        "organisation",
        several=True,
        default=(),
    )

    def pays_for_activity(self) -> bool:
        """Return that it does not: it shares what is left, or lacking, once others have paid for it."""
        return False

    def problem(self) -> Problem | None:
        """Return what was found and expected where nothing counts as spending."""
        if not self.spending_terms and not self.spending_organisations:
            return "found no spending", "expected spending_terms, spending_organisations or both"
        return None


@dataclass(frozen=True, kw_only=True)
class AgainstTarget(OfSpending):
    """A term that shares the difference between a target and spending."""

    target: tuple[int, ...] | None = by_year(pounds("Target (budget, benchmark): pounds a year."), default=None)
    target_terms: tuple[str, ...] = earlier("What these paid is the target, instead of stated pounds.", default=())

    def problem(self) -> Problem | None:
        """Return what was found and expected where there is no target, or there are two, or no spending."""
        if self.target is None and not self.target_terms:
            return "found no target", "expected target in pounds by year, or target_terms"
        if self.target is not None and self.target_terms:
            return "found target and target_terms", "expected one of them"
        if self.target is not None and min(self.target) < 0:
            return "found a target below zero", "expected pounds of at least 0"
        return super().problem()


@dataclass(frozen=True, kw_only=True)
class WithQuality(AgainstTarget):
    """A term that shares by quality, too."""

    quality_score: tuple[float, ...] = by_year(
        share("Quality score, by financial year of the run; 1 unless given."),
        default=(1.0,),
        default_source=_FULL_SCORE,
    )
    quality_measure: str | None = named(
        "The quality score is the value of this measure in the years that it was observed in.", "measure", default=None
    )
