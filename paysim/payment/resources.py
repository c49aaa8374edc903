"""Resources used, step by step: server time, waits and variable cost."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY, period_starts
from paysim.model.system import System
from paysim.payment.classes import class_at
from paysim.payment.lookups import Lookups
from paysim.payment.overflow import refuse_overflow
from paysim.payment.survey import Survey


def occupied_ticks(activity: Activity, lookups: Lookups) -> NDArray[np.int64]:
    """Return the clock ticks that steps kept servers busy, by the month in which they fell: shape (periods, services).

    Of steps that ended within the run and of those in progress at its end; time before the run does not count.
    """
    ticks = np.zeros((activity.periods, len(activity.system.services)), dtype=np.int64)
    _occupied(
        activity.service,
        activity.start,
        activity.stay,
        lookups.period_of_day,
        (period_starts(activity.system.start, activity.periods) * TICKS_PER_DAY).astype(np.int64),
        ticks,
    )
    for id, by_month in activity.in_progress.items():
        ticks[:, activity.system.service_ids.index(id)] += by_month
    return ticks


def days_by_service_and_place(activity: Activity, survey: Survey) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the days waited and the days stayed, as sums over steps: each of shape (services, places)."""
    classes = survey.classes
    waited, stayed = np.zeros((2, len(activity.system.services), len(classes)))
    _days(
        activity.resident,
        activity.service,
        activity.wait,
        activity.stay,
        classes.of_block,
        classes.of_resident,
        waited,
        stayed,
    )
    in_place = classes.place[:, None] == np.arange(len(activity.system.places))
    return waited @ in_place, stayed @ in_place


def variable_pence(activity: Activity, survey: Survey) -> NDArray[np.int64]:
    """Return the variable cost of steps in the period of their end, before scaling: shape (periods, services).

    Cost of one step: per step, plus per midnight crossed, plus that of its code. Raises InputError where a sum might
    not fit into 64 bits.
    """
    system, sorts = activity.system, survey.sorts
    costs = [service.cost for service in system.services.values()]
    per_code = _by_service_and_code(system)
    steps, midnights = int(survey.steps.sum()), int(survey.midnights.sum())
    for service, cost, by_code in zip(system.services, costs, per_code, strict=True):
        by_step = steps * (abs(cost.per_step_pence) + max(map(abs, by_code)))
        refuse_overflow(by_step + midnights * abs(cost.per_day_pence), 1, f"service {service}: cost")
    per_step = np.array([cost.per_step_pence for cost in costs], dtype=np.int64)[sorts.service]
    per_step += np.array(per_code, dtype=np.int64)[sorts.service, sorts.code]
    per_day = np.array([cost.per_day_pence for cost in costs], dtype=np.int64)[sorts.service]
    of_sort = per_step[:, None] * survey.steps.sum(axis=1) + per_day[:, None] * survey.midnights.sum(axis=1)
    pence = np.zeros((activity.periods, len(costs)), dtype=np.int64)
    np.add.at(pence.T, sorts.service, of_sort)
    return pence


def _by_service_and_code(system: System) -> list[list[int]]:
    """Return the cost that a code adds, by service and code; the last column is for no code."""
    return [
        [service.cost.by_code_pence.get(code, 0) for code in system.codes] + [0] for service in system.services.values()
    ]


@kernel
def _days(
    resident: NDArray[np.int32],
    service: NDArray[np.int16],
    wait: NDArray[np.float32],
    stay: NDArray[np.float32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    waited: NDArray[np.float64],
    stayed: NDArray[np.float64],
) -> None:
    for row in range(len(resident)):
        group = class_at(resident[row], class_of_block, class_of_resident)
        waited[service[row], group] += wait[row]
        stayed[service[row], group] += stay[row]


@kernel
def _occupied(
    service: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    period_of_day: NDArray[np.int16],
    bounds: NDArray[np.int64],
    ticks: NDArray[np.int64],
) -> None:
    for row in range(len(service)):
        end_day = start[row] + stay[row]
        first = max(0, int(np.rint(start[row] * TICKS_PER_DAY)))
        stop = int(np.rint(end_day * TICKS_PER_DAY))
        period = period_of_day[int(np.floor(end_day))]
        while stop > first:
            since = max(first, bounds[period])
            ticks[period, service[row]] += stop - since
            stop = since
            period -= 1
