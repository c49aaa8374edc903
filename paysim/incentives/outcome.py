"""Outcomes: what a replication comes to, for everybody, at some intensities of the levers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Point = Mapping[str, float]
"""Intensities by lever; a lever that is not named is at its `now`."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How outcomes are come by: `engine` is compiled, simpy, or expected (mean values, no queues, no chance).

    `measured`: the system's measures are wanted too, which takes a pass over the rows.
    """

    years: int
    seed: int
    sample: float
    engine: str
    measured: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """One replication's outcome by financial year; money in pounds a year, of the whole population.

    - `income`: received less paid on, shape (arrangements, organisations, years).
    - `spend`: paid to others, the same shape.
    - `long_run_income`, `long_run_spend`: the same where terms that look at costs see those of the long run.
    - `short_run_cost`: resources used, semi-fixed cost as its lag has it; shape (organisations, years).
    - `long_run_cost`: the same with semi-fixed cost in proportion to the servers in use, as it ends up.
    - `lever_cost`: what levers cost their owners, the same shape.
    - `qalys`: health by deprivation quintile (most deprived first), not discounted; shape (quintiles, years). What
      levers do to health beyond activity is shared out among the residents whom their effects name.
    - `steps`: steps that ended, shape (steps, years).
    - `measures`: the system's measures over the whole run, in order; NaN where there is nothing to measure. None at all
      where they were not wanted.
    """

    point: Point
    replication: int
    income: Floats
    spend: Floats
    long_run_income: Floats
    long_run_spend: Floats
    short_run_cost: Floats
    long_run_cost: Floats
    lever_cost: Floats
    qalys: Floats
    steps: Floats
    measures: Floats = field(default_factory=lambda: np.zeros(0))

    def surplus(self, horizon: str) -> Floats:
        """Return income less cost and lever cost: shape (arrangements, organisations, years)."""
        return self.earned(horizon) - (self.cost(horizon) + self.lever_cost)

    def earned(self, horizon: str) -> Floats:
        """Return income where terms see the costs of a horizon: shape (arrangements, organisations, years)."""
        return self.long_run_income if horizon == "long_run" else self.income

    def paid(self, horizon: str) -> Floats:
        """Return spend where terms see the costs of a horizon, the same shape."""
        return self.long_run_spend if horizon == "long_run" else self.spend

    def cost(self, horizon: str) -> Floats:
        """Return resources used, those of the levers not counted: shape (organisations, years)."""
        return self.long_run_cost if horizon == "long_run" else self.short_run_cost
