"""Terms for purses that several organisations share or that are meant for one purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from paysim.model.evidence import NEUTRAL, published
from paysim.model.terms.form import (
    SETTLEMENT,
    by_organisation,
    by_year,
    earlier,
    growth_by_year,
    named,
    pounds,
    share,
    whole,
)
from paysim.model.terms.problems import Problem, in_decimals, negative, total_of
from paysim.model.terms.term import Term

_DIVIDEND = published(
    "Hansard (2003) and Healthcare Financial Management Association (2013): public dividend capital dividend", "2013"
)


@dataclass(frozen=True, slots=True)
class PooledBudget(Term):
    """Partners pay contributions to a host, the contract's payee, and share what the pool has left or lacks."""

    KIND: ClassVar[str] = "pooled_budget"
    contributions: Mapping[str, int] = by_organisation(
        pounds("Pounds a year of each partner; what the host contributes itself counts but is not paid.")
    )
    pays: tuple[str, ...] = earlier("Earlier contracts or terms by which the host spends the pool.", party="payee")
    shares: Mapping[str, float] = by_organisation(share("Share of under- and overspends of each partner."))
    shares_of_overspend: Mapping[str, float] | None = by_organisation(
        share("Share of an overspend of each partner, where it differs."), default=None
    )
    growth: tuple[float, ...] = growth_by_year("Growth of contributions since the year before, by financial year.")
    settled_after_months: int = whole(
        "Months from the year's end to the settlement.", most=120, default=3, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        if below := negative("a contribution", self.contributions.values()):
            return below
        if not self.pays:
            return "found nothing that the pool pays", "expected at least one earlier contract or term"
        for shares in (self.shares, self.shares_of_overspend):
            if shares is None:
                continue
            strangers = [partner for partner in shares if partner not in self.contributions]
            if strangers:
                return f"found a share of {strangers[0]}", "expected shares of partners that contribute"
            total = total_of(shares.values())
            if total != 1:
                return f"found shares that sum to {in_decimals(total)}", "expected shares that sum to 1"
        return None


@dataclass(frozen=True, slots=True)
class PassedOn(Term):
    """Passes a share of what the contract's payer received under earlier contracts on to its payee."""

    KIND: ClassVar[str] = "passed_on"
    received: tuple[str, ...] = earlier("Earlier contracts or terms under which the payer was paid.")
    share: float = share("Share that is passed on.")
    after: tuple[str, ...] = earlier(
        "Earlier contracts or terms by which the payer pays others first; the share is of what is then left.",
        default=(),
    )

    def pays_for_activity(self) -> bool:
        """Return that it does: what is passed on is what the payee is paid."""
        return True

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        return (
            None
            if self.received
            else ("found nothing that was received", "expected at least one earlier contract or term")
        )


@dataclass(frozen=True, slots=True)
class DividedAmong(Term):
    """Divides what the contract's payer received under earlier contracts among the members of an alliance."""

    KIND: ClassVar[str] = "divided_among"
    received: tuple[str, ...] = earlier("Earlier contracts or terms under which the payer was paid.")
    shares: Mapping[str, float] = by_organisation(share("Share of each member; what is left stays with the payer."))

    def pays_for_activity(self) -> bool:
        """Return that it does: its share is what each member is paid."""
        return True

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        if not self.received:
            return "found nothing that was received", "expected at least one earlier contract or term"
        total = total_of(self.shares.values())
        if total > 1:
            return f"found shares that sum to {in_decimals(total)}", "expected shares that sum to at most 1"
        return None


@dataclass(frozen=True, slots=True)
class RingFencedFunding(Term):
    """Pays a sum on account that the payee keeps as far as it is spent on its purpose; the rest goes back."""

    KIND: ClassVar[str] = "ring_fenced_funding"
    annual: tuple[int, ...] = by_year(pounds("Pounds a year at most, by financial year of the run."))
    services: tuple[str, ...] = named("Services whose cost counts as spending.", "service", several=True, default=())
    spent_under: tuple[str, ...] = earlier(
        "Earlier contracts or terms under which what the payee pays counts as spending.", party="payee", default=()
    )
    baseline: int = pounds(
        "Pounds a year that would be spent anyway; only spending above them counts.", default=0, default_source=NEUTRAL
    )
    share_of_spending: float = share(
        "Share of the spending that the fund pays; partners match the rest.", default=1.0, default_source=NEUTRAL
    )
    settled_after_months: int = whole(
        "Months from the year's end to the return.", most=120, default=3, default_source=SETTLEMENT
    )

    def problem(self) -> Problem | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        if not self.services and not self.spent_under:
            return "found nothing that counts as spending", "expected services, spent_under or both"
        if self.share_of_spending == 0:
            return "found a share_of_spending of 0", "expected a share above 0"
        return negative("a sum", self.annual) or negative("a baseline", [self.baseline])


@dataclass(frozen=True, slots=True)
class CapitalCharge(Term):
    """Charges the payer for the capital it uses: the public dividend capital dividend on its relevant net assets."""

    KIND: ClassVar[str] = "capital_charge"
    opening: int = pounds("Relevant net assets on the run's first day.")
    closing: tuple[int, ...] = by_year(pounds("Relevant net assets on the last day of each financial year."))
    rate: float = share(
        "Dividend a year for each pound of mean relevant net assets.", default=0.035, default_source=_DIVIDEND
    )

    def pays_for_activity(self) -> bool:
        """Return that it does not: it is for what the payer owns."""
        return False


KINDS: tuple[type[Term], ...] = (PooledBudget, PassedOn, DividedAmong, RingFencedFunding, CapitalCharge)
