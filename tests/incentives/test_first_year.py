"""The first decisions hold from the first day on: what came before it came about with levers at `now`."""

from dataclasses import replace

import pytest
from quiet import SYSTEMS, TRIAL

import paysim
from paysim.incentives.response.years import course


@pytest.fixture(scope="module")
def late():
    return paysim.load(SYSTEMS / "late_town.toml")


def stays(system, point):
    """Ward stays of each of two years, with the levers at a point from the first year on."""
    trial = replace(TRIAL, years=2)
    found = course(system, system.arrangements["block"], lambda *_: point, trial, 0, watched=False)
    return found.outcome.steps[list(system.step_ids).index("care.ward")]


def test_what_comes_late_comes_as_before_until_the_lag_is_over(late):
    halved = stays(late, {"prevent": 0.5}) / stays(late, {})
    # Those who consulted in the 180 days before come to the ward in the first year, none of them in the second.
    assert halved == pytest.approx([1.0 - 0.5 * (365 - 180) / 365, 0.5], abs=0.03)


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_stopping_after_the_warm_up_changes_nothing_and_begins_no_month(late, engine):
    whole, stopped = (paysim.begin(late, years=1, sample=0.2, engine=engine) for _ in range(2))
    whole.advance(12)
    stopped.warm_up()
    assert stopped.month == 0
    stopped.advance(1)
    stopped.warm_up()
    assert stopped.month == 1
    stopped.advance(11)
    one, other = whole.activity(), stopped.activity()
    for column in ("resident", "step", "service", "code", "start", "wait", "stay"):
        assert getattr(one, column).tobytes() == getattr(other, column).tobytes()


def test_both_engines_change_alike_after_the_warm_up(late):
    found = []
    for engine in ("compiled", "simpy"):
        running = paysim.begin(late, years=1, sample=0.2, engine=engine)
        running.warm_up()
        running.change(paysim.with_levers(late, {"prevent": 0.3}))
        running.advance(12)
        found.append(running.activity())
    assert found[0].start.tobytes() == found[1].start.tobytes()
    assert found[0].resident.tobytes() == found[1].resident.tobytes()
