"""What a run did at every service: counts, waits, stays and use of capacity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.simulation.compile.services import scaled_capacity


@dataclass(frozen=True, slots=True, eq=False)
class ServiceUse:
    """Totals of one run by service and place (services, places), sampled and not scaled.

    `wait_days` and `stay_days` are sums over steps; `open_server_days` by service is the capacity there was.
    """

    count: NDArray[np.int64]
    wait_days: NDArray[np.float64]
    stay_days: NDArray[np.float64]
    open_server_days: NDArray[np.float64]


def service_use(activity: Activity) -> ServiceUse:
    """Return the use of every service by residents of every place."""
    system = activity.system
    shape = (len(system.services), len(system.population.places))
    cell = activity.service.astype(np.int64) * shape[1] + system.population.place_of(activity.resident)

    def total(weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        sums = np.bincount(cell, weights=weights, minlength=shape[0] * shape[1])
        return sums.reshape(shape).astype(np.float64)

    return ServiceUse(
        count=total().astype(np.int64),
        wait_days=total(activity.wait.astype(np.float64)),
        stay_days=total(activity.stay.astype(np.float64)),
        open_server_days=np.array(
            [
                scaled_capacity(service.capacity, activity.run.sample) * service.open_share * activity.days
                for service in system.services.values()
            ]
        ),
    )
