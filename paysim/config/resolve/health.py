"""Health: the effects that are switched on, with the steps that they come with."""

from collections.abc import Mapping

from paysim.config.document import Document
from paysim.config.resolve.lists import listed
from paysim.config.schema.health import Health as Written
from paysim.model.health import NO_HEALTH, Health, HealthEffect
from paysim.model.pathway import Step


def health(document: Document, written: Written | None, steps: Mapping[str, Step]) -> Health:
    """Return what counts as health, effects in the order of the config; raise InputError for unknown steps."""
    if written is None:
        return NO_HEALTH
    effects = tuple(
        HealthEffect(
            id=name,
            name=effect.name,
            steps=listed(document, ("health", "effect", name, "steps"), "step", effect.steps, steps),
            per_step=effect.per_step,
            per_day_waited=effect.per_day_waited,
            per_day=effect.per_day,
        )
        for name, effect in written.effect.items()
    )
    on = tuple(effect for effect in effects if written.effect[effect.id].on)
    return Health(written.pounds_per_qaly, written.discount_rate, on)
