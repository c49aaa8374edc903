"""Extracts of real activity: how one is read as activity of a system."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ExtractKind = Literal["admitted", "outpatients", "emergency"]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of one point of delivery: all whose columns hold one of these values, in capitals.

    `shorter_than_days`: only stays of fewer midnights.
    """

    point_of_delivery: str
    where: Mapping[str, tuple[str, ...]]
    shorter_than_days: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnName:
    """Where a file may hold something: the names that it may have there, the first one that is there counts.

    `asked` if a map names it, which makes it required; `key` is where it does, or could.
    """

    names: tuple[str, ...]
    asked: bool
    key: str


@dataclass(frozen=True, eq=False)
class ExtractMap:
    """A map, resolved against a system: numbers of steps, services and places are those of its activity.

    Codes are keyed in capitals. `services_of` gives the services of each provider code, `service_of` the one of them
    that carries a step out, where there is one. `only` are the values of columns that rows must have; `required_only`
    says whether the columns must be there. `elsewhere` is the place of areas that `place_of` does not name.
    """

    file: str
    kind: ExtractKind
    columns: Mapping[str, ColumnName]
    dates: str
    separator: str
    only: Mapping[str, tuple[str, ...]]
    required_only: bool
    rules: tuple[Rule, ...]
    step_of: Mapping[str, int]
    services_of: Mapping[str, tuple[int, ...]]
    service_of: Mapping[tuple[str, int], int]
    place_of: Mapping[str, int]
    elsewhere: int | None
    fingerprint: str
