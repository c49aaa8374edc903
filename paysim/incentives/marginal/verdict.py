"""Verdicts: whether an arrangement pays a lever's owner for what is good for the system."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from paysim.incentives.marginal.change import ALL, BOTH, Change, estimate, resolved_sign
from paysim.incentives.marginal.ratio import replications_needed
from paysim.incentives.outcome import Floats
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.model.objective import HORIZONS

Word = Literal["aligned", "misaligned", "transfer", "indifferent", "not distinguishable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a lever's owner and the system fare under an arrangement; changes are pounds a year per unit of the lever.

    `owner_change` is the owner's surplus less the effort that the lever takes; `system_change` the net benefit. Both
    are of one unit more of the lever, so where the system loses by it, it gains by one less.

    - aligned: both have the same sign, and both intervals exclude zero.
    - misaligned: the signs are opposite, and both intervals exclude zero.
    - transfer: the owner gains or loses, the system neither: money changes hands.
    - indifferent: the owner has nothing at stake.
    - not distinguishable: an interval holds zero.

    `gainers` and `losers` are the other organisations whose surplus moves for sure. `replications_needed` would tell
    both changes from zero if mean and spread stayed as they are; infinity means more than 10,000.
    """

    lever: str
    arrangement: str
    horizon: str
    owner: str
    verdict: Word
    owner_change: Interval
    system_change: Interval
    gainers: tuple[str, ...]
    losers: tuple[str, ...]
    replications_needed: float
    replications: int


def verdicts(levers: Sequence[Lever], arrangements: Sequence[str], changes: Sequence[Change]) -> tuple[Verdict, ...]:
    """Return a verdict for each lever, arrangement and horizon."""
    known = {(c.lever, c.arrangement, c.horizon, c.quantity, c.party): c for c in changes}
    surpluses: dict[tuple[str, str, str], list[Change]] = {}
    for change in changes:
        if change.quantity == "surplus":
            surpluses.setdefault((change.lever, change.arrangement, change.horizon), []).append(change)
    return tuple(
        _verdict(
            lever,
            surpluses[lever.id, arrangement, horizon],
            known[lever.id, ALL, horizon, "net_benefit", "system"],
            known[lever.id, ALL, BOTH, "effort", lever.owner].per_unit,
        )
        for lever in levers
        for arrangement in arrangements
        for horizon in HORIZONS
    )


def _verdict(lever: Lever, surpluses: Sequence[Change], system: Change, effort: Floats) -> Verdict:
    exact, first = system.exact, surpluses[0]
    owner = next(change.per_unit for change in surpluses if change.party == lever.owner) - effort
    signs = {c.party: resolved_sign(c.per_unit, exact) for c in surpluses if c.party != lever.owner}
    return Verdict(
        lever=lever.id,
        arrangement=first.arrangement,
        horizon=first.horizon,
        owner=lever.owner,
        verdict=judge(resolved_sign(owner, exact), resolved_sign(system.per_unit, exact)),
        owner_change=estimate(owner, exact),
        system_change=system.interval(),
        gainers=tuple(party for party, sign in signs.items() if sign == 1),
        losers=tuple(party for party, sign in signs.items() if sign == -1),
        replications_needed=1.0 if exact else _needed(owner, system.per_unit),
        replications=len(owner),
    )


def judge(owner: int | None, system: int | None) -> Word:
    """Return the verdict on the signs of what owner and system gain; None is a sign that is not known."""
    if owner == 0:
        return "indifferent"
    if owner is None or system is None:
        return "not distinguishable"
    if system == 0:
        return "transfer"
    return "aligned" if owner == system else "misaligned"


def _needed(owner: Floats, system: Floats) -> float:
    """Return the replications that tell both from zero; the owner's alone where it has nothing at stake."""
    return float(np.max([replications_needed(owner), replications_needed(system)])) if owner.any() else 1.0
