"""The frontier between efficiency, risk and health: contracts that no other one beats in all three."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.design.candidate import Candidate, best
from paysim.incentives.design.ranges import Free
from paysim.incentives.outcome import Floats

APART = 0.01
"""Share of a range: contracts that are nearer than this in every parameter are told as one."""


def apart(candidates: Sequence[Candidate], free: Sequence[Free]) -> tuple[Candidate, ...]:
    """Return candidates that differ: the best one first, and none that is next to one before it."""
    left = list(candidates)
    kept: list[Candidate] = []
    while left:
        kept.append(best(left))
        left = [each for each in left if _distance(each, kept[-1], free) >= APART]
    return tuple(kept)


def _distance(one: Candidate, other: Candidate, free: Sequence[Free]) -> float:
    return max(abs(each.share(a) - each.share(b)) for each, a, b in zip(free, one.values, other.values, strict=True))


def frontier(candidates: Sequence[Candidate], free: Sequence[Free]) -> tuple[Candidate, ...]:
    """Return the candidates that none beats in gap, risk and health, the smallest gap first.

    Those that keep to all limits are held against each other; all of them where none does. Of several that come to the
    same there is the best one.
    """
    eligible = [each for each in candidates if each.feasible] or list(candidates)
    different = {each.losses: each for each in reversed(apart(eligible, free))}
    stays = non_dominated(np.array(list(different)))
    kept = [each for each, on in zip(different.values(), stays, strict=True) if on]
    return tuple(sorted(kept, key=lambda each: (each.gap, each.number)))


def non_dominated(losses: Floats) -> NDArray[np.bool_]:
    """Return which rows no other row dominates: no larger in any column, and smaller in one."""
    no_larger = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    smaller = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(no_larger & smaller).any(axis=0))
