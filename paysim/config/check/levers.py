"""Whether levers keep to what is possible, all over their ranges."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from paysim.config.check.extremes import Extreme, extremes
from paysim.config.document import Document, KeyPath, value_at
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    Effect,
    Lever,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.limits import ROUNDING
from paysim.model.money import PENCE_PER_POUND
from paysim.model.pathway import MOST_EPISODES
from paysim.model.system import System
from paysim.model.whole import countables, is_near


class _Moving(NamedTuple):
    """An effect, where it stands, and the least and the most that it comes to."""

    path: KeyPath
    lever: Lever
    effect: Effect
    low: Extreme
    high: Extreme


def check_levers(document: Document, system: System) -> None:
    """Raise InputError for an effect that comes to something impossible anywhere in its lever's range.

    Those are a factor below 0, more episodes than can be counted, a share that is none, and, by all effects on it
    together, a capacity or a cost below 0. Where no resident of a place has a choice, there is nothing to change; where
    that is so in every place, the effect is refused, as is one on demand or a way that none of its residents has. So is
    a step that servers or pence, which are whole, cannot take.
    """
    left: dict[tuple[str, str], float] = {}
    for moving in _moving(system):
        match moving.effect:
            case DemandEffect():
                _check_factor(document, moving)
                _check_rate(document, system, moving, moving.effect)
            case StayEffect() | DelayEffect():
                _check_factor(document, moving)
            case DivertEffect():
                _check_share(document, moving)
                _check_way(document, system, moving, moving.effect)
            case RecodeEffect() | ReferAwayEffect():
                _check_share(document, moving)
            case ChoiceEffect():
                _check_choice(document, system, moving, moving.effect)
            case CapacityEffect(service):
                _check_left(document, moving, left, ("capacity", service), system.services[service].capacity)
            case UnitCostEffect(service):
                pounds = system.services[service].cost.per_step_pence / PENCE_PER_POUND
                _check_left(document, moving, left, ("variable cost", service), pounds)
    for lever in system.levers.values():
        _check_whole(document, lever)


def _moving(system: System) -> Iterator[_Moving]:
    for lever in system.levers.values():
        for number, effect in enumerate(lever.effects):
            yield _Moving(("lever", lever.id, "effects", number), lever, effect, *extremes(effect.curve, lever))


def _check_factor(document: Document, moving: _Moving) -> None:
    if moving.low.change < -1 - ROUNDING:
        found = f"found a factor of {1 + moving.low.change:.6g}{_at(moving.low)}"
        raise document.refuse(moving.path, found, f"expected at least 0{_range(moving)}")


def _check_share(document: Document, moving: _Moving) -> None:
    for extreme in (moving.low, moving.high):
        if not -ROUNDING <= extreme.change <= 1 + ROUNDING:
            found = f"found a share of {extreme.change:.6g}{_at(extreme)}"
            raise document.refuse(moving.path, found, f"expected 0 to 1{_range(moving)}")


def _check_rate(document: Document, system: System, moving: _Moving, effect: DemandEffect) -> None:
    demand = system.pathways[effect.pathway].demand
    assert demand is not None
    rate = demand.rate if effect.residents is None else demand.rate * effect.residents
    if not rate.any():
        found = f"found pathway {effect.pathway!r}, whose rate is 0 for all residents whom the effect is for"
        raise document.refuse((*moving.path, "pathway"), found, "expected a rate above 0 for some of them")
    most = float(rate.max()) * (1 + moving.high.change)
    if most > MOST_EPISODES:
        found = f"found a rate of {most:.6g}{_at(moving.high)}"
        raise document.refuse(moving.path, found, f"expected at most {MOST_EPISODES:g}{_range(moving)}")


def _check_way(document: Document, system: System, moving: _Moving, effect: DivertEffect) -> None:
    """Raise InputError where nobody would go the way that is diverted from, nor is sent there by another effect."""
    sent = any(
        isinstance(other, DivertEffect) and (other.step, other.to) == (effect.step, effect.away)
        for lever in system.levers.values()
        for other in lever.effects
    )
    probabilities = [
        probability
        for branch in system.steps[effect.step].branches
        if branch.to == effect.away
        for probability in (branch.probability, *(after.probability for after in branch.after_wait))
    ]
    residents = 1.0 if effect.residents is None else effect.residents
    if not sent and not any((probability * residents).any() for probability in probabilities):
        found = f"found {effect.away!r}, where {effect.step!r} sends none of the residents whom the effect is for"
        raise document.refuse((*moving.path, "away"), found, "expected a probability above 0 for some of them")


def _check_choice(document: Document, system: System, moving: _Moving, effect: ChoiceEffect) -> None:
    step = next(step for step in system.steps.values() if step.service.group == effect.choice)
    shares = step.service.shares[:, effect.option]
    places = np.flatnonzero((shares > 0) & (shares < 1))
    if not places.size:
        path = (*moving.path, "option")
        found = f"found option {value_at(document.data, path)!r}, which no place is offered beside another one"
        raise document.refuse(path, found, "expected one with a share above 0 and below 1 in some place")
    for place in places:
        for extreme in (moving.low, moving.high):
            share = float(shares[place]) + extreme.change
            if not -ROUNDING <= share <= 1 + ROUNDING:
                found = f"found a share of {share:.6g} in place {system.population.places[place]!r}{_at(extreme)}"
                raise document.refuse(moving.path, found, f"expected 0 to 1{_range(moving)}")


def _check_left(
    document: Document, moving: _Moving, left: dict[tuple[str, str], float], of: tuple[str, str], before: float
) -> None:
    """Take the most that an effect takes off what other effects leave of something; raise InputError below 0."""
    left[of] = left.get(of, before) + min(0.0, moving.low.change)
    if left[of] < -ROUNDING:
        what, service = of
        others = "" if left[of] == before + moving.low.change else " and other effects at their lowest"
        found = f"found {what} {left[of]:.6g} of service {service!r}{_at(moving.low)}{others}"
        raise document.refuse(moving.path, found, f"expected at least 0{_range(moving)}")


def _check_whole(document: Document, lever: Lever) -> None:
    for (unit, service), amount in countables(lever.effects, lever.now, lever.now + lever.stride).items():
        if not is_near(round(amount), amount):
            found = f"found a step of {lever.step:.6g}, which changes service {service!r} by {amount:.6g} {unit}"
            expected = f"expected a step over which {unit} are whole, to within a tenth of their change"
            raise document.refuse(("lever", lever.id, "step"), found, expected)


def _at(extreme: Extreme) -> str:
    return f" at intensity {extreme.intensity:g}"


def _range(moving: _Moving) -> str:
    return f" all over the range from {moving.lever.low:g} to {moving.lever.high:g}"
