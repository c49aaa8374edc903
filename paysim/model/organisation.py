"""Organisations: the legal bodies that have an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

OrganisationKind = Literal["funder", "commissioner", "council", "provider"]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A funder, commissioner, council or provider.

    `market_forces_factor` multiplies national prices for this provider (1 where it has none).
    `published` holds figures from the accounts and returns, for reconciliation: operating_income,
    operating_cost, surplus (pounds a year), beds, bed_occupancy, attendances, residents_share.
    """

    id: str
    name: str
    kind: OrganisationKind
    market_forces_factor: float = 1.0
    published: Mapping[str, float] = field(default_factory=dict)
