"""Episode bundle: spending on episodes is reconciled with a target price for each, within stop-loss and stop-gain."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.terms.form import by_year, named, number, pounds, share, whole
from paysim.model.terms.problems import Problem
from paysim.model.terms.shared.target import OfSpending


@dataclass(frozen=True, kw_only=True)
class EpisodeBundle(OfSpending):
    """Pays the payee, or takes back, the difference between target price x episodes and what they were paid for."""

    KIND: ClassVar[str] = "episode_bundle"
    target_price: tuple[int, ...] = by_year(pounds("Pounds an episode, before the discount."))
    discount: tuple[float, ...] = by_year(share("What the payer takes off the target price."), default=(0.0,))
    pathways: tuple[str, ...] = named(
        "Episodes are those of the contract's residents in these pathways.", "pathway", several=True, default=()
    )
    episodes: tuple[float, ...] | None = by_year(number("Episodes a year, instead of those of pathways."), default=None)
    stop_gain: tuple[float, ...] | None = by_year(
        share("At most this share of the target is paid; no limit unless given."), default=None
    )
    stop_loss: tuple[float, ...] | None = by_year(
        share("At most this share of the target is paid back; no limit unless given."), default=None
    )
    settled_after_months: int = whole("Months from the year's end to the payment.", most=60, default=6)

    def problem(self) -> Problem | None:
        """Return what was found and expected where there is no price, or nothing says how many episodes there are."""
        if not self.pathways and self.episodes is None:
            return "found neither pathways nor episodes", "expected pathways, or episodes by year"
        if self.pathways and self.episodes is not None:
            return "found pathways and episodes", "expected one of them"
        if min(self.target_price) < 0:
            return "found a target price below zero", "expected pounds of at least 0"
        if self.episodes is not None and min(self.episodes) < 0:
            return "found episodes below zero", "expected at least 0"
        return super().problem()
