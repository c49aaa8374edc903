"""Levers: decisions that an organisation can take, what they change, and what they cost."""

from dataclasses import dataclass

from paysim.model.brief import brief
from paysim.model.curve import NOTHING, Curve, Polynomial
from paysim.model.limits import ROUNDING
from paysim.model.pathway import Duration
from paysim.model.population import ByResident


@dataclass(frozen=True, slots=True, eq=False)
class DemandEffect:
    """A pathway's demand of its own, times 1 + the curve's change, for these residents (1 where it works, else 0)."""

    pathway: str
    curve: Curve
    residents: ByResident | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True, eq=False)
class DivertEffect:
    """Of those whom a step sends to step `away`, a share (the curve's change, 0 to 1) goes to step `to` instead.

    None: they leave the pathway. They go after `delay`. Who goes elsewhere anyway, still goes there.
    """

    step: str
    away: str
    to: str | None
    delay: Duration
    curve: Curve
    residents: ByResident | None = None

    __repr__ = brief


@dataclass(frozen=True, slots=True)
class StayEffect:
    """The mean duration of steps, whatever their code, times 1 + the curve's change."""

    steps: tuple[str, ...]
    curve: Curve


@dataclass(frozen=True, slots=True)
class DelayEffect:
    """The mean delay between a step and the next, times 1 + the curve's change."""

    step: str
    to: str
    curve: Curve


@dataclass(frozen=True, slots=True)
class CapacityEffect:
    """The servers of a service, plus the curve's change, in whole servers."""

    service: str
    curve: Curve


@dataclass(frozen=True, slots=True)
class UnitCostEffect:
    """The variable cost of every step at a service, plus the curve's change in pounds."""

    service: str
    curve: Curve


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceEffect:
    """The share of residents who choose an option, plus the curve's change; the other options give in proportion.

    Residents of a place whose share of the option is 0 or 1 keep to what they choose.
    `choice` is the group of the steps' ServiceChoice, `option` the number of the option in it.
    """

    choice: str
    option: int
    curve: Curve


@dataclass(frozen=True, slots=True)
class RecodeEffect:
    """Of the owner's steps with one code, a share (the curve's change, 0 to 1) is recorded with another.

    Care is the same.
    """

    steps: tuple[str, ...]
    code: str
    recorded_as: str
    curve: Curve


@dataclass(frozen=True, slots=True, eq=False)
class ReferAwayEffect:
    """Of some residents, a share (the curve's change, 0 to 1) comes off the owner's list. Care is the same.

    The list is that of contracts that pay the owner by the head. For residents off the list, contracts of arrangement
    `instead` pay, where it differs. An arrangement that pays the owner nothing by the head knows no list, so nothing
    changes under it.
    """

    residents: ByResident
    instead: str
    curve: Curve

    __repr__ = brief


CareEffect = DemandEffect | DivertEffect | StayEffect | DelayEffect | CapacityEffect | ChoiceEffect
"""What changes care: a System with other settings."""

CostEffect = UnitCostEffect
"""What changes the cost of care and not care: the same activity, costed otherwise."""

PaymentEffect = RecodeEffect | ReferAwayEffect
"""What changes payment and not care: the same activity, recorded or listed otherwise."""

Effect = CareEffect | CostEffect | PaymentEffect


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """A decision of its `owner`: an intensity from `low` to `high`, in `unit`; the system as described is at `now`.

    `step` is the change of intensity over which incentives are taken. At intensity x the owner spends `cost` (pounds a
    year, money), bears `effort` (pounds' worth a year, no money) and residents gain `health` (QALYs a year) beyond
    what health effects count from activity: all nothing at 0. What comes of the lever is also given for one step fewer
    of `counted`, called `counted_name`.
    """

    id: str
    name: str
    owner: str
    unit: str
    low: float
    high: float
    now: float
    step: float
    effects: tuple[Effect, ...]
    cost: Polynomial
    effort: Polynomial = NOTHING
    health: Polynomial = NOTHING
    counted: tuple[str, ...] = ()
    counted_name: str = ""

    @property
    def stride(self) -> float:
        """The change of intensity that is simulated: a step up, a step down where the range ends above."""
        room, slack = self.high - self.now, ROUNDING * (self.high - self.low)
        return self.step if self.step <= room + slack else -self.step

    @property
    def changes_care(self) -> bool:
        """Whether the activity is another one: then it must be simulated again."""
        return any(isinstance(effect, CareEffect) for effect in self.effects)
