"""What the costs of services must be to be counted: what no config could say is impossible."""

from collections.abc import Iterable, Iterator
from numbers import Integral
from typing import Any

from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_NUMBER
from paysim.model.service import SemiFixed, Service

Problem = tuple[str, object, str]
"""A key of a service's cost, what was found there and what was expected."""


def refuse_impossible_costs(services: Iterable[Service]) -> None:
    """Raise InputError unless costs are whole pence of at least 0, and steps of capacity such as a config may hold."""
    for service in services:
        for key, found, expected in _problems(service):
            raise InputError("", f"service.{service.id}.cost.{key}", f"found {found}", f"expected {expected}")


def _problems(service: Service) -> Iterator[Problem]:
    cost = service.cost
    for key in ("annual_fixed_pence", "per_step_pence", "per_day_pence"):
        yield from _whole(key, getattr(cost, key))
    for code, pence in cost.by_code_pence.items():
        yield from _whole(f"by_code_pence.{code}", pence)
    if cost.semi_fixed is not None:
        yield from _steps(cost.semi_fixed)


def _steps(semi_fixed: SemiFixed) -> Iterator[Problem]:
    for key in ("annual_pence_per_step", "lag_months"):
        yield from _whole(f"semi_fixed.{key}", getattr(semi_fixed, key))
    for key, most in (("capacity_per_step", LARGEST_NUMBER), ("planned_utilisation", 1.0)):
        if not 0.0 < (value := getattr(semi_fixed, key)) <= most:
            yield f"semi_fixed.{key}", value, f"a number above 0, at most {most:g}"


def _whole(key: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, Integral) or int(value) < 0:
        yield key, value, "a whole number of at least 0"
