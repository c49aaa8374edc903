"""Cost in the long run: when capacity has followed activity."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY, period_starts
from paysim.model.money import in_twelfths
from paysim.model.service import Service
from paysim.payment.resources import variable_pence
from paysim.payment.survey import Survey


def long_run_pence(activity: Activity, survey: Survey, occupied: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what each service costs by period once its semi-fixed cost has followed: shape (periods, services).

    Fixed cost in twelfths, variable cost as it is, and semi-fixed cost in proportion to the servers in use in open
    hours: annual cost of a step x servers in use / (planned utilisation x servers of a step). Whole steps that follow
    activity rise and fall by one where it crosses a step's limit; over all the places where a limit may lie, that comes
    to the proportion on average, so a small change of activity has its expected saving. `occupied` are clock ticks by
    period and service. Source of the three kinds of cost: NHS Improvement, Approved Costing Guidance (2018); that in
    the long run semi-fixed cost varies with activity and fixed cost does not is what they are defined by.
    """
    system, periods = activity.system, activity.periods
    days = np.diff(period_starts(system.start, periods))
    around_the_clock = occupied * activity.weight / (days * TICKS_PER_DAY)[:, None]
    services = list(system.services.values())
    per_server = np.array([_annual_pence_per_server(service) for service in services])
    fixed = np.stack([in_twelfths(service.cost.annual_fixed_pence, periods) for service in services], axis=1)
    return np.asarray(
        fixed + variable_pence(activity, survey) * activity.weight + around_the_clock * per_server / 12.0,
        dtype=np.float64,
    )


def _annual_pence_per_server(service: Service) -> float:
    """Return the semi-fixed cost of a server in use around the clock."""
    step = service.cost.semi_fixed
    if step is None:
        return 0.0
    return step.annual_pence_per_step / (step.planned_utilisation * step.capacity_per_step * service.open_share)
