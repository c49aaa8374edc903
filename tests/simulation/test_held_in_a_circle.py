"""Services held for each other in a circle come to a standstill once all are full: no run begins or goes on so."""

from dataclasses import replace

import pytest
from examples import BOTH_ENGINES
from small_systems import ABOUT_A_DAY, branch, everyone, pathway, service, step, system

import paysim


def held(to, probability=1.0):
    return replace(branch(to, probability), holds=True)


def two_ways(ward_to_home=0.0, home_to_ward=0.0, rate=50.0):
    """Return a ward and a home, each kept until the other has room by those who go on between them."""
    stay = step("care.stay", "ward", ABOUT_A_DAY, [held("care.rehabilitation", ward_to_home)])
    rehabilitation = step("care.rehabilitation", "home", ABOUT_A_DAY)
    relapse = step("relapse.home", "home", ABOUT_A_DAY, [held("relapse.ward", home_to_ward)])
    back = step("relapse.ward", "ward", ABOUT_A_DAY)
    pathways = [pathway("care", 20.0, stay, rehabilitation), pathway("relapse", rate, relapse, back)]
    return system([service("ward", 4), service("home", 4)], pathways, 10)


CIRCLE = (
    r"found services held for each other in a circle: (ward -> home -> ward|home -> ward -> home); "
    r"expected a chain that ends: once all of a circle are full, nobody moves"
)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_change_that_closes_a_circle_is_refused_and_the_run_goes_on_as_it_was(engine):
    chain = two_ways(ward_to_home=0.5)
    running = paysim.begin(chain, engine=engine)
    running.advance(2)
    with pytest.raises(paysim.InputError, match=rf"^(care\.stay|relapse\.home)\.next\[0\]\.holds: {CIRCLE}$"):
        running.change(two_ways(ward_to_home=0.5, home_to_ward=0.5))
    running.advance(10)
    assert running.activity().end.tobytes() == paysim.simulate(chain, engine=engine).end.tobytes()


def test_whoever_is_held_by_the_settings_before_may_close_the_circle():
    """The ward is still kept by those who were on their way to the home when the home began to be kept for the ward."""
    running = paysim.begin(two_ways(ward_to_home=1.0))
    running.advance(1)
    with pytest.raises(paysim.InputError, match=CIRCLE):
        running.change(two_ways(home_to_ward=1.0))


def test_settings_that_no_month_went_by_under_hold_nobody():
    running = paysim.begin(two_ways(ward_to_home=1.0))
    running.change(two_ways(home_to_ward=1.0))
    running.change(two_ways(ward_to_home=1.0))
    running.change(two_ways(home_to_ward=1.0))
    running.advance(1)


def test_no_run_begins_in_a_circle():
    with pytest.raises(paysim.InputError, match=CIRCLE):
        paysim.begin(two_ways(ward_to_home=0.5, home_to_ward=0.5))


def test_a_circle_that_nobody_comes_to_is_none():
    nobody_relapses = two_ways(ward_to_home=0.5, home_to_ward=0.5, rate=everyone(0.0))
    assert len(paysim.simulate(nobody_relapses))
