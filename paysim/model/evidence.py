"""Where the numbers come from."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["cited", "derived", "assumed"]


@dataclass(frozen=True, slots=True)
class Source:
    """One published source, derivation or stated assumption that parameters refer to by its id."""

    id: str
    citation: str
    year: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or table) of a config: its key path, its value as written, and its source.

    `source` is None where the config names none; such a parameter counts as an assumption.
    """

    path: str
    value: str
    source: Source | None

    @property
    def status(self) -> Status:
        """cited, derived or assumed; a parameter without a source is assumed."""
        return self.source.status if self.source else "assumed"
