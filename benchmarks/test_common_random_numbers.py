"""What common random numbers are worth: how much less a difference between two scenarios varies with them."""

from dataclasses import replace

import numpy as np
import pytest
from populations import bhr

import paysim
from paysim.payment.costs import costs

SAMPLE = 0.01
REPLICATIONS = {"small": 30, "full": 100}
SERVICE, SHARE_OF_CAPACITY = "bhrut_wards", 0.85
"""The wards of the largest trust are left with 85% of their beds; at this sample 5 of 6."""

LEAST_RATIO = 10.0


def fewer_beds(system: paysim.System) -> paysim.System:
    service = system.services[SERVICE]
    smaller = replace(service, capacity=round(service.capacity * SHARE_OF_CAPACITY))
    return replace(system, services={**system.services, SERVICE: smaller})


def total_cost(system: paysim.System, replication: int) -> float:
    """Return a year's cost of the whole system in pounds."""
    activity = paysim.simulate(system, years=1, seed=1, replication=replication, sample=SAMPLE)
    return float(costs(activity).pence.sum()) / 100


@pytest.mark.benchmark(group="common random numbers")
def test_variance_of_a_difference(benchmark, size, say) -> None:
    """The difference of total system cost varies at least ten times less with common random numbers than without."""
    as_it_is, changed = bhr(), fewer_beds(bhr())
    numbers = range(REPLICATIONS[size])

    # Replications of one seed are as independent of each other as two seeds are.
    def differences() -> tuple[np.ndarray, np.ndarray]:
        before = np.array([total_cost(as_it_is, number) for number in numbers])
        after = np.array([total_cost(changed, number) for number in numbers])
        return after - before, after - np.roll(before, 1)

    common, independent = benchmark.pedantic(differences, rounds=1)
    ratio = independent.var(ddof=1) / common.var(ddof=1)
    say(
        f"Total system cost of BHR at {SAMPLE:.0%}, {SERVICE} with {SHARE_OF_CAPACITY:.0%} of its beds: "
        f"difference in million pounds over {len(numbers)} replications",
        f"mean {common.mean() / 1e6:.3f}, standard deviation {common.std(ddof=1) / 1e6:.3f} with common random numbers",
        f"and {independent.std(ddof=1) / 1e6:.3f} with independent ones; ratio of the variances {ratio:.1f}",
    )
    benchmark.extra_info["ratio_of_variances"] = ratio
    assert common.std() > 0, "the change changed nothing"
    assert ratio >= LEAST_RATIO
