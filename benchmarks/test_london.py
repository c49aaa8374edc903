"""All of London: a year of its residents through all pathways, settled under its three arrangements."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest
from processes import in_a_process_of_its_own, peak_gib

import paysim
from paysim.model.contract import Arrangement
from paysim.simulation.traffic import expected_rows

CONFIG = Path(__file__).parents[1] / "configs" / "london.toml"
SAMPLE = {"small": 0.02, "full": 1.0}
CALIBRATION_SAMPLE = 0.01


class Year(NamedTuple):
    """Seconds of processor time, rows of activity, those expected, and the most memory held."""

    simulated: float
    settled: float
    rows: int
    expected: float
    peak_gib: float


@cache
def london() -> tuple[paysim.System, list[Arrangement]]:
    """Return London, and its arrangements with every budget-neutral amount set on a small sample."""
    from paysim.study.neutral import resolve_neutral
    from paysim.study.settings import Settings

    system = paysim.load(CONFIG)
    study = system.study
    settings = Settings(study.arrangements, 1, 1, study.seed, CALIBRATION_SAMPLE, "compiled", 1)
    arrangements, _ = resolve_neutral(system, settings, [system.arrangements[id] for id in study.arrangements], map)
    return system, list(arrangements)


def year(sample: float, replication: int = 0) -> Year:
    """Return how long one replication takes, from the System to its ledgers, costs and measures."""
    from paysim.payment.costs import costs
    from paysim.payment.settlement import settle_many
    from paysim.study.measures import take_measures
    from paysim.study.summary import service_use

    system, arrangements = london()
    began = time.process_time()
    activity = paysim.simulate(system, years=1, seed=1, replication=replication, sample=sample)
    simulated = time.process_time() - began
    ledgers = settle_many(activity, arrangements)
    costs(activity)
    take_measures(activity, service_use(activity))
    settled = time.process_time() - began - simulated
    assert all(not ledger.balance().sum(axis=0).any() for ledger in ledgers)
    return Year(simulated, settled, len(activity), expected_rows(system, 1, sample), peak_gib())


def second_year(sample: float, replication: int = 0) -> Year:
    """Return the same once everything is compiled and loaded."""
    year(CALIBRATION_SAMPLE)
    return year(sample, replication)


def seconds_of(replications: int, sample: float) -> float:
    """Return the seconds on the wall that replications take, each in a process of its own, all at once."""
    with ProcessPoolExecutor(replications, get_context("spawn")) as processes:
        list(processes.map(year, [CALIBRATION_SAMPLE] * replications))
        began = time.perf_counter()
        list(processes.map(year, [sample] * replications, range(replications)))
        return time.perf_counter() - began


@pytest.mark.benchmark(group="London")
def test_a_year_of_london(benchmark, size, say) -> None:
    """One year after its warm-up, every step kept, settled under three arrangements on one core."""
    sample = SAMPLE[size]
    run = benchmark.pedantic(in_a_process_of_its_own, args=(second_year, sample), rounds=1)
    say(
        f"London, {sample:.0%} of residents: {run.rows / 1e6:.1f} million rows",
        f"simulated in {run.simulated:.1f} s, settled in {run.settled:.1f} s, "
        f"{(run.simulated + run.settled) / run.rows * 1e9:.0f} ns a row, peak {run.peak_gib:.2f} GiB",
    )
    benchmark.extra_info.update(run._asdict())
    assert run.rows == pytest.approx(run.expected, rel=0.02)
    assert run.peak_gib < 8


@pytest.mark.benchmark(group="London")
def test_two_replications_at_once(benchmark, size, say) -> None:
    """Two replications on two cores take little longer than one."""
    sample = SAMPLE[size] / 2
    one = seconds_of(1, sample)
    two = benchmark.pedantic(seconds_of, args=(2, sample), rounds=1)
    say(f"London, {sample:.0%} of residents: two replications at once take {two / one:.2f} times as long as one")
    benchmark.extra_info["ratio"] = two / one
