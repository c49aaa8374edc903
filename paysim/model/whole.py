"""What a step of a lever comes to in servers and in pence, which are whole."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from paysim.model.lever import CapacityEffect, Effect, UnitCostEffect
from paysim.model.money import PENCE_PER_POUND

NEAR = 0.1
"""Of a step: what whole servers or whole pence make of it may be off by as much."""


class Countable(NamedTuple):
    """The servers of a service, or the pence of a step at it."""

    unit: Literal["servers", "pence"]
    service: str


def countables(effects: Iterable[Effect], now: float, intensity: float) -> dict[Countable, float]:
    """Return by how many servers and pence all effects together change each service, not rounded."""
    found: dict[Countable, float] = {}
    for effect in effects:
        match effect:
            case CapacityEffect(service, curve):
                what, each = Countable("servers", service), 1
            case UnitCostEffect(service, curve):
                what, each = Countable("pence", service), PENCE_PER_POUND
            case _:
                continue
        found[what] = found.get(what, 0.0) + each * curve.change(now, intensity)
    return found


def is_near(counted: float, amount: float) -> bool:
    """Return whether what is counted in wholes is near enough to the amount that it stands for."""
    return abs(counted - amount) <= NEAR * abs(amount)
