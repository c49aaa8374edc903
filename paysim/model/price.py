"""Prices: what a tariff counts, and what it pays for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

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

    The other numbers apply to spells. Days beyond the trim point are paid by the day. A spell of no more than one
    midnight is paid the short-stay price, where there is one. Midnights of a spell that are paid by the day count for
    neither. `top_up_pence` is what specialised services of eligible providers add, `addition_pence` what meeting the
    criteria of a best practice tariff adds.

    Source: National Tariff Payment System 2017/18 and 2018/19, Annex A and section 4 (long stay payments, reduced short
    stay emergency tariff, specialised top-ups, best practice tariffs).
    """

    pence: int
    trim_point_days: int | None = None
    long_stay_pence_per_day: int = 0
    short_stay_pence: int | None = None
    top_up_pence: int = 0
    addition_pence: int = 0


@dataclass(frozen=True, slots=True)
class PriceTable:
    """Prices by (currency, code); the code is '' for a currency that has a single price."""

    id: str
    name: str
    prices: Mapping[tuple[str, str], Price]
