"""Pricing activity: any number of arrangements over the same rows."""

import pytest
from populations import bhr

import paysim
from paysim.payment.settlement import settle_many

SAMPLE = {"small": 0.01, "full": 0.2}


@pytest.mark.benchmark(group="settlement")
def test_bhr_year_settled_by_tariff(benchmark, size) -> None:
    """One year of BHR settled under the tariff; balances are zero."""
    system = bhr()
    activity = paysim.simulate(system, sample=SAMPLE[size])
    arrangements = [system.arrangements["activity"]]
    settle_many(activity, arrangements)
    (ledger,) = benchmark.pedantic(settle_many, args=(activity, arrangements), rounds=5)
    benchmark.extra_info["rows"] = len(activity)
    benchmark.extra_info["nanoseconds_a_row"] = benchmark.stats.stats.median / len(activity) * 1e9
    assert not ledger.balance().sum(axis=0).any()
