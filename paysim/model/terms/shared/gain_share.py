"""Multilateral gain and loss share: several organisations share the difference between a target and spending."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from paysim.model.terms.form import by_organisation, named, number, rows, share, whole
from paysim.model.terms.problems import Problem, in_decimals, total_of
from paysim.model.terms.shared.target import AgainstTarget


@dataclass(frozen=True, slots=True)
class Band:
    """A band of the difference, as shares of the target, and the part of it that the organisations share."""

    above: float = number("The band begins at this share of the target.", most=100.0)
    up_to: float | None = number("It ends at this share of the target; the last band has no end.", default=None)
    shared: float = share("The part of the difference within the band that is shared.", default=1.0)


@dataclass(frozen=True, kw_only=True)
class GainLossShare(AgainstTarget):
    """Shares the difference between a target and spending among several organisations, the payer one of them."""

    KIND: ClassVar[str] = "gain_loss_share"
    shares: Mapping[str, float] = by_organisation(
        share("Share of gains by organisation, the payer's own among them; they sum to 1.")
    )
    loss_shares: Mapping[str, float] | None = by_organisation(
        share("Share of losses by organisation; as of gains unless given."), default=None
    )
    held_by: str | None = named(
        "Who is left with the difference before it is shared; the payer unless given. It bears the rounding.",
        "organisation",
        default=None,
    )
    bands: tuple[Band, ...] = rows(
        "Bands of the gain, from 0 on without gaps; all of it is shared without.", Band, default=()
    )
    loss_bands: tuple[Band, ...] | None = rows("Bands of the loss; as of the gain unless given.", Band, default=None)
    minimum_savings_rate: float = share(
        "Gains are shared, from the first pound, if they reach this share of the target.", default=0.0
    )
    minimum_loss_rate: float = share(
        "Losses are shared, from the first pound, if they reach this share of the target.", default=0.0
    )
    gain_cap: float | None = number("At most this share of the target is shared as gain.", most=100.0, default=None)
    loss_cap: float | None = number("At most this share of the target is shared as loss.", most=100.0, default=None)
    settled_after_months: int = whole("Months from the year's end to the payment.", most=60, default=3)

    def problem(self) -> Problem | None:
        """Return what was found and expected where shares do not sum to 1 or bands have gaps."""
        for name, shares in (("shares", self.shares), ("loss_shares", self.loss_shares)):
            if shares is None:
                continue
            if any(each < 0 for each in shares.values()):
                return f"found a share below 0 in {name}", "expected shares from 0 to 1"
            if total_of(shares.values()) != 1:
                return (
                    f"found {name} that sum to {in_decimals(total_of(shares.values()))}",
                    "expected shares that sum to 1, with the payer's own",
                )
            if self.held_by is not None and self.held_by not in shares:
                return f"found no share of {self.held_by}, which holds the difference, in {name}", "expected one, or 0"
        for name, bands in (("bands", self.bands), ("loss_bands", self.loss_bands)):
            found = problem_of_bands(name, bands or ())
            if found is not None:
                return found
        return super().problem()

    def problem_with_payer(self, payer: str) -> Problem | None:
        """Return what was found and expected where the payer holds the difference and has no share of it."""
        for name, shares in (("shares", self.shares), ("loss_shares", self.loss_shares)):
            if self.held_by is None and shares is not None and payer not in shares:
                return f"found no share of {payer}, which holds the difference, in {name}", "expected one, or 0"
        return None


def problem_of_bands(name: str, bands: tuple[Band, ...]) -> Problem | None:
    """Return what was found and expected where bands do not follow each other from 0 on to the end."""
    if not bands:
        return None
    if bands[0].above != 0:
        return f"found {name} that begin at {bands[0].above:g}", "expected the first band to begin at 0"
    if bands[-1].up_to is not None:
        return f"found {name} that end at {bands[-1].up_to:g}", "expected no up_to in the last band"
    for band, following in pairwise(bands):
        if band.up_to is None:
            return f"found a band without end before another in {name}", "expected up_to in all bands but the last"
        if band.up_to <= band.above:
            return f"found a band from {band.above:g} to {band.up_to:g} in {name}", "expected up_to beyond above"
        if following.above != band.up_to:
            found = "a gap" if following.above > band.up_to else "an overlap"
            return (
                f"found {found} between {band.up_to:g} and {following.above:g} in {name}",
                "expected each band to begin where the one before ends",
            )
    return None
