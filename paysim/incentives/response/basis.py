"""Functions of one lever's intensity that outcomes are fitted with, and the intensities that identify them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

import numpy as np
from scipy.linalg import qr

from paysim.incentives.outcome import Floats
from paysim.model.curve import Curve
from paysim.model.lever import Lever

GRID = 65
"""Intensities over a range at which functions are tabulated, both ends included."""

CANDIDATES = 65
"""Intensities over a range among which those to simulate at are chosen, both ends included."""

DEPENDENT = 1e-6
"""A function is left out where others come this near to it over the range, relative to its own size."""


@dataclass(frozen=True, eq=False)
class LeverBasis:
    """The effect sizes of a lever, their squares and products, as far as they are linearly independent over its range.

    An effect size is the change of a curve from `now`, over the largest that it comes to in the range (`largest`). So
    whatever is linear in the effects, or of second order in them, is fitted exactly, whatever the form of the curves.
    `functions` name the curves that are multiplied: (0,) the first effect size, (0, 1) its product with the second.
    """

    lever: Lever
    curves: tuple[Curve, ...]
    largest: tuple[float, ...]
    functions: tuple[tuple[int, ...], ...]

    def at(self, intensity: float) -> list[float]:
        """Return the value of every function."""
        sizes = self._sizes(intensity)
        return [sizes[each[0]] if len(each) == 1 else sizes[each[0]] * sizes[each[1]] for each in self.functions]

    def slopes(self, intensity: float) -> list[float]:
        """Return the derivative of every function by the intensity."""
        now = self.lever.now
        sizes = self._sizes(intensity)
        slopes = [
            curve.slope(now, intensity) / largest for curve, largest in zip(self.curves, self.largest, strict=True)
        ]
        return [
            slopes[each[0]] if len(each) == 1 else slopes[each[0]] * sizes[each[1]] + sizes[each[0]] * slopes[each[1]]
            for each in self.functions
        ]

    @cached_property
    def first_order(self) -> int:
        """The number of functions that are effect sizes and no products; they come first."""
        return sum(len(each) == 1 for each in self.functions)

    @cached_property
    def grid(self) -> Floats:
        """Intensities evenly over the range."""
        return np.linspace(self.lever.low, self.lever.high, GRID)

    @cached_property
    def tabulated(self) -> Floats:
        """The functions at the intensities of the grid: shape (intensities, functions)."""
        return np.array([self.at(intensity) for intensity in self.grid]).reshape(GRID, len(self.functions))

    def intensities(self, functions: int) -> tuple[float, ...]:
        """Return as many intensities as there are functions to identify: those that tell the first ones best apart.

        Both ends of the range, or the one that `now` is not at, come first wherever that is so; never `now`, where
        every function is nothing.
        """
        candidates = np.linspace(self.lever.low, self.lever.high, CANDIDATES)
        values = np.array([self.at(intensity)[:functions] for intensity in candidates])
        _, _, order = qr(values.T, mode="economic", pivoting=True)
        return tuple(float(candidates[number]) for number in order[:functions])

    def _sizes(self, intensity: float) -> list[float]:
        now = self.lever.now
        return [
            curve.change(now, intensity) / largest for curve, largest in zip(self.curves, self.largest, strict=True)
        ]


def basis_of(lever: Lever) -> LeverBasis:
    """Return the functions that outcomes may depend on a lever by; none where it has no effects."""
    grid = np.linspace(lever.low, lever.high, GRID)
    distinct = tuple(dict.fromkeys(effect.curve for effect in lever.effects))
    values = [np.array([curve.change(lever.now, intensity) for intensity in grid]) for curve in distinct]
    firsts = _independent(values)
    curves = tuple(distinct[number] for number in firsts)
    largest = tuple(float(np.abs(values[number]).max()) for number in firsts)
    sizes = [values[number] / most for number, most in zip(firsts, largest, strict=True)]
    names: list[tuple[int, ...]] = [(number,) for number in range(len(curves))]
    names += combinations_with_replacement(range(len(curves)), 2)
    functions = _independent([np.prod([sizes[number] for number in name], axis=0) for name in names])
    return LeverBasis(lever, curves, largest, tuple(names[number] for number in functions))


def _independent(columns: Sequence[Floats]) -> list[int]:
    """Return the numbers of the columns that those before them do not come near to."""
    kept: list[int] = []
    directions: list[Floats] = []
    for number, column in enumerate(columns):
        length = float(np.linalg.norm(column))
        rest = column.copy()
        for _ in range(2):  # Once more, for what rounding left of the first time.
            for direction in directions:
                rest -= (direction @ rest) * direction
        if length > 0.0 and np.linalg.norm(rest) > DEPENDENT * length:
            kept.append(number)
            directions.append(rest / np.linalg.norm(rest))
    return kept
