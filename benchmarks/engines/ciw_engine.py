"""Ciw: its network of nodes; it keeps a record of every visit."""

from typing import Any

import ciw
import numpy as np
from workload import Outcome, Task, Workload


def prepare(workload: Workload, patients: int, seed: int) -> Task:
    """Return a run made ready."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate) if rate else None for rate in workload.arrivals.tolist()],
        service_distributions=_service(workload),
        number_of_servers=workload.servers.tolist(),
        routing=workload.routing.tolist(),
    )

    def run() -> list[Any]:
        ciw.seed(seed)
        simulation = ciw.Simulation(network)
        simulation.simulate_until_max_customers(patients, method="Finish")
        return simulation.get_all_records(only=["service"])

    return Task(run, lambda rows: _outcome(workload, patients, rows))


def _outcome(workload: Workload, patients: int, rows: list[Any]) -> Outcome:
    columns = ((row.node - 1, row.arrival_date, row.service_start_date, row.service_end_date) for row in rows)
    station, arrival, start, end = (np.array(column) for column in zip(*columns, strict=True))
    return Outcome.of_rows(workload, patients, float(end.max()), station, arrival, start, end)


def _service(workload: Workload) -> list[ciw.dists.Distribution]:
    if workload.distribution == "exponential":
        return [ciw.dists.Exponential(1 / mean) for mean in workload.mean.tolist()]
    return [ciw.dists.Lognormal(mu, workload.log_sigma) for mu in workload.log_mean.tolist()]
