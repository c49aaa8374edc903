"""The primary care practice of `configs/theory/practice_basu.toml`, and a population of such practices.

Basu et al. (2017) give means per physician (team care pays from a share of 25% under capitation on), and that 95% of
practices lose below 23% and gain above 63%. So the mean lies near the fifth percentile: the median practice needs far
more than the mean physician. One explanation reproduces all of it, and is assumed here: team care costs a physician the
less the larger the practice, and most physicians are in large ones.

- Physicians a practice: lognormal with mean 6 (241,000 physicians in 40,000 practices, by reports on the paper).
- Team cost a physician: in proportion to physicians ^ -economies.
- All else is the same for all physicians.

The median team cost, the spread of sizes and the economies follow from 23%, 63% and the mean team cost.
"""

from math import exp, log, sqrt
from typing import NamedTuple

from scipy.optimize import brentq
from scipy.stats import norm
from theory_models import model, surplus, with_lever, with_term

from paysim.model.curve import Polynomial
from paysim.model.system import System

PRACTICE = model("practice_basu")
VISITS_ALONE, TEAM = {"team_care": 0.0}, {"team_care": 1.0}

MEAN_PHYSICIANS = 6.0
LOSE_BELOW, GAIN_ABOVE = 0.23, 0.63


class Practices(NamedTuple):
    """A population: sizes are lognormal, team cost a physician is `team_cost` (size / median_size) ^ -economies."""

    median_size: float
    spread: float
    team_cost: float
    economies: float

    def size_at(self, share: float) -> float:
        """Return the size that this share of practices does not exceed."""
        return self.median_size * exp(self.spread * norm.ppf(share))

    def size_at_physician(self, share: float) -> float:
        """Return the size of practice that this share of physicians does not exceed."""
        return self.size_at(norm.cdf(norm.ppf(share) + self.spread))

    def cost_at(self, size: float) -> float:
        """Return the cost of team care a year and physician in a practice of this size."""
        return self.team_cost * (size / self.median_size) ** -self.economies


def with_share(system: System, k: float) -> System:
    """Return the system with a share k of patients under capitation, in arrangement `half`."""
    system = with_term(system, "half", "visits_paid_for", rate=(1.0 - k,))
    return with_term(system, "half", "patients_paid_for", rate=(k,))


def with_team_cost(system: System, pounds: float) -> System:
    """Return the system with another cost of team care."""
    return with_lever(system, "team_care", cost=Polynomial(per_unit=pounds))


def kept(system: System, k: float, intensities: dict[str, float]) -> float:
    """Return the practice's surplus with a share k of patients under capitation."""
    return surplus(with_share(system, k), "half", "practice", intensities)


def break_even(system: System) -> float:
    """Return the share under capitation at which team care leaves as much as visits alone do under fee for service."""
    visits_alone = kept(system, 0.0, VISITS_ALONE)
    return float(brentq(lambda k: kept(system, k, TEAM) - visits_alone, 0.0, 1.0, xtol=1e-12))


def population() -> Practices:
    """Return the population that has the published mean and percentiles."""
    free = with_team_cost(PRACTICE, 0.0)
    visits_alone = kept(free, 0.0, VISITS_ALONE)
    least, most = (kept(free, k, TEAM) - visits_alone for k in (LOSE_BELOW, GAIN_ABOVE))
    mean = PRACTICE.levers["team_care"].cost.per_unit
    width = log(most / least) / float(norm.ppf(0.95) - norm.ppf(0.05))
    median = sqrt(least * most)
    shrinking = width**2 / 2 - log(mean / median)
    spread = shrinking / width
    return Practices(MEAN_PHYSICIANS / exp(spread**2 / 2), spread, median, width / spread)
