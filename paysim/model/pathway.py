"""Pathways: graphs of steps that an episode runs through."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from paysim.model.brief import brief
from paysim.model.population import ByResident
from paysim.model.read_only import keep_read_only

Distribution = Literal["constant", "exponential", "lognormal", "normal", "uniform"]


@dataclass(frozen=True, slots=True)
class Duration:
    """A random time: a distribution by its mean (days) and coefficient of variation.

    `normal` is cut off at zero, which adds 0.4% to its mean at most. `constant` has cv 0 and `exponential` cv 1.
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

    `wait_sensitivity` (per day) turns them into a multinomial logit on the waits at the moment of the choice: an
    option is chosen with a probability in proportion to its share times exp(-wait_sensitivity * wait). The wait is
    that of whoever is at the head of the option's queue, 0 where nobody waits; with it, the choice is made once an
    episode. McFadden, "Conditional logit analysis of qualitative choice behavior" (1974); Ibrahim and Whitt,
    "Real-time delay estimation based on delay history", Manufacturing & Service Operations Management 11 (2009).
    """

    group: str
    services: tuple[str, ...]
    shares: NDArray[np.float64]
    wait_sensitivity: float = 0.0

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "shares")


ANY_WAIT = -1.0
"""A limit in days that every wait exceeds."""


@dataclass(frozen=True, slots=True, eq=False)
class AfterWait:
    """A branch's probability by resident where the step was waited for longer than `over` days."""

    over: float
    probability: ByResident

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "probability")


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A way on from a step: the next step, its probability by resident, and the delay before it.

    `to` None is a way out: the episode ends there, and neither delay nor `holds` has a meaning.
    Of `after_wait` (limits ascending) the last limit that the wait exceeded decides, if any. With `holds`, the
    resident keeps the server of this step until the next one starts, delay included: a bed blocked by a delayed
    transfer of care. If the next step is at the same service, it goes on in the same bed at once.
    """

    to: str | None
    probability: ByResident
    delay: Duration
    after_wait: tuple[AfterWait, ...] = ()
    holds: bool = False

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "probability")

    def probability_after(self, limit: float) -> ByResident:
        """Return the probability by resident where `limit` is the last one of `Step.wait_limits` that was exceeded."""
        passed = [after.probability for after in self.after_wait if after.over <= limit]
        return passed[-1] if passed else self.probability


@dataclass(frozen=True, slots=True, eq=False)
class NotAttending:
    """With this probability the resident does not come: when the step is asked for, step `instead` takes its place."""

    probability: ByResident
    instead: str

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "probability")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One contact or stay. `id` is 'pathway.step'. What no branch takes up leaves the pathway.

    `currency` is what a tariff may price it by; its code comes from `code` or is drawn from `case_mix`,
    which may also give the duration. `admitted` steps that follow each other at one organisation form a spell.
    Whoever has waited for `patience` leaves before being seen; they, and those who find a waiting room full, go on at
    once to step `unserved`, or leave the pathway where it is None. Neither leaves a row in the activity.
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
    patience: Duration | None = None
    unserved: str | None = None
    not_attending: NotAttending | None = None

    @property
    def wait_limits(self) -> tuple[float, ...]:
        """The waits in days, ascending, beyond each of which the probabilities of the branches are others.

        The first is ANY_WAIT.
        """
        return ANY_WAIT, *sorted({after.over for branch in self.branches for after in branch.after_wait})


MOST_EPISODES = 700.0
"""Episodes per resident and year: beyond this exp(-rate), where counting begins, leaves the range of float64."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """How often residents enter a pathway: episodes per resident and year (at most MOST_EPISODES), and when."""

    rate: ByResident
    timing: str

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "rate")


@dataclass(frozen=True, slots=True, eq=False)
class Pathway:
    """A graph of steps. `demand` is None where only other pathways lead here."""

    id: str
    name: str
    entry: str
    demand: Demand | None
    steps: tuple[Step, ...]
