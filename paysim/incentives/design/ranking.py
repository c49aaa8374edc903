"""How sure the winner is: ranking and selection of contracts over the replications that all of them share.

What replications say of the true means is their posterior with a vague prior, Student's t with n - 1 degrees of
freedom, jointly for all contracts, since they share their random numbers: Chick and Inoue, "New procedures to select
the best simulated system using common random numbers", Management Science 47 (2001). The winner is right where no
contract that clearly keeps to the limits loses less than it by more than an indifference zone, and it misses no limit
by more than the zone: Andradóttir and Kim, "Fully sequential procedures for comparing constrained systems via
simulation", Naval Research Logistics 57 (2010). For two contracts without limits this is a paired t test.
"""

from dataclasses import dataclass

import numpy as np

from paysim.incentives.outcome import Floats

SURE = 0.95
"""The probability that is asked for."""

DRAWS = 20_000
"""Drawn from the posterior; the probability's own standard error is then at most 0.4 points."""

MOST_REPLICATIONS = 1_000_000
"""Beyond this many nobody would go on."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure the first of several contracts is, with `replications` of an indifference `zone` of pounds a year.

    `probability` is that of being right, None from a single replication; `replications_needed` how many would make it
    95%, None where no number that anybody would run does. `best` is each contract's probability of losing least of all
    that keep to the limits, without a zone.
    """

    zone: float
    replications: int
    probability: float | None
    replications_needed: int | None
    best: tuple[float, ...]


def confidence(gaps: Floats, margins: Floats, zone: float, seed: int) -> Confidence:
    """Return how sure the first contract is.

    `gaps` by replication and contract, `margins` (negative: a limit is missed) by replication, contract and limit.
    """
    replications = len(gaps)
    if replications == 1:
        return Confidence(zone, 1, None, None, ())
    both = np.concatenate([gaps[:, :, None], margins], axis=2)
    return Confidence(
        zone=zone,
        replications=replications,
        probability=_right(both, replications, zone, seed),
        replications_needed=_needed(both, zone, seed),
        best=_best(both, seed),
    )


def _posterior(both: Floats, replications: int, seed: int) -> Floats:
    """Return draws of the true means, as they would be known from so many replications: (draws, contracts, 1 + limits).

    Draws of different numbers of replications differ in size alone.
    """
    random = np.random.default_rng(seed)
    seen = len(both)
    mean = both.mean(axis=0)
    deviations = (both - mean).reshape(seen, -1)
    normal = random.standard_normal((DRAWS, seen)) @ deviations / np.sqrt((seen - 1) * replications)
    freedom = replications - 1
    wide = np.sqrt(freedom / random.chisquare(freedom, DRAWS))
    return np.asarray(mean + (normal * wide[:, None]).reshape(DRAWS, *mean.shape))


def _right(both: Floats, replications: int, zone: float, seed: int) -> float:
    drawn = _posterior(both, replications, seed)
    gaps, worst = drawn[:, :, 0], drawn[:, :, 1:].min(axis=2, initial=np.inf)
    clear = np.where(worst[:, 1:] >= zone, gaps[:, 1:], np.inf).min(axis=1, initial=np.inf)
    return float(((worst[:, 0] >= -zone) & (gaps[:, 0] <= clear + zone)).mean())


def _best(both: Floats, seed: int) -> tuple[float, ...]:
    drawn = _posterior(both, len(both), seed)
    gaps, worst = drawn[:, :, 0], drawn[:, :, 1:].min(axis=2, initial=np.inf)
    within = np.where(worst >= 0.0, gaps, np.inf)
    lowest = within.min(axis=1, keepdims=True)
    alike = (within == lowest) & np.isfinite(lowest)
    shared = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1)
    return tuple(float(each) for each in shared.mean(axis=0))


def _needed(both: Floats, zone: float, seed: int) -> int | None:
    """Return the fewest replications that would make the winner 95% sure if means and spread stay as they are."""
    enough = 2
    while _right(both, enough, zone, seed) < SURE:
        enough *= 2
        if enough > MOST_REPLICATIONS:
            return None
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if _right(both, middle, zone, seed) >= SURE:
            enough = middle
        else:
            too_few = middle
    return enough
