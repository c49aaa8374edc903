"""Objectives: what the owners of levers set them for."""

from collections.abc import Mapping

from paysim.config.document import Document, KeyPath
from paysim.config.schema.objective import Objective as Written
from paysim.model.health import NO_HEALTH, Health
from paysim.model.lever import Lever
from paysim.model.objective import Objective


def objectives(
    document: Document,
    written: Mapping[str, Written],
    organisations: Mapping[str, object],
    levers: Mapping[str, Lever],
    health: Health,
) -> dict[str, Objective]:
    """Return the objectives by organisation.

    Raises InputError for unknown organisations, for one that owns no lever, and for a weight on health where nothing
    says what health is.
    """
    owners = dict.fromkeys(lever.owner for lever in levers.values())
    for name, objective in written.items():
        path: KeyPath = ("objective", name)
        document.known(path, "organisation", name, organisations)
        if name not in owners and objective.rule != "passive":
            found = f"found an objective of {name!r}, which owns no lever"
            expected = f"expected rule 'passive', or an owner of levers: {', '.join(owners) or 'none'}"
            raise document.refuse(path, found, expected)
        if objective.health_weight and health is NO_HEALTH:
            expected = "expected [health] too, which says what health is worth"
            raise document.refuse((*path, "health_weight"), f"found {objective.health_weight:g}", expected)
    return {
        name: Objective(
            organisation=name,
            surplus_weight=objective.surplus_weight,
            health_weight=objective.health_weight,
            risk_aversion=objective.risk_aversion,
            adjustment_cost=objective.adjustment_cost,
            rule=objective.rule,
            horizon=objective.horizon,
        )
        for name, objective in written.items()
    }
