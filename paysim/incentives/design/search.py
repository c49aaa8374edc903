"""The search for the contract whose equilibrium is nearest to the joint optimum, within limits.

The whole range is searched by DIRECT, locally biased: Jones, Perttunen and Stuckman, "Lipschitzian optimization without
the Lipschitz constant", Journal of Optimization Theory and Applications 79 (1993); Gablonsky and Kelley, "A locally-
biased form of the DIRECT algorithm", Journal of Global Optimization 21 (2001). It minimises the gap plus a multiple of
what limits are missed by: an exact penalty, as both are pounds. From the best candidate on it is Brent's bounded method
for one parameter, and for several COBYQA, a trust-region method that needs no derivatives and takes limits as they are:
Ragonneau, "Model-based derivative-free optimization methods and software", PhD thesis, Hong Kong Polytechnic University
(2022). There is no chance in any of them.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import NonlinearConstraint, direct, minimize, minimize_scalar

from paysim.incentives.design.candidate import Candidate
from paysim.incentives.design.ranges import Free

Judge = Callable[[int, tuple[float, ...]], Candidate]
"""From the number and the values of a candidate to what comes of it."""

PENALTY = 10.0
"""Pounds of gap that a missed pound counts as while the whole range is searched."""

CANDIDATES_PER_PARAMETER = 60
"""How many contracts are tried, unless told otherwise."""

_GLOBAL = 0.6
"""The share of all candidates that looks over the whole range."""

PRECISE, ROUGH = 1e-8, 1e-4
"""Shares of the range that the best values are narrowed down to: of mean values, and where chance blurs them anyway."""

_FIRST_RADIUS = 0.05
"""Share of the range that several parameters are first moved by from the best candidate."""

_At = Callable[[NDArray[np.float64]], Candidate]
"""From shares of the ranges to the candidate there."""


def search(
    judge: Judge, free: Sequence[Free], most: int, now: Sequence[float] | None = None, precision: float = PRECISE
) -> tuple[Candidate, ...]:
    """Return every candidate that was tried, in order: at most `most`, each once.

    The contract as it is written (`now`, where its values lie within the ranges) and the corners of the ranges come
    first; optima are often there. `precision` is the share of a range that the best values are narrowed down to.
    """
    tried: dict[tuple[float, ...], Candidate] = {}

    def at(shares: NDArray[np.float64]) -> Candidate:
        inside = np.clip(shares, 0.0, 1.0)
        values = tuple(each.at(float(share)) for each, share in zip(free, inside, strict=True))
        if values not in tried:
            if len(tried) >= most:
                raise _Spent
            tried[values] = judge(len(tried), values)
        return tried[values]

    try:
        if now is not None:
            at(np.array([each.share(value) for each, value in zip(free, now, strict=True)]))
        for corner in np.ndindex(*(2,) * len(free)):
            at(np.array(corner, dtype=np.float64))
        looks = max(1, round(_GLOBAL * most) - len(tried))
        bounds = [(0.0, 1.0)] * len(free)
        direct(lambda shares: _penalised(at(shares)), bounds, maxfun=looks, maxiter=looks, locally_biased=True)
        (_narrow_one if len(free) == 1 else _narrow_several)(at, free, tuple(tried.values()), precision)
    except _Spent:
        pass
    return tuple(tried.values())


class _Spent(Exception):  # noqa: N818
    """No more candidates may be tried."""


def _penalised(candidate: Candidate) -> float:
    return candidate.gap + PENALTY * candidate.missing


def _narrow_one(at: _At, free: Sequence[Free], tried: Sequence[Candidate], precision: float) -> None:
    """Try candidates between the neighbours of the best one."""
    middle = min(tried, key=_penalised).values
    below = max((each.values for each in tried if each.values < middle), default=middle)
    above = min((each.values for each in tried if each.values > middle), default=middle)
    minimize_scalar(
        lambda share: _penalised(at(np.array([share]))),
        bounds=(free[0].share(*below), free[0].share(*above)),
        method="bounded",
        options={"xatol": precision},
    )


def _narrow_several(at: _At, free: Sequence[Free], tried: Sequence[Candidate], precision: float) -> None:
    """Try candidates around the best one."""
    middle = min(tried, key=_penalised)
    start = np.array([each.share(value) for each, value in zip(free, middle.values, strict=True)])
    # Its radii are shares of ranges, so values should be of that size too.
    size = float(np.median([abs(_penalised(each) - _penalised(middle)) for each in tried])) or 1.0
    limits = NonlinearConstraint(lambda shares: [each.pounds / size for each in at(shares).margins], 0.0, np.inf)
    minimize(
        lambda shares: (at(shares).gap - middle.gap) / size,
        start,
        method="COBYQA",
        bounds=[(0.0, 1.0)] * len(free),
        constraints=limits if middle.margins else (),
        options={"initial_tr_radius": _FIRST_RADIUS, "final_tr_radius": precision},
    )
