"""What a step costs."""

from dataclasses import replace

from paysim.incentives.changes.moved import Changes, impossible
from paysim.model.lever import UnitCostEffect
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System


def with_unit_cost(system: System, changes: Changes[UnitCostEffect]) -> System:
    """Return the system with the variable cost of a step at services plus the changes, in whole pence, none below 0."""
    pounds: dict[str, float] = {}
    for change in changes:
        id = change.effect.service
        if id not in system.services:
            raise impossible(change, f"found service {id!r}", "expected a service of the system")
        pounds[id] = pounds.get(id, 0.0) + change.amount
    services = dict(system.services)
    for id, more in pounds.items():
        cost = services[id].cost
        pence = max(0, cost.per_step_pence + round(more * PENCE_PER_POUND))
        services[id] = replace(services[id], cost=replace(cost, per_step_pence=pence))
    return replace(system, services=services) if pounds else system
