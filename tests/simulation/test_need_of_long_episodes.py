"""Episodes that go on over the 1st of April: their residents' need and death are those of the new year."""

from dataclasses import replace

import numpy as np
import pytest
from examples import BOTH_ENGINES, at_step, requested
from small_systems import A_DAY, branch, everyone, pathway, population, service, step, system
from whole_run import living_by_year

import paysim
from paysim.model.calendar import days_in_years
from paysim.model.need import Need
from paysim.model.pathway import Duration
from paysim.model.system import System
from paysim.simulation.compile import compile_program
from paysim.simulation.living import living_at_first, living_in

AMPLE = service("clinic", 1_000_000)
A_MONTH = Duration("constant", 30.0, 0.0)


def deaths(system: System, years: int) -> np.ndarray:
    """Return the day on which each resident dies within a run."""
    program = compile_program(system, years, 1.0)
    return living_by_year(program, system.study.seed, 0)[-1].dies


def monthly_visits(**need: object) -> System:
    visit = step("care.visit", "clinic", A_DAY, [branch("care.visit", 0.97, A_MONTH)])
    return replace(system([AMPLE], [pathway("care", 1.0, visit)]), **need)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_nobody_asks_for_a_step_after_a_death_in_a_later_year(engine):
    town = monthly_visits(need=Need(np.eye(1), everyone(0.3)))
    activity = paysim.simulate(town, years=3, engine=engine)
    dies = deaths(town, years=3)[activity.resident]
    assert np.isfinite(dies).sum() > 1_000
    assert (requested(activity) < dies).all()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_wait_ends_with_a_death_in_a_later_year(engine):
    queue = system([service("clinic", 1)], [pathway("care", 2.0, step("care.visit", "clinic", A_DAY))])
    town = replace(queue, need=Need(np.eye(1), everyone(0.3)))
    activity = paysim.simulate(town, years=3, engine=engine)
    assert activity.wait.max() > 180
    assert (activity.start <= deaths(town, years=3)[activity.resident]).all()


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_the_way_on_is_that_of_the_segment_of_the_new_year(engine):
    """Everybody is well in the first year and frail in the second; only the frail get visits at home."""
    told_apart = population(100)
    told_apart = replace(told_apart, profile=(told_apart.profile * 2).astype(np.int16), segments=("well", "frail"))
    well, frail = np.tile([1.0, 0.0], (2, 20)), np.tile([0.0, 1.0], (2, 20))
    visit = step(
        "care.visit", "clinic", A_DAY, [branch("care.visit", 0.97 * well, A_MONTH), branch("care.home", frail, A_MONTH)]
    )
    home = step("care.home", "clinic", A_DAY)
    demand = well * 1.0
    town = system([AMPLE], [pathway("care", demand, visit, home)], told_apart)
    town = replace(town, need=Need(np.array([[0.0, 1.0], [0.0, 1.0]]), np.zeros((2, 40))))
    activity = paysim.simulate(town, years=2, engine=engine)
    new_year = days_in_years(town.start, 1)
    at_home = at_step(activity, "care.home")
    assert (activity.start[~at_home] < new_year).sum() > 1_000
    assert (activity.start[~at_home] < new_year + 31).all(), "one visit more, that was on its way"
    assert (activity.start[at_home] >= new_year + 31).all()
    assert at_home.sum() > 100


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_other_need_holds_from_the_next_year_on_for_those_who_wait_and_those_on_their_way_too(engine):
    """Nobody dies until half of all do in the second year, as if that had been so from the beginning of that year."""
    waits = step("care.visit", "clinic", A_DAY, [branch("care.visit", 0.5, A_MONTH)])
    queue = system([service("clinic", 1)], [pathway("care", 2.0, waits)])
    immortal, mortal = (replace(queue, need=Need(np.eye(1), everyone(death))) for death in (0.0, 0.5))

    def changed_after(months: int):
        running = paysim.begin(immortal, years=2, engine=engine)
        running.advance(months)
        running.change(mortal)
        running.advance(24)
        return running.activity()

    new_year = days_in_years(queue.start, 1)
    usual = paysim.simulate(immortal, years=2, engine=engine)
    early, late, too_late = (changed_after(months) for months in (3, 12, 13))
    who = [activity.resident.tobytes() for activity in (early, late, usual, too_late)]
    assert who[0] == who[1] != who[2] == who[3]
    first_year = np.searchsorted(usual.end, new_year)
    assert (early.resident[:first_year] == usual.resident[:first_year]).all()
    whole = compile_program(mortal, 2, 1.0)
    dies = living_in(whole, living_at_first(whole), 1, usual.run.seed, 0).dies[early.resident]
    assert np.isfinite(dies).sum() > 50
    assert (early.start <= dies).all()
    assert early.wait.max() > 200


def test_engines_agree_on_other_need():
    """Transitions and deaths are changed twice on the way."""
    config = paysim.load("configs/examples/segments.toml")
    need = config.need
    others = replace(need, death=need.death * 3), replace(need, transitions=need.transitions[:, ::-1])

    def changed(engine: str, pause: int):
        running = paysim.begin(config, years=3, sample=0.05, engine=engine)
        for months, other in ((9, others[0]), (11, others[1]), (16, None)):
            for _ in range(months // pause):
                running.advance(pause)
            running.advance(months % pause)
            if other is not None:
                running.change(replace(config, need=other))
        return running.activity()

    compiled, simpy = changed("compiled", 20), changed("simpy", 2)
    for column in ("resident", "step", "start", "wait", "stay"):
        assert getattr(compiled, column).tobytes() == getattr(simpy, column).tobytes()
    usual = paysim.simulate(config, years=3, sample=0.05)
    first_year = np.searchsorted(usual.end, days_in_years(config.start, 1))
    assert compiled.start[:first_year].tobytes() == usual.start[:first_year].tobytes()
    assert len(compiled) != len(usual)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
@pytest.mark.parametrize("days", [0, 1, 30, 400])
def test_the_population_given_is_that_of_the_first_april_whatever_the_warm_up(engine, days):
    """Everybody is well and nobody frail at first; all survivors are frail from the second 1 April on."""
    told_apart = population(100)
    told_apart = replace(told_apart, profile=(told_apart.profile * 2).astype(np.int16), segments=("well", "frail"))
    well = np.tile([1.0, 0.0], (2, 20))
    town = system([AMPLE], [pathway("care", well * 4.0, step("care.visit", "clinic", A_DAY))], told_apart)
    need = Need(np.array([[0.0, 1.0], [0.0, 1.0]]), np.full((2, 40), 0.3))
    town = replace(town, need=need, study=replace(town.study, warm_up_days=days))
    activity = paysim.simulate(town, years=2, engine=engine)
    asked = requested(activity)
    dies = deaths(town, years=2)
    new_year = days_in_years(town.start, 1)
    assert dies.min() > 0.0
    assert 0.25 < (dies < new_year).mean() < 0.35
    assert asked.max() < new_year
    without = paysim.simulate(replace(town, study=replace(town.study, warm_up_days=0)), years=2, engine=engine)
    assert (asked >= 0.0).sum() == len(without)
