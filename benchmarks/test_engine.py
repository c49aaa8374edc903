"""Engines side by side on two workloads with known answers, and on a year of BHR."""

import pytest
import race as racing
import workload as workloads
from populations import bhr, expected_steps

import paysim

CLOCK = racing.Replay()

ROUNDS = {"small": 3, "full": 7}
SLOW = 0.1
"""The share of the patients that slow engines get; their times are scaled by visits."""

SAMPLE = {"small": 0.002, "full": 0.02}


def contenders(size: str, workload: str) -> list[racing.Contender]:
    """Return the engines to compare; only at full size does SimPy get all patients."""
    rounds = ROUNDS[size]
    of_one_station = [racing.Contender(racing.EVENT_LIST, "limit", 1.0, rounds, {"heap": "events"})]
    return [
        racing.Contender("paysim, compiled", "paysim_engine", 1.0, rounds),
        racing.Contender("paysim, SimPy engine", "paysim_engine", SLOW, rounds, {"engine": "simpy"}),
        racing.Contender(racing.REFERENCE, "plain_simpy", SLOW if size == "small" else 1.0, rounds),
        racing.Contender("Ciw", "ciw_engine", SLOW, 1 if size == "small" else 3),
        racing.Contender(racing.PEER, "cimba_engine", 1.0, rounds),
        racing.Contender("limit: np.random", "limit", 1.0, rounds, {"generator": "np.random"}),
        racing.Contender(racing.LIMIT, "limit", 1.0, rounds),
        *(of_one_station if workload == "a" else []),
    ]


NAMES = [contender.name for contender in contenders("small", "a")]


@pytest.fixture(scope="module")
def workers():
    workers = racing.Workers()
    yield workers
    workers.close()


@pytest.fixture(scope="module", params=["a", "b"])
def race(request, size, workers, say) -> racing.Race:
    """Return a race of all engines on a workload."""
    done = racing.run(workloads.load(request.param), contenders(size, request.param), workers)
    say(*racing.table(done))
    return done


@pytest.mark.benchmark(group="engine: workloads", timer=CLOCK)
@pytest.mark.parametrize("name", NAMES)
def test_workload(benchmark, race: racing.Race, name: str) -> None:
    """Seconds of a workload at full size; every run's waits, throughput and utilisations are what is expected."""
    if name not in race.laps:
        pytest.skip(race.absent.get(name, "for one station only"))
    benchmark.group = f"engine: workload {race.workload.name}"
    CLOCK.laps(benchmark, race.laps[name])
    for lap in race.laps[name]:
        workloads.assert_answer(race.workload, lap.outcome)
    benchmark.extra_info["visits"] = race.laps[name][0].outcome.timed_visits
    benchmark.extra_info["times_simpy"] = race.ratio(name, racing.REFERENCE)
    benchmark.extra_info["times_limit"] = 1 / race.ratio(name, racing.LIMIT)
    if racing.EVENT_LIST in race.laps:
        benchmark.extra_info["times_event_list"] = 1 / race.ratio(name, racing.EVENT_LIST)
    if racing.PEER in race.laps:
        benchmark.extra_info["times_cimba"] = race.ratio(name, racing.PEER)


@pytest.mark.benchmark(group="engine: BHR")
@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_bhr_year(benchmark, size, engine: str) -> None:
    """One year of BHR after its warm-up; the table's brackets are the ratio of the engines."""
    paysim.simulate(bhr(), sample=0.001, engine=engine)
    keywords = {"years": 1, "sample": SAMPLE[size], "engine": engine}
    activity = benchmark.pedantic(paysim.simulate, args=(bhr(),), kwargs=keywords, rounds=3)
    benchmark.extra_info["steps"] = len(activity)
    assert len(activity) * activity.weight == pytest.approx(expected_steps(bhr()), rel=0.05)
