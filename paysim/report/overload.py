"""Services of which more is asked than they can do, and what comes of it."""

from paysim.model.service import Service
from paysim.model.system import System
from paysim.report.wording import percent
from paysim.simulation.traffic import service_loads


def overloaded(system: System) -> tuple[str, ...]:
    """Return a sentence for every service with a load of 1 or above: its load, and what becomes of its queue."""
    return tuple(
        f"Overloaded: {system.services[id].name}, at {percent(load)} of its capacity; "
        f"{_outcome(system, system.services[id])}."
        for id, load in service_loads(system).items()
        if load >= 1
    )


def _outcome(system: System, service: Service) -> str:
    if service.waiting_room is not None:
        return "whoever finds its waiting room full is turned away"
    if service.follows_activity is not None:
        return "its queue grows until capacity has followed"
    steps = [step for step in system.steps.values() if service.id in step.service.services]
    if all(step.patience is not None for step in steps):
        return "some leave before being seen"
    if any(step.service.wait_sensitivity > 0 for step in steps):
        return "its queue grows until other services are preferred"
    return "its queue grows without end"
