"""Levers: owners looked up, curves, and what is left out of a range made explicit."""

import math
from collections.abc import Mapping, Sequence

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.effects import EffectNames, effect
from paysim.config.resolve.lists import listed
from paysim.config.schema.lever import Counted
from paysim.config.schema.lever import Lever as Written
from paysim.config.schema.lever import Polynomial as WrittenPolynomial
from paysim.model.curve import Polynomial
from paysim.model.lever import Effect, Lever
from paysim.model.limits import ROUNDING
from paysim.model.whole import countables, is_near

_STEPS_OF_A_RANGE = 10


def levers(
    document: Document, written: Mapping[str, Written], organisations: Mapping[str, object], names: EffectNames
) -> dict[str, Lever]:
    """Return the levers by id; raise InputError for names that nothing bears, and curves that have no value."""
    return {name: _lever(document, ("lever", name), lever, organisations, names) for name, lever in written.items()}


def _lever(
    document: Document, path: KeyPath, written: Written, organisations: Mapping[str, object], names: EffectNames
) -> Lever:
    low, high = written.range
    now = low if written.now is None else written.now
    effects = tuple(
        effect(document, (*path, "effects", number), each, (low, now), names)
        for number, each in enumerate(written.effects)
    )
    return Lever(
        id=str(path[-1]),
        name=written.name,
        owner=document.known((*path, "owner"), "organisation", written.owner, organisations),
        unit=written.unit,
        low=low,
        high=high,
        now=now,
        step=_step(low, high, now, effects) if written.step is None else written.step,
        effects=effects,
        cost=_polynomial(written.cost),
        effort=_polynomial(written.effort),
        health=_polynomial(written.health),
        counted=_counted(document, (*path, "per", "steps"), written.per, names),
        counted_name=written.per.name if written.per else "",
    )


def _step(low: float, high: float, now: float, effects: Sequence[Effect]) -> float:
    """Return a tenth of the range, or so much more that the fewest servers or pence that it sets are whole."""
    tenth, room = (high - low) / _STEPS_OF_A_RANGE, max(now - low, high - now)
    ahead = tenth if tenth <= high - now else -tenth
    fewest = min((abs(amount) for amount in countables(effects, now, now + ahead).values() if amount), default=1.0)
    whole = tenth * math.ceil(fewest) / fewest
    return tenth if is_near(round(fewest), fewest) or whole > room * (1 + ROUNDING) else whole


def _polynomial(written: WrittenPolynomial) -> Polynomial:
    return Polynomial(written.per_unit, written.per_unit_squared)


def _counted(document: Document, path: KeyPath, written: Counted | None, names: EffectNames) -> tuple[str, ...]:
    return listed(document, path, "step", written.steps, names.steps) if written else ()
