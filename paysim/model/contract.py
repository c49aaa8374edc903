"""Contracts: who pays whom, for what, by which terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from paysim.model.population import ByResident

Counted = Literal["step", "spell", "day"]


@dataclass(frozen=True, slots=True)
class Currency:
    """What a tariff prices: `step` once a step, `spell` once a spell, `day` once a midnight crossed."""

    id: str
    name: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one currency and code, in pence before the market forces factor.

    `trim_point_days` and `long_stay_pence_per_day` apply to spells: days beyond the trim point are paid by
    the day (National Tariff Payment System 2017/18 and 2018/19, long stay payments).
    """

    pence: int
    trim_point_days: int | None = None
    long_stay_pence_per_day: int = 0


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by (currency, code); the code is '' for a currency that has a single price."""

    id: str
    name: str
    prices: Mapping[tuple[str, str], Price]


@dataclass(frozen=True, slots=True)
class BudgetNeutral:
    """An amount to be set so that the payer expects to pay what arrangement `to` would have it pay."""

    to: str


@dataclass(frozen=True, slots=True)
class Tariff:
    """Pays for each unit of activity at its price, times the payee's market forces factor if asked to."""

    id: str
    prices: PriceTable
    market_forces_factor: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Pays an annual sum in twelfths, whatever the activity."""

    id: str
    annual: int | BudgetNeutral


@dataclass(frozen=True, slots=True, eq=False)
class Capitation:
    """Pays a sum a year per weighted resident of the contract's places, in twelfths.

    `weights` by place and profile; None counts heads.
    """

    id: str
    annual_per_head: int | BudgetNeutral
    weights: ByResident | None


Term = Tariff | Block | Capitation


@dataclass(frozen=True, slots=True)
class Scope:
    """The activity that a contract pays for: these services, for residents of these places."""

    services: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """Payer, payee, scope and the terms that add up to the payment."""

    id: str
    payer: str
    payee: str
    scope: Scope
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A named set of contracts that pays for the whole system."""

    id: str
    name: str
    contracts: tuple[Contract, ...]
