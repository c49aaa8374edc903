"""The best intensities of some levers, others given: search over grids, a local optimiser, then the equations."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy.optimize import Bounds, brentq, minimize, root

from paysim.incentives.outcome import Floats
from paysim.incentives.response.objective import Payoff
from paysim.incentives.response.points import Design

_RANDOM_STARTS = 4
"""Beside where things are, `now`, and the corners of the ranges."""

_MOST_LEVERS_BY_CORNERS = 5
"""Of up to so many levers a search begins at every corner of their ranges, else at the low and the high ends alone."""

SWEEPS = 8
"""Times that each lever in turn goes to the best intensity of its grid; it stops where none moves."""

NEAR = 1e-9
"""Of a range: intensities as near as this are one, and at an end of the range as near as this to it."""


def best(payoff: Payoff, own: Sequence[int], intensities: Floats, last: Floats | None = None) -> Floats:
    """Return intensities with the levers numbered `own` at their best, all others where they are.

    A lever that makes no difference to the payoff wherever it is goes to `now`; of several equally good answers it is
    the one nearest to `now`. `last` are the intensities that adjustment is counted from.
    """
    own = list(own)
    candidates: list[Floats] = []
    for start in _starts(payoff, own, intensities):
        swept = _swept(payoff, own, start, last)
        if not any(np.array_equal(swept, other) for other in candidates):
            candidates.append(swept)
    polish = _polished_one if len(own) == 1 else _polished
    found = [polish(payoff, own, candidate, last) for candidate in candidates]
    gains = [payoff.gain(each, last) for each in found]
    equal = [each for each, gain in zip(found, gains, strict=True) if gain >= max(gains) - payoff.rounding]
    chosen = min(equal, key=lambda each: float(np.abs(each - payoff.design.now).sum()))
    return _indifferent_at_now(payoff, own, chosen, last)


def random_starts(design: Design) -> Floats:
    """Return intensities drawn from the whole ranges, the same ones always: shape (starts, levers)."""
    return np.random.default_rng(0).uniform(design.low, design.high, (_RANDOM_STARTS, len(design.levers)))


def _starts(payoff: Payoff, own: list[int], intensities: Floats) -> list[Floats]:
    design = payoff.design
    if len(own) == 1:
        return [intensities]  # The grid holds every other start.
    ends = list(zip(design.low[own], design.high[own], strict=True))
    corners = product(*ends) if len(own) <= _MOST_LEVERS_BY_CORNERS else zip(*ends, strict=True)
    starts = []
    for values in (intensities[own], design.now[own], *corners, *random_starts(design)[:, own]):
        start = intensities.copy()
        start[own] = values
        starts.append(start)
    return starts


def _along(payoff: Payoff, lever: int, intensities: Floats, last: Floats | None) -> tuple[Floats, Floats]:
    """Return the grid of one lever's intensities and the gain at each, the other levers where they are."""
    design = payoff.design
    basis, first = design.bases[lever], design.first
    functions = np.tile(design.functions(intensities), (len(basis.grid), 1))
    functions[:, first[lever] : first[lever + 1]] = basis.tabulated
    points = np.tile(intensities, (len(basis.grid), 1))
    points[:, lever] = basis.grid
    return basis.grid, payoff.gains(functions, points, last)


def _swept(payoff: Payoff, own: list[int], start: Floats, last: Floats | None) -> Floats:
    """Return where it ends that each lever in turn goes to the best intensity of its grid."""
    at = start.copy()
    for _ in range(SWEEPS):
        before = at.copy()
        for lever in own:
            grid, gains = _along(payoff, lever, at, last)
            at[lever] = grid[int(gains.argmax())]
        if np.array_equal(at, before):
            break
    return at


def _polished_one(payoff: Payoff, own: list[int], at: Floats, last: Floats | None) -> Floats:
    """Return the best intensity of a single lever: an end of its range, or where the slope is nothing."""
    (lever,) = own
    grid, gains = _along(payoff, lever, at, last)
    found = at.copy()

    def slope(intensity: float) -> float:
        found[lever] = intensity
        return float(payoff.slopes(found, last)[lever])

    answers = [float(grid[0]), float(grid[-1])]
    beside = np.concatenate(([-np.inf], gains, [-np.inf]))
    peaks = np.flatnonzero((gains >= beside[:-2]) & (gains >= beside[2:]))
    for peak in peaks[gains[peaks] >= gains.max() - _likely_error(gains)]:
        low, high = float(grid[max(peak - 1, 0)]), float(grid[min(peak + 1, len(grid) - 1)])
        if slope(low) > 0.0 > slope(high):
            answers.append(float(brentq(slope, low, high, xtol=1e-15 * (high - low) + 1e-300, rtol=1e-15)))
        else:
            answers.append(float(grid[peak]))

    def gain(intensity: float) -> float:
        found[lever] = intensity
        return payoff.gain(found, last)

    top = max(map(gain, answers))
    now = float(payoff.design.now[lever])
    equal = [each for each in answers if gain(each) >= top - payoff.rounding]
    # A slope of nothing is a sharper sign than the gain, which hardly changes around its largest value.
    inside = [each for each in equal if each not in (answers[0], answers[1])]
    found[lever] = min(inside or equal, key=lambda each: abs(each - now))
    return found


def _likely_error(gains: Floats) -> float:
    """Return by how much a peak between the grid's intensities may top the grid, with room to spare."""
    return float(np.abs(np.diff(gains)).max(initial=0.0))


def _polished(payoff: Payoff, own: list[int], at: Floats, last: Floats | None) -> Floats:
    """Return the nearest local best: bounded quasi-Newton in shares of the ranges, then the slopes' equations."""
    design = payoff.design
    low, width = design.low[own], (design.high - design.low)[own]
    found = at.copy()
    base = payoff.gain(at, last)
    scale = max(max(float(np.ptp(_along(payoff, lever, at, last)[1])) for lever in own), payoff.rounding)

    def placed(shares: Floats) -> Floats:
        # At an end of the range exactly, so that it is known to be there.
        found[own] = np.where(
            shares >= 1.0 - NEAR, design.high[own], low + width * np.where(shares <= NEAR, 0.0, shares)
        )
        return found

    def loss(shares: Floats) -> tuple[float, Floats]:
        there = placed(shares)
        return (base - payoff.gain(there, last)) / scale, -payoff.slopes(there, last)[own] * width / scale

    begin = np.clip((at[own] - low) / width, 0.0, 1.0)
    bounds = Bounds(np.zeros(len(own)), np.ones(len(own)))
    options = {"ftol": 0.0, "gtol": 1e-12, "maxiter": 500}
    shares = np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x)
    free = np.flatnonzero((shares > NEAR) & (shares < 1.0 - NEAR))
    if len(free):

        def equations(some: Floats) -> Floats:
            trial = shares.copy()
            trial[free] = some
            return loss(trial)[1][free]

        solved = root(equations, shares[free], method="hybr", options={"xtol": 1e-14})
        trial = shares.copy()
        trial[free] = np.asarray(solved.x)
        inside = bool(((trial >= 0.0) & (trial <= 1.0)).all())
        if inside and loss(trial)[0] <= loss(shares)[0] + payoff.rounding / scale:
            shares = trial
    return placed(shares).copy()


def _indifferent_at_now(payoff: Payoff, own: list[int], at: Floats, last: Floats | None) -> Floats:
    """Return the intensities with levers that make no difference at `now`."""
    settled = at.copy()
    for lever in own:
        if float(np.ptp(_along(payoff, lever, settled, last)[1])) <= payoff.rounding:
            settled[lever] = payoff.design.now[lever]
    return settled
