"""Digests that a process keeps in memory, so that one simulation is settled under many contracts."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from paysim.incentives.digest import Digest
from paysim.incentives.evaluate import digests, outcome
from paysim.incentives.outcome import Outcome, Point, Trial
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.study.replication import own_log

_KEPT: dict[int, dict[int, Digest]] = {}
"""By replication and number of the point."""


@contextmanager
def forgetting() -> Iterator[None]:
    """Return a context at whose end this process keeps no digest any more."""
    try:
        yield
    finally:
        _KEPT.clear()


def keep(
    system: System, arrangements: Sequence[Arrangement], points: Mapping[int, Point], trial: Trial, replication: int
) -> int:
    """Return the bytes of a replication's digests at numbered points, which are kept in this process from now on."""
    found = digests(system, arrangements, list(points.values()), trial, replication, own_log())
    _KEPT.setdefault(replication, {}).update(zip(points, found, strict=True))
    return array_bytes(found, set())


def settle_kept(arrangements: Sequence[Arrangement], replication: int) -> tuple[Outcome, ...]:
    """Return the outcome of a kept replication at every point, in the order of their numbers."""
    return tuple(outcome(digest, arrangements) for _, digest in sorted(_KEPT[replication].items()))


def array_bytes(value: Any, seen: set[int]) -> int:
    """Return the bytes of all arrays in a value but those of its systems, which are shared; each array once."""
    if id(value) in seen or isinstance(value, System):
        return 0
    seen.add(id(value))
    match value:
        case np.ndarray():
            return value.nbytes
        case Mapping():
            return sum(array_bytes(each, seen) for each in value.values())
        case tuple() | list():
            return sum(array_bytes(each, seen) for each in value)
    if not is_dataclass(value):
        return 0
    return sum(array_bytes(getattr(value, field.name), seen) for field in fields(value))
