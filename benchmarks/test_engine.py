"""Engines and settlement on a system whose answer is known."""

import os
from pathlib import Path

import pytest

import paysim
from paysim.payment.settlement import settle_many
from paysim.simulation.traffic import expected_visits

ROOT = Path(__file__).parents[1]
SAMPLE = {"small": 0.002, "full": 0.02}[os.environ.get("PAYSIM_BENCHMARK_SIZE", "full")]


@pytest.fixture(scope="module")
def system() -> paysim.System:
    return paysim.load(ROOT / "configs" / "bhr.toml")


def expected_steps(system: paysim.System) -> float:
    """Return the steps a year by all residents, from the traffic equations."""
    counts = system.population.counts().ravel()
    return float(counts @ expected_visits(system).sum(axis=1))


@pytest.mark.benchmark(group="engine")
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_bhr_year(benchmark, system, engine: str) -> None:
    """One year of BHR after its warm-up; the table's brackets are the ratio of the engines."""
    paysim.simulate(system, sample=0.001, engine=engine)
    keywords = {"sample": SAMPLE, "engine": engine}
    activity = benchmark.pedantic(paysim.simulate, args=(system,), kwargs=keywords, rounds=3)
    benchmark.extra_info["steps"] = len(activity)
    assert len(activity) * activity.weight == pytest.approx(expected_steps(system), rel=0.05)


@pytest.mark.benchmark(group="settlement")
def test_bhr_year_settled_by_tariff(benchmark, system) -> None:
    """One year of BHR settled under the tariff; balances are zero."""
    activity = paysim.simulate(system, sample=SAMPLE)
    arrangements = [system.arrangements["activity"]]
    settle_many(activity, arrangements)
    (ledger,) = benchmark(settle_many, activity, arrangements)
    benchmark.extra_info["rows"] = len(activity)
    assert not ledger.balance().sum(axis=0).any()
