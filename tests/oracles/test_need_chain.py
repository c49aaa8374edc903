"""Need from year to year as a Markov chain, and deaths, on the example's segments of BNSSG's population."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from examples import BOTH_ENGINES, THREE_ERRORS, at_step, example, requested, run
from scipy import stats
from small_systems import branch, everyone, pathway, service, step, system
from whole_run import living_by_year

import paysim
from paysim.model.calendar import days_in_years
from paysim.model.need import Need
from paysim.model.pathway import Duration
from paysim.simulation.compile import compile_program
from paysim.simulation.living import Living
from paysim.simulation.program import Program

YEARS = 5
REPLICATIONS = 10


@cache
def program() -> Program:
    return compile_program(example("segments"), YEARS, 1.0)


@cache
def years(replication: int = 0) -> tuple[Living, ...]:
    """Return the residents in each financial year of one of the run's replications, without the warm-up's."""
    return tuple(living_by_year(program(), example("segments").study.seed, replication)[-YEARS:])


def year_starts():
    return program().demands.year_starts[-YEARS - 1 :]


def segment(living: Living):
    return living.kind % program().needs.segments


def alive(living: Living, day: float):
    return living.dies > day


def death_by_segment():
    need, population = example("segments").need, example("segments").population
    table = need.death.reshape(len(population.places), -1, len(population.segments))
    return table[0, int(population.profile[0]) // len(population.segments)]


def test_survivors_are_where_the_power_of_the_chain_puts_them():
    """Everybody survives a year and moves on as the matrix of both says, year after year."""
    starts, need = year_starts(), example("segments").need
    first = np.bincount(segment(years()[0]), minlength=len(need.transitions))
    a_year = np.diag(1 - death_by_segment()) @ need.transitions
    for year in range(YEARS):
        lives = [years(replication)[year] for replication in range(REPLICATIONS)]
        observed = sum(np.bincount(segment(one)[alive(one, starts[year])], minlength=len(first)) for one in lives)
        fate = REPLICATIONS * np.linalg.matrix_power(a_year, year)
        expected, variance = first @ fate, first @ (fate * (1 - fate / REPLICATIONS))
        assert (np.abs(observed - expected) <= 3 * np.sqrt(variance)).all(), year
    assert np.abs(expected - first).max() > 20 * np.sqrt(variance.max()), "a chain that stands still would be noticed"


def test_as_many_die_in_each_segment_as_stated_evenly_over_the_year():
    starts, moments = year_starts(), []
    dead, of = np.zeros(len(death_by_segment())), np.zeros(len(death_by_segment()))
    for year, living in enumerate(years()):
        here = alive(living, starts[year])
        dies = here & (living.dies < starts[year + 1])
        dead += np.bincount(segment(living)[dies], minlength=len(dead))
        of += np.bincount(segment(living)[here], minlength=len(of))
        moments.append((living.dies[dies] - starts[year]) / (starts[year + 1] - starts[year]))
    probability = death_by_segment()
    assert (np.abs(dead - of * probability) <= 3 * np.sqrt(of * probability * (1 - probability))).all()
    assert dead.min() > 10
    assert stats.kstest(np.concatenate(moments), stats.uniform.cdf).pvalue > THREE_ERRORS


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_nobody_is_seen_after_their_death(engine):
    activity, dies = run("segments", engine), years()[-1].dies
    dead = np.isfinite(dies[activity.resident])
    assert dead.sum() > 1_000
    assert (requested(activity) < dies[activity.resident]).all()
    assert (activity.start <= dies[activity.resident]).all()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_stay_goes_on_and_a_wait_ends(engine):
    """Half of all die within the year, before long queues and in the middle of long stays."""
    stay = step("care.stay", "ward", Duration("constant", 20.0, 0.0), [branch("care.visit", 1.0)])
    visit = step("care.visit", "clinic", Duration("constant", 0.5, 0.0))
    town = system(
        [service("ward", 14), service("clinic", 1)], [pathway("care", 1.0, stay), pathway("short", 2.0, visit)]
    )
    town = replace(town, need=Need(np.eye(1), everyone(0.5)))
    activity = paysim.simulate(town, engine=engine)
    compiled = compile_program(town, 1, 1.0)
    dies = living_by_year(compiled, activity.run.seed, 0)[0].dies[activity.resident]
    assert (requested(activity) < dies).all()
    assert (activity.start <= dies).all()
    stays = at_step(activity, "care.stay")
    assert (activity.end > dies)[stays].sum() > 5
    assert set(activity.stay[stays].tolist()) == {20.0}, "stays in progress are finished"
    # Those who die in the queue are gone from it: whoever is next starts when somebody else ends.
    for number in range(len(town.services)):
        here = activity.service == number
        waited = here & (activity.wait > 0)
        assert waited.sum() > 30
        assert np.isin(activity.start[waited], activity.end[here]).all()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_each_segment_attends_at_its_rate_while_alive(engine):
    """Person-years at risk times the rate of the segment that a resident is in that year."""
    activity, starts = run("segments", engine), year_starts()
    asked, emergency = requested(activity), at_step(activity, "emergency.attendance")
    complete = activity.days - 5
    population = example("segments").population
    rate = example("segments").pathways["emergency"].demand.rate[0]
    by_segment = rate.reshape(-1, len(population.segments))[int(population.profile[0]) // len(population.segments)]
    expected, observed = np.zeros(len(by_segment)), np.zeros(len(by_segment))
    for year, living in enumerate(years()):
        begin, end = starts[year], min(starts[year + 1], complete)
        at_risk = np.clip(living.dies, begin, end) - begin
        person_years = np.bincount(segment(living), at_risk, len(by_segment)) / (starts[year + 1] - starts[year])
        expected += person_years * by_segment
        came = emergency & (asked >= begin) & (asked < end)
        observed += np.bincount(segment(living)[activity.resident[came]], minlength=len(observed))
    assert (np.abs(observed - expected) < 3 * np.sqrt(expected)).all()
    assert expected.min() > 100


def test_the_run_is_as_long_as_it_says():
    assert example("segments").study.years == YEARS
    assert run("segments", "compiled").days == days_in_years(example("segments").start, YEARS)
