"""Curves: how much comes of an intensity."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Polynomial:
    """per_unit x + per_unit_squared x^2: nothing at intensity 0."""

    per_unit: float = 0.0
    per_unit_squared: float = 0.0

    def at(self, intensity: float) -> float:
        """Return the curve's value."""
        return (self.per_unit + self.per_unit_squared * intensity) * intensity

    def change(self, now: float, intensity: float) -> float:
        """Return what the curve's value changes by from one intensity to another."""
        return self.at(intensity) - self.at(now)

    def slope(self, now: float, intensity: float) -> float:
        """Return the derivative of `change` by the intensity."""
        return self.per_unit + 2.0 * self.per_unit_squared * intensity


NOTHING = Polynomial()


@dataclass(frozen=True, slots=True)
class BelowThreshold:
    """Of severities that are exponential with mean 1, those below the intensity: their share, or their share of all.

    `weighted` counts each case by its severity: 1 - (1 + t) exp(-t) in place of 1 - exp(-t). So a provider keeps cases
    below a threshold and refers the costlier ones away. Ellis, "Creaming, skimping and dumping: provider competition
    on the intensive and extensive margins", Journal of Health Economics 17 (1998).
    """

    weighted: bool

    def at(self, intensity: float) -> float:
        """Return the curve's value."""
        if self.weighted:
            return -math.expm1(-intensity) - intensity * math.exp(-intensity)
        return -math.expm1(-intensity)

    def change(self, now: float, intensity: float) -> float:
        """Return the share of what there is at `now` that is more, or less, at another intensity."""
        return self.at(intensity) / self.at(now) - 1.0

    def slope(self, now: float, intensity: float) -> float:
        """Return the derivative of `change` by the intensity."""
        return math.exp(-intensity) * (intensity if self.weighted else 1.0) / self.at(now)


Curve = Polynomial | BelowThreshold
"""What an effect comes to; see `change`."""
