"""Where outcomes must be known so that they can be fitted: points, and the terms that are fitted to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.outcome import Floats, Point
from paysim.incentives.response.basis import LeverBasis, basis_of
from paysim.incentives.response.pairs import pairs_of
from paysim.model.lever import Lever
from paysim.model.system import System

SINGULAR = 1e-14


@dataclass(frozen=True, eq=False)
class Design:
    """Points and terms. Intensities are vectors in the order of `levers`, all others stay at `now`.

    The first point is `now`. Each term is the product of two functions, numbered lever after lever; the number after
    the last stands for 1, so most terms are one function.
    """

    system: System
    levers: tuple[Lever, ...]
    bases: tuple[LeverBasis, ...]
    points: tuple[Point, ...]
    left: NDArray[np.int64]
    right: NDArray[np.int64]

    @cached_property
    def now(self) -> Floats:
        """The intensities of the system as it is described."""
        return np.array([lever.now for lever in self.levers])

    @cached_property
    def low(self) -> Floats:
        """The lower ends of the ranges."""
        return np.array([lever.low for lever in self.levers])

    @cached_property
    def high(self) -> Floats:
        """The upper ends of the ranges."""
        return np.array([lever.high for lever in self.levers])

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The number of each lever's first function, and that of 1."""
        return np.cumsum([0, *(len(basis.functions) for basis in self.bases)])

    @cached_property
    def paired(self) -> NDArray[np.bool_]:
        """Whether there are terms of two levers together: shape (levers, levers)."""
        together = np.zeros((len(self.levers), len(self.levers)), dtype=np.bool_)
        of_two = self.right < self.first[-1]
        one, other = (np.searchsorted(self.first, side[of_two], side="right") - 1 for side in (self.left, self.right))
        together[one, other] = together[other, one] = True
        return together

    @cached_property
    def solver(self) -> Floats:
        """What makes what terms add from what is found at the points, less that at `now`: shape (terms, points - 1)."""
        values = [self.terms(self.functions(self.vector(point))) for point in self.points[1:]]
        return np.asarray(
            np.linalg.pinv(np.array(values).reshape(len(self.points) - 1, len(self.left)), rcond=SINGULAR)
        )

    def vector(self, point: Point) -> Floats:
        """Return a point's intensities; levers that it does not name are at `now`."""
        return np.array([float(point.get(lever.id, lever.now)) for lever in self.levers])

    def point(self, intensities: Floats) -> dict[str, float]:
        """Return intensities by lever."""
        return {lever.id: float(each) for lever, each in zip(self.levers, intensities, strict=True)}

    def functions(self, intensities: Floats) -> Floats:
        """Return the value of every function, and 1."""
        values = [each for basis, x in zip(self.bases, intensities.tolist(), strict=True) for each in basis.at(x)]
        return np.array([*values, 1.0])

    def terms(self, functions: Floats) -> Floats:
        """Return the value of every term from those of functions: shape (..., terms)."""
        return functions[..., self.left] * functions[..., self.right]

    def slopes(self, intensities: Floats) -> Floats:
        """Return the derivative of every term by every intensity: shape (terms, levers)."""
        values = self.functions(intensities)
        slopes = np.zeros((len(values), len(self.levers)))
        for number, (basis, x) in enumerate(zip(self.bases, intensities.tolist(), strict=True)):
            slopes[self.first[number] : self.first[number + 1], number] = basis.slopes(x)
        left, right = self.left, self.right
        return slopes[left] * values[right, None] + values[left, None] * slopes[right]


def design_points(
    system: System, levers: Sequence[str] | None = None, pairs: Sequence[tuple[int, int]] | None = None
) -> Design:
    """Return where to evaluate outcomes so that they can be fitted as functions of some levers (None: of all).

    Each lever alone is moved to as many intensities as it has functions. The two of each of the `pairs`, numbers in
    the order of the levers, are moved together to the ends of their ranges as well, so that what one does may depend
    on the other; None: see `pairs_of`. A lever that changes no care shares the simulation of the other.
    """
    chosen = tuple(system.levers.values()) if levers is None else tuple(system.levers[lever] for lever in levers)
    bases = tuple(basis_of(lever) for lever in chosen)
    first = np.cumsum([0, *(len(basis.functions) for basis in bases)])
    one = int(first[-1])
    points: list[Mapping[str, float]] = [{}]
    left, right = list(range(one)), [one] * one
    for basis in bases:
        points += [{basis.lever.id: intensity} for intensity in basis.intensities(len(basis.functions))]
    for number, other_number in pairs_of(system, chosen) if pairs is None else pairs:
        one_basis, other_basis = bases[number], bases[other_number]
        some, others = one_basis.first_order, other_basis.first_order
        for x, y in product(one_basis.intensities(some), other_basis.intensities(others)):
            points.append({one_basis.lever.id: x, other_basis.lever.id: y})
        for i, j in product(range(some), range(others)):
            left.append(int(first[number]) + i)
            right.append(int(first[other_number]) + j)
    return Design(system, chosen, bases, tuple(points), np.array(left, dtype=int), np.array(right, dtype=int))
