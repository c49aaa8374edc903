"""Levers that are set while a run goes on, by the public face alone."""

from dataclasses import replace

import numpy as np
import pytest
from levered import lever, per_unit, place, same
from quiet import quiet_town

import paysim
from paysim.model.calendar import period_starts
from paysim.model.lever import CapacityEffect, RecodeEffect, UnitCostEffect
from paysim.model.system import System

RUN = {"years": 1, "seed": 1979}


@pytest.fixture(scope="module")
def town() -> System:
    return quiet_town()


def stays_by_third(activity):
    """Return the stays on the ward that ended in each four months of a year."""
    ended = activity.end[activity.step == activity.system.step_ids.index("care.ward")]
    return np.histogram(ended, period_starts(activity.system.start, 12)[::4])[0]


def test_a_run_takes_levers_and_takes_them_back(town):
    usual = stays_by_third(paysim.simulate(town, **RUN))
    running = paysim.begin(town, **RUN)
    running.advance(4)
    running.change(paysim.with_levers(town, {"avoid": 0.4}))
    running.advance(4)
    running.change(paysim.with_levers(town, {}))
    running.advance(4)
    changed = stays_by_third(running.activity())
    assert changed[0] == usual[0]
    assert changed[1] < 0.85 * usual[1]
    assert changed[2] > 0.9 * usual[2]


def test_levers_at_their_now_are_the_system(town):
    assert paysim.with_levers(town, {}) is town
    assert paysim.with_levers(town, {id: lever.now for id, lever in town.levers.items()}) is town


def test_setting_a_lever_is_a_change_like_any_other():
    system = place(lever("beds", CapacityEffect("clinic", per_unit(4.0))), capacity=6)
    clinic = replace(system.services["clinic"], capacity=8)
    by_hand = replace(system, services={**system.services, "clinic": clinic})
    runs = []
    for settings in (paysim.with_levers(system, {"beds": 0.5}), by_hand):
        running = paysim.begin(system, **RUN)
        running.advance(3)
        running.change(settings)
        running.advance(12)
        runs.append(running.activity())
    assert same(*runs)
    assert not same(runs[0], paysim.simulate(system, **RUN))


@pytest.mark.parametrize(
    ("levers", "message"),
    [
        ({"avoid": 7.0}, "lever.avoid: found intensity 7; expected 0 to "),
        ({"avoid": float("nan")}, "lever.avoid: found intensity nan; expected 0 to "),
        ({"avoids": 0.1}, "lever: found 'avoids'; expected one of avoid, "),
    ],
)
def test_levers_keep_to_their_ranges(town, levers, message):
    with pytest.raises(paysim.InputError) as refused:
        paysim.with_levers(town, levers)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    "effect", [UnitCostEffect("clinic", per_unit(1.0)), RecodeEffect(("care.ward",), "A", "B", per_unit(1.0))]
)
def test_a_lever_that_changes_no_care_is_not_taken_for_one(effect):
    system = place(lever("thrift", effect))
    assert paysim.with_levers(system, {"thrift": 0.0}) is system
    with pytest.raises(paysim.InputError) as refused:
        paysim.with_levers(system, {"thrift": 0.5})
    assert str(refused.value) == (
        "lever.thrift: found a lever that changes no care; expected one that does: what others do to costs and payment"
        " is in paysim.incentives and paysim.respond"
    )


def test_now_moves_nothing_and_is_refused(town):
    running = paysim.begin(town, **RUN)
    running.advance(2)
    moved = {id: replace(lever, now=lever.high) for id, lever in town.levers.items()}
    with pytest.raises(paysim.InputError) as refused:
        running.change(replace(town, levers=moved))
    assert str(refused.value) == (
        f"lever.avoid.now: found {moved['avoid'].now:g}; expected 0 as the run began with: `now` says where the"
        " settings are and moves none; paysim.with_levers does"
    )
    running.advance(12)
    assert same(running.activity(), paysim.simulate(town, **RUN))
