"""What a run did at every service: counts, waits, stays and use of capacity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import period_starts
from paysim.payment.resources import days_by_service_and_place
from paysim.payment.survey import Survey, survey_of


@dataclass(frozen=True, slots=True, eq=False)
class ServiceUse:
    """Totals of one run by service and place (services, places), sampled and not scaled.

    `wait_days` and `stay_days` are sums over steps; `open_server_days` by service is the capacity there was.
    """

    count: NDArray[np.int64]
    wait_days: NDArray[np.float64]
    stay_days: NDArray[np.float64]
    open_server_days: NDArray[np.float64]


def service_use(activity: Activity, survey: Survey | None = None) -> ServiceUse:
    """Return the use of every service by residents of every place.

    `survey` saves a pass over the rows where it is at hand. Raises InputError where a row does not belong to the
    system.
    """
    system = activity.system
    survey = survey_of(activity) if survey is None else survey
    count = survey.by_service_and_place()
    wait_days, stay_days = days_by_service_and_place(activity, survey)
    month_days = np.diff(period_starts(system.start, activity.periods))
    mean_servers = month_days @ activity.servers_by_month() / max(activity.days, 1)
    open_share = np.array([service.open_share for service in system.services.values()])
    return ServiceUse(
        count=count,
        wait_days=wait_days,
        stay_days=stay_days,
        open_server_days=mean_servers * open_share * activity.days,
    )
