"""Changes: how far a quantity moves with a lever, replication by replication, and how surely that is known."""

from dataclasses import dataclass

import numpy as np

from paysim.incentives.marginal.ratio import ratio_interval
from paysim.incentives.outcome import Floats
from paysim.intervals import Interval, mean_interval

ALL = "all"
"""In place of an arrangement: the same under every arrangement, since payment changes nothing about it."""

BOTH = "both"
"""In place of a horizon: the same in the short and in the long run."""


@dataclass(frozen=True, eq=False)
class Change:
    """One quantity's change per unit of a lever, one value a replication, paired to the baseline's.

    `party` is an organisation, 'commissioners', 'residents' or 'system'. `step` is the lever's step, the change of
    intensity that people read. `events` are the counted steps that happen per unit of the lever (below zero where they
    are avoided), None where the lever counts none or the quantity is of the whole system. Money, health and steps
    are a year's. A value is NaN where there was nothing to measure. `exact`: the values are expected ones, with no
    chance in them.
    """

    lever: str
    arrangement: str
    horizon: str
    party: str
    quantity: str
    unit: str
    per_unit: Floats
    step: float
    events: Floats | None
    exact: bool

    @property
    def per_step(self) -> Floats:
        """The change over one step of the lever."""
        return self.per_unit * self.step

    @property
    def replications(self) -> int:
        """How many replications had a value."""
        return int(np.count_nonzero(~np.isnan(self.per_unit)))

    def interval(self) -> Interval:
        """Return the mean change per unit of the lever with its 95% interval."""
        return estimate(self.per_unit, self.exact)

    def step_interval(self) -> Interval:
        """Return the mean change over one step of the lever with its 95% interval."""
        return estimate(self.per_step, self.exact)

    def event_interval(self) -> Interval:
        """Return the change for each counted step avoided: the ratio of the means, see `ratio_interval`."""
        if self.events is None:
            return Interval(float("nan"), float("nan"), float("nan"))
        if not self.exact:
            return ratio_interval(self.per_unit, -self.events)
        avoided = float(-self.events.mean())
        return without_chance(self.per_unit / avoided if avoided else np.full(len(self.per_unit), np.nan))


def estimate(values: Floats, exact: bool) -> Interval:
    """Return the mean of one value a replication and how surely it is known."""
    return without_chance(values) if exact else mean_interval(values)


def without_chance(values: Floats) -> Interval:
    """Return the mean of values with no chance in them: the interval is the mean itself."""
    mean = float(values.mean()) if len(values) else float("nan")
    return Interval(mean, mean, mean)


def resolved_sign(values: Floats, exact: bool) -> int | None:
    """Return the sign of the mean, None where its 95% interval holds zero; exact zeros are known to be zero.

    NaN values are left out.
    """
    values = values[~np.isnan(values)]
    if len(values) and not values.any():
        return 0
    _, low, high = estimate(values, exact)
    return 1 if low > 0 else -1 if high < 0 else None
