"""Which levers are not at their `now`, and what the curves of their effects come to."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from paysim.incentives.outcome import Point
from paysim.model.errors import InputError
from paysim.model.lever import Effect, Lever
from paysim.model.system import System

Some = TypeVar("Some", bound=Effect)

_SLACK = 1e-9
"""By how much of its range an intensity may lie outside, and a share outside 0 to 1, by rounding alone."""


class Change(NamedTuple, Generic[Some]):
    """An effect of a lever and the change of its curve from `now` to `intensity`."""

    lever: str
    intensity: float
    effect: Some
    amount: float


Changes = Sequence[Change[Some]]


def moved_levers(system: System, point: Point) -> list[tuple[Lever, float]]:
    """Return the levers whose intensity is not their `now`, with it, in the order of the system.

    Raises InputError for an intensity outside a lever's range, and for an unknown lever.
    """
    for id, intensity in point.items():
        if id not in system.levers:
            known = ", ".join(system.levers)
            expected = f"expected one of {known}" if known else "expected none, since the system has none"
            raise InputError("", "lever", f"found {id!r}", expected)
        lever = system.levers[id]
        slack = _SLACK * (lever.high - lever.low)
        if not lever.low - slack <= intensity <= lever.high + slack:
            expected = f"expected {lever.low:g} to {lever.high:g}"
            raise InputError("", f"lever.{id}", f"found intensity {intensity:g}", expected)
    return [(lever, float(point[id])) for id, lever in system.levers.items() if point.get(id, lever.now) != lever.now]


def changes_of(system: System, point: Point, kind: type[Some]) -> Changes[Some]:
    """Return what the effects of one kind come to, of the levers that are not at their `now`."""
    return [
        Change(lever.id, intensity, effect, effect.curve.change(lever.now, intensity))
        for lever, intensity in moved_levers(system, point)
        for effect in lever.effects
        if isinstance(effect, kind)
    ]


def factor_of(change: Change[Some], what: str) -> float:
    """Return 1 + the change. Raises InputError where it is negative."""
    if change.amount < -1.0 - _SLACK:
        raise impossible(change, f"found {what} times {1.0 + change.amount:g}", "expected a factor of at least 0")
    return max(0.0, 1.0 + change.amount)


def share_of(change: Change[Some], what: str) -> float:
    """Return the change as a share. Raises InputError where it is none."""
    if not -_SLACK <= change.amount <= 1.0 + _SLACK:
        expected = "expected 0 to 1 over the lever's range, with `now` at the end where it is 0"
        raise impossible(change, f"found a share {change.amount:g} {what}", expected)
    return min(max(change.amount, 0.0), 1.0)


def impossible(change: Change[Some], found: str, expected: str) -> InputError:
    """Return the refusal of what an effect comes to, or is about."""
    return InputError("", f"lever.{change.lever}", f"{found} at intensity {change.intensity:g}", expected)
