"""Pathways: graphs of steps that an episode runs through."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from paysim.model.population import ByResident

Distribution = Literal["constant", "exponential", "lognormal", "normal", "uniform"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A random time: a distribution by its mean (days) and coefficient of variation.

    `normal` is cut off at zero. `constant` has cv 0 and `exponential` cv 1.
    """

    distribution: Distribution
    mean: float
    cv: float


IMMEDIATELY = Duration("constant", 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class CaseMixEntry:
    """One code of a case mix: its share and, where the stay depends on the code, its stay."""

    code: str
    share: float
    stay: Duration | None


@dataclass(frozen=True, slots=True)
class CaseMix:
    """The codes that a step may be recorded with, and how often; shares add up to 1."""

    id: str
    entries: tuple[CaseMixEntry, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """When demand arises: relative weights by hour of day, weekday (Monday first) and month (January first)."""

    id: str
    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    months: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ServiceChoice:
    """Which service carries a step out: shares of the options by place of residence.

    Steps with the same `group` use the same random number in an episode, so that a resident who chose a
    hospital for the emergency department stays with it for the ward. Shares: shape (places, options), rows
    add up to 1.
    """

    group: str
    services: tuple[str, ...]
    shares: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A way on from a step: the next step, its probability by resident, and the delay before it."""

    to: str
    probability: ByResident
    delay: Duration


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One contact or stay. `id` is 'pathway.step'. What no branch takes up leaves the pathway.

    `currency` is what a tariff may price it by; its code comes from `code` or is drawn from `case_mix`,
    which may also give the duration. `admitted` steps that follow each other at one organisation form a spell.
    """

    id: str
    name: str
    service: ServiceChoice
    duration: Duration | None
    currency: str | None
    code: str | None
    case_mix: str | None
    admitted: bool
    priority: int
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """How often residents enter a pathway: episodes per resident and year, and when."""

    rate: ByResident
    timing: str


@dataclass(frozen=True, slots=True, eq=False)
class Pathway:
    """A graph of steps. `demand` is None where only other pathways lead here."""

    id: str
    name: str
    entry: str
    demand: Demand | None
    steps: tuple[Step, ...]
