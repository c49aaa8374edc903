"""What lies within a contract's scope, by the numbers that activity carries. Residents are in `classes`."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Scope
from paysim.model.system import System
from paysim.payment.survey import Sorts


def services_within(system: System, scope: Scope) -> NDArray[np.bool_]:
    """Return whether each service is in a scope."""
    wanted = set(scope.services)
    return np.array([service in wanted for service in system.service_ids], dtype=np.bool_)


def steps_within(system: System, scope: Scope) -> NDArray[np.bool_]:
    """Return whether each step is of a pathway in a scope."""
    if scope.pathways is None:
        return np.ones(len(system.steps), dtype=np.bool_)
    return np.array([step.partition(".")[0] in scope.pathways for step in system.steps], dtype=np.bool_)


def sorts_within(system: System, scope: Scope, sorts: Sorts) -> NDArray[np.bool_]:
    """Return whether each sort of row is of a service and a pathway in a scope."""
    inside = services_within(system, scope)[sorts.service]
    return inside if scope.pathways is None else inside & steps_within(system, scope)[sorts.step]


def periods_within(scope: Scope, periods: int) -> NDArray[np.bool_]:
    """Return whether each period is in a scope."""
    first, stop = scope.periods or (0, periods)
    return (np.arange(periods) >= first) & (np.arange(periods) < stop)
