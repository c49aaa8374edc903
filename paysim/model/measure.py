"""Measures: what a run is held against, published figures beside simulated ones."""

from dataclasses import dataclass
from typing import Literal

from paysim.model.brief import brief
from paysim.model.population import ByResident

MeasureKind = Literal["rate", "stay", "share", "within", "readmission", "occupancy", "delayed"]

PARTS_OF_A_WHOLE: tuple[MeasureKind, ...] = ("within", "readmission", "occupancy", "delayed")
"""Kinds whose values are shares from 0 to 1; a `share` of steps over others may be more."""


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One quantity taken from activity, with the published value it should meet.

    - `rate`: steps per resident and year.
    - `stay`: mean midnights crossed by the spells that contain any of `steps`.
    - `share`: number of `steps` over number of `base` steps.
    - `within`: share of episodes whose time from the first request of `steps` to the first end of `until` after it
      is at most `limit` days.
    - `readmission`: share of spells that are followed within `limit` days of discharge by a spell of the same
      resident that begins with one of `steps`; counted over the spells that contain any of `base`. A spell that begins
      as one at another provider ends is a transfer, and no readmission.
    - `occupancy`: mean servers in use over open capacity, over `services`.
    - `delayed`: delayed transfers of care, the share of bed days on which people only wait for the next service: bed
      days (midnights) of `steps` over those of `steps` and `base`. NHS England, "Monthly Delayed Transfer of Care
      Situation Reports: definitions and guidance" (2018), counts delayed days in beds; the rate is over occupied ones.

    `target` is one number, for a `rate` the mean over residents; or for a `rate` one number per kind of resident.
    `tolerance` is the allowed difference: a share of the target, or in its unit where `absolute`; None means that
    the figure is shown and not held to account. `balanced_by` names the pathway whose demand `paysim calibrate` sets
    so that the rate meets its target, for every kind of resident or on average.
    """

    id: str
    name: str
    kind: MeasureKind
    steps: tuple[str, ...]
    target: float | ByResident | None
    tolerance: float | None
    absolute: bool = False
    base: tuple[str, ...] = ()
    until: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    limit: float | None = None
    balanced_by: str | None = None
    explanation: str = ""

    __repr__ = brief
