"""Where the numbers come from."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["cited", "derived", "assumed"]


@dataclass(frozen=True, slots=True)
class Source:
    """One published source, derivation or stated assumption that parameters refer to by its id.

    The source of a default has no id: it stands where the default stands.
    """

    id: str
    citation: str
    year: str
    status: Status
    note: str = ""


def published(citation: str, year: str) -> Source:
    """Return the source of a default that was published."""
    return Source("", citation, year, "cited")


def assumption(text: str) -> Source:
    """Return the source of a default that rests on nothing but what it says."""
    return Source("", text, "", "assumed")


NEUTRAL = assumption("Nothing is added, taken off or left out where a config does not say so")
"""Of defaults that leave what they multiply or add to as it is."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or table) that a config rests on: its key path, its value as written, and its source.

    `source` is None where the config names none; such a parameter counts as an assumption. `by_default` is 0 for what a
    config writes. Of a default it counts the tables that leave it in force; `*` in its path stands for any id.
    """

    path: str
    value: str
    source: Source | None
    by_default: int = 0

    @property
    def status(self) -> Status:
        """cited, derived or assumed; a parameter without a source is assumed."""
        return self.source.status if self.source else "assumed"
