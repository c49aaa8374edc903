"""Health: quality-adjusted life years that residents gain and lose with activity and waits."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HealthEffect:
    """QALYs of some steps: for each one, each day waited for it and each day that it lasts; below zero where lost."""

    id: str
    name: str
    steps: tuple[str, ...]
    per_step: float = 0.0
    per_day_waited: float = 0.0
    per_day: float = 0.0


@dataclass(frozen=True, slots=True)
class Health:
    """What counts as health: the effects that are switched on, what a QALY is worth, and the discount rate a year."""

    pounds_per_qaly: float
    discount_rate: float
    effects: tuple[HealthEffect, ...] = ()


NO_HEALTH = Health(pounds_per_qaly=0.0, discount_rate=0.0)
"""Of a config that says nothing about health."""
