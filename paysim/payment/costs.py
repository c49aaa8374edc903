"""Costs: the resources that services use, whoever pays for them."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY, period_starts, years_of
from paysim.model.exact import exact
from paysim.model.money import in_twelfths, scale_up
from paysim.model.service import Service
from paysim.payment.overflow import refuse_overflow
from paysim.payment.possible_costs import refuse_impossible_costs
from paysim.payment.resources import occupied_ticks, variable_pence
from paysim.payment.survey import Survey, survey_of


@dataclass(frozen=True, eq=False)
class Costs:
    """What each service costs by period: `pence` of shape (periods, services); `organisations` own the services."""

    services: tuple[str, ...]
    organisations: tuple[str, ...]
    pence: NDArray[np.int64]


def costs(activity: Activity, survey: Survey | None = None, occupied: NDArray[np.int64] | None = None) -> Costs:
    """Return what each service costs by period, in pence.

    The sum of fixed cost in twelfths, semi-fixed cost, and the variable cost of the steps that ended in the period.
    Fixed and semi-fixed cost are for the whole population; variable cost is scaled to it by the activity's weight and
    rounded once a service and period. Source of the three kinds: NHS Improvement, Approved Costing Guidance (2018):
    costs are classified as fixed, semi-fixed or variable. `survey` saves a pass over the rows where it is at hand,
    and `occupied`, see `occupied_ticks`, another.

    Raises InputError for costs that no config could hold, and where a row does not belong to the system or a sum might
    not fit into 64 bits.
    """
    system, periods = activity.system, activity.periods
    survey = survey_of(activity) if survey is None else survey
    services = list(system.services.values())
    refuse_impossible_costs(services)
    sample = variable_pence(activity, survey)
    refuse_overflow(ceil(abs(sample).max(initial=0) * activity.weight), 1, "activity weight")
    variable = scale_up(sample, activity.weight)
    ticks = occupied_ticks(activity, survey.lookups) if occupied is None else occupied
    steps = [_steps_open(activity, service, ticks[:, index]) for index, service in enumerate(services)]
    _refuse_overflow(activity, variable, steps)
    fixed = [in_twelfths(service.cost.annual_fixed_pence, periods) for service in services]
    semi_fixed = [
        np.array(open_in_period, dtype=np.int64) * in_twelfths(_pence_per_step(service), periods)
        for service, open_in_period in zip(services, steps, strict=True)
    ]
    return Costs(
        services=system.service_ids,
        organisations=tuple(service.organisation for service in services),
        pence=variable + np.stack(fixed, axis=1) + np.stack(semi_fixed, axis=1),
    )


def _refuse_overflow(activity: Activity, variable: NDArray[np.int64], steps: list[list[int]]) -> None:
    """Raise InputError where the costs of all services and periods together might not fit into 64 bits."""
    total, years = 0, years_of(activity.periods)
    for number, (id, service) in enumerate(activity.system.services.items()):
        annual = abs(service.cost.annual_fixed_pence) + max(steps[number], default=0) * abs(_pence_per_step(service))
        total += sum(map(abs, variable[:, number].tolist())) + years * annual
        refuse_overflow(total, 1, f"service {id}: cost")


def _pence_per_step(service: Service) -> int:
    return 0 if service.cost.semi_fixed is None else service.cost.semi_fixed.annual_pence_per_step


def _steps_open(activity: Activity, service: Service, occupied: NDArray[np.int64]) -> list[int]:
    """Return the number of a service's capacity steps by period; a twelfth of the annual cost is due for each."""
    step_cost = service.cost.semi_fixed
    if step_cost is None:
        return [0] * activity.periods
    size = exact(step_cost.capacity_per_step)
    planned = ceil(service.capacity / size)
    open_share, planned_utilisation = exact(service.open_share), exact(step_cost.planned_utilisation)
    in_use = [use / open_share for use in _mean_servers_in_use(activity, occupied)]
    followed = [ceil(use / planned_utilisation / size) for use in in_use]
    lag = min(step_cost.lag_months, activity.periods)
    return [planned] * lag + followed[: activity.periods - lag]


def _mean_servers_in_use(activity: Activity, occupied: NDArray[np.int64]) -> list[Fraction]:
    """Return the mean servers in use around the clock in each period, exactly, scaled to the whole population.

    `occupied` are the ticks that steps took, by period, for one service.
    """
    lengths = np.diff(period_starts(activity.system.start, activity.periods))
    weight = Fraction(activity.weight)
    return [
        Fraction(ticks) * weight / (int(days) * TICKS_PER_DAY)
        for ticks, days in zip(occupied.tolist(), lengths.tolist(), strict=True)
    ]
