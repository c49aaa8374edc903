"""Services: capacity-limited parts of a provider, their hours and their costs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY

Sector = Literal["general practice", "urgent care", "acute", "community", "mental health", "social care"]
Discipline = Literal["fifo", "priority"]

_ROUNDING_SLACK = 1e-9
"""How far a share of a capacity may exceed a whole number by rounding alone."""


@dataclass(frozen=True, slots=True)
class OpenHours:
    """One span of the week in which a service starts new work: hours since Monday 00:00, half-open."""

    start: float
    stop: float


@dataclass(frozen=True, slots=True)
class SemiFixed:
    """Cost that moves in steps of capacity: a ward, a team.

    Planned capacity needs one step for every `capacity_per_step` servers. The steps in a month follow the servers in
    use in open hours `lag_months` earlier: one for every `capacity_per_step` times `planned_utilisation` of them, so
    that activity as planned keeps the steps as planned. Before that they follow planned capacity.
    """

    capacity_per_step: float
    annual_pence_per_step: int
    lag_months: int
    planned_utilisation: float = 1.0


@dataclass(frozen=True, slots=True)
class CostStructure:
    """Resources that a service uses: fixed, semi-fixed and variable, in pence of the price year.

    Variable cost of one step is `per_step_pence`, plus `per_day_pence` for each midnight crossed, plus
    `by_code_pence` of its code where there is one.
    """

    annual_fixed_pence: int = 0
    semi_fixed: SemiFixed | None = None
    per_step_pence: int = 0
    per_day_pence: int = 0
    by_code_pence: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowsActivity:
    """Capacity that follows activity, late and in whole wards or teams of `servers_per_step`.

    In each month from `lag_months` on, a service has the fewest steps whose servers, at `planned_utilisation`, would
    have done the work that ended `lag_months` earlier in the hours open then; one step at least.
    """

    servers_per_step: int
    lag_months: int
    planned_utilisation: float = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """Beds, cubicles, clinic slots or a caseload of one organisation.

    `capacity` servers work in `opening` hours (empty: always open). Work that has begun is finished after
    closing. `fifo` serves in order of request; `priority` serves the lowest priority number first. At most
    `waiting_room` requests wait at a time (None: any number); further ones are turned away.
    """

    id: str
    name: str
    organisation: str
    sector: Sector
    unit: str
    capacity: int
    opening: tuple[OpenHours, ...]
    discipline: Discipline
    cost: CostStructure
    waiting_room: int | None = None
    follows_activity: FollowsActivity | None = None

    @property
    def open_share(self) -> float:
        """The share of the week in which the service starts work."""
        if not self.opening:
            return 1.0
        return sum(hours.stop - hours.start for hours in self.opening) / (DAYS_PER_WEEK * HOURS_PER_DAY)


def scaled_capacity(capacity: int, sample: float) -> int:
    """Return the servers of a service when only a share `sample` of residents is simulated: at least one if any."""
    return math.ceil(capacity * sample - _ROUNDING_SLACK)
