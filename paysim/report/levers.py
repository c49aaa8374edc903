"""What organisations can decide, for the terminal and for machines."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from paysim.model.health import NO_HEALTH, Health
from paysim.model.lever import Lever
from paysim.model.objective import objectives_in_force
from paysim.model.system import System
from paysim.report.assumptions import statuses_below
from paysim.report.lever_words import cost_words, effect_words, health_words, intensity_words, objective_words


def levers_summary(system: System) -> RenderableType:
    """Return levers, health effects and objectives in short; nothing where a system has none."""
    return Group(
        *_section("Levers", (line for lever in system.levers.values() for line in _lever(lever, system))),
        *_section("Health", _health(system)),
        *_section("Objectives", _objectives(system)),
    )


def levers_as_json(system: System) -> dict[str, Any]:
    """Return levers, health and objectives as plain types, by id."""
    return {
        "levers": {lever.id: _lever_as_json(lever, system) for lever in system.levers.values()},
        "health": None if system.health == NO_HEALTH else _health_as_json(system.health),
        "objectives": {name: _without_id(asdict(each)) for name, each in objectives_in_force(system).items()},
    }


def _section(title: str, lines: Iterator[tuple[int, str]]) -> list[RenderableType]:
    """Return a title and lines, each with how far it stands in; nothing without lines."""
    parts: list[RenderableType] = [Padding(Text(line), (0, 0, 0, 2 * depth)) for depth, line in lines]
    return [Text(f"\n{title}", style="bold"), *parts] if parts else []


def _lever(lever: Lever, system: System) -> Iterator[tuple[int, str]]:
    yield 0, f"{lever.id}: {lever.name} ({system.organisations[lever.owner].name})"
    yield 1, intensity_words(lever)
    for effect in lever.effects:
        yield 1, effect_words(effect, lever, system)
    for line in cost_words(lever):
        yield 1, line
    if lever.counted:
        yield 1, f"also for one {lever.counted_name}"
    yield 1, f"evidence: {_evidence(lever, system)}"


def _evidence(lever: Lever, system: System) -> str:
    counts = statuses_below(system, f"lever.{lever.id}")
    return ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "in tables"


def _health(system: System) -> Iterator[tuple[int, str]]:
    health = system.health
    if health != NO_HEALTH:
        yield 0, f"£{health.pounds_per_qaly:,.0f} a QALY, discounted by {health.discount_rate:.1%} a year"
    for effect in health.effects:
        yield 0, effect.name
        yield 1, f"QALYs {health_words(effect, system)}"


def _objectives(system: System) -> Iterator[tuple[int, str]]:
    for name, objective in objectives_in_force(system).items():
        by_default = "" if name in system.objectives else " (by default)"
        yield 0, f"{system.organisations[name].name}: {objective_words(objective)}{by_default}"


def _lever_as_json(lever: Lever, system: System) -> dict[str, Any]:
    return {
        "name": lever.name,
        "owner": lever.owner,
        "unit": lever.unit,
        "range": [lever.low, lever.high],
        "now": lever.now,
        "step": lever.step,
        "changes_care": lever.changes_care,
        "changes": [effect_words(effect, lever, system) for effect in lever.effects],
        "cost": asdict(lever.cost),
        "effort": asdict(lever.effort),
        "health": asdict(lever.health),
        "per": {"name": lever.counted_name, "steps": list(lever.counted)} if lever.counted else None,
        "evidence": dict(statuses_below(system, f"lever.{lever.id}")),
    }


def _health_as_json(health: Health) -> dict[str, Any]:
    return {
        "pounds_per_qaly": health.pounds_per_qaly,
        "discount_rate": health.discount_rate,
        "effects": {effect.id: _without_id(asdict(effect)) for effect in health.effects},
    }


def _without_id(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in ("id", "organisation")}
