"""A year of London, timed in the process that runs it."""

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from processes import peak_gib

import paysim
from paysim.model.contract import Arrangement
from paysim.simulation.traffic import expected_rows

CONFIG = Path(__file__).parents[1] / "configs" / "london.toml"
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
    from paysim.payment.measures import take_measures
    from paysim.payment.settlement import settle_many
    from paysim.payment.survey import survey_of

    system, arrangements = london()
    began = time.process_time()
    activity = paysim.simulate(system, years=1, seed=1, replication=replication, sample=sample)
    simulated = time.process_time() - began
    # As in a study, what all three ask of the rows is counted once.
    survey = survey_of(activity, arrangements)
    ledgers = settle_many(activity, arrangements, survey=survey)
    costs(activity, survey)
    take_measures(activity, survey)
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
