"""How sure the answer is: ranking and selection of contracts over the replications that all of them share.

What replications say of the true means is their posterior with a vague prior, Student's t with n - 1 degrees of
freedom, jointly for all contracts, since they share their random numbers: Chick and Inoue, "New procedures to select
the best simulated system using common random numbers", Management Science 47 (2001). The winner is right where no
contract that clearly keeps to the limits loses less than it by more than an indifference zone, and it misses no limit
by more than the zone: Andradóttir and Kim, "Fully sequential procedures for comparing constrained systems via
simulation", Naval Research Logistics 57 (2010). For two contracts without limits this is a paired t test.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.outcome import Floats

SURE = 0.95
"""The probability that is asked for."""

DRAWS = 20_000
"""Drawn from the posterior; the probability's own standard error is then at most 0.4 points."""

MOST_REPLICATIONS = 1_000_000
"""Beyond this many nobody would go on."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure an answer is, from `replications` and with an indifference `zone` of pounds a year.

    `probability` is that of its being right, None from a single replication; `replications_needed` how many would make
    it 95%, None where no number that anybody would run does. `best` is each contract's probability of losing least of
    all that keep to the limits, without a zone.
    """

    zone: float
    replications: int
    probability: float | None
    replications_needed: int | None
    best: tuple[float, ...]


def confidence_in_first(gaps: Floats, margins: Floats, zone: float, seed: int) -> Confidence:
    """Return how sure it is that the first contract is the one to choose.

    `gaps` by replication and contract, `margins` (negative: a limit is missed) by replication, contract and limit.
    """

    def right(gaps: Floats, worst: Floats) -> NDArray[np.bool_]:
        clear = np.where(worst[:, 1:] >= zone, gaps[:, 1:], np.inf).min(axis=1, initial=np.inf)
        return np.asarray((worst[:, 0] >= -zone) & (gaps[:, 0] <= clear + zone))

    return _confidence(gaps, margins, zone, seed, right)


def confidence_in_none(gaps: Floats, margins: Floats, zone: float, seed: int) -> Confidence:
    """Return how sure it is that none of the contracts keeps to all limits; as `confidence_in_first`."""
    return _confidence(gaps, margins, zone, seed, lambda gaps, worst: np.asarray((worst < 0.0).all(axis=1)))


def _confidence(
    gaps: Floats, margins: Floats, zone: float, seed: int, right: Callable[[Floats, Floats], NDArray[np.bool_]]
) -> Confidence:
    replications = len(gaps)
    if replications == 1:
        return Confidence(zone, 1, None, None, ())
    both = np.concatenate([gaps[:, :, None], margins], axis=2)

    def probability(known_from: int) -> float:
        return float(right(*_posterior(both, known_from, seed)).mean())

    return Confidence(zone, replications, probability(replications), _needed(probability), _best(both, seed))


def _posterior(both: Floats, replications: int, seed: int) -> tuple[Floats, Floats]:
    """Return draws of the true gaps and smallest margins, known from so many replications: shape (draws, contracts).

    Draws of different numbers of replications differ in their spread alone.
    """
    random = np.random.default_rng(seed)
    seen = len(both)
    mean = both.mean(axis=0)
    deviations = (both - mean).reshape(seen, -1)
    normal = random.standard_normal((DRAWS, seen)) @ deviations / np.sqrt((seen - 1) * replications)
    freedom = replications - 1
    wide = np.sqrt(freedom / random.chisquare(freedom, DRAWS))
    drawn = mean + (normal * wide[:, None]).reshape(DRAWS, *mean.shape)
    return drawn[:, :, 0], drawn[:, :, 1:].min(axis=2, initial=np.inf)


def _best(both: Floats, seed: int) -> tuple[float, ...]:
    gaps, worst = _posterior(both, len(both), seed)
    within = np.where(worst >= 0.0, gaps, np.inf)
    lowest = within.min(axis=1, keepdims=True)
    alike = (within == lowest) & np.isfinite(lowest)
    shared = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1)
    return tuple(float(each) for each in shared.mean(axis=0))


def _needed(probability: Callable[[int], float]) -> int | None:
    """Return the fewest replications that would make it 95% sure if means and spread stay as they are."""
    enough = 2
    while probability(enough) < SURE:
        enough *= 2
        if enough > MOST_REPLICATIONS:
            return None
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if probability(middle) >= SURE:
            enough = middle
        else:
            too_few = middle
    return enough
