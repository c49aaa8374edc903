"""The same care recorded with other codes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from examples import by_chance
from levered import lever, per_unit, place, rows
from small_systems import population

from paysim.incentives.changes import recorded
from paysim.incentives.outcome import Trial
from paysim.incentives.simulate import simulate_with
from paysim.model.activity import COLUMNS, Activity
from paysim.model.curve import Polynomial
from paysim.model.errors import InputError
from paysim.model.lever import DemandEffect, RecodeEffect
from paysim.model.pathway import CaseMix, CaseMixEntry
from paysim.model.system import System
from paysim.simulation.simulate import simulate


def recode(was: str = "A", becomes: str = "B", share: Polynomial | None = None) -> RecodeEffect:
    return RecodeEffect(("care.ward",), was, becomes, per_unit(1.0) if share is None else share)


def town(*levers) -> System:
    system = place(*levers)
    mix = system.case_mixes["severity"]
    more = CaseMix(
        "severity", (*mix.entries[:1], replace(mix.entries[1], share=0.3), CaseMixEntry("C", 0.1, mix.entries[0].stay))
    )
    return replace(system, case_mixes={"severity": more}, population=population(300))


@pytest.fixture(scope="module")
def activity() -> Activity:
    return simulate(town(), years=1, seed=8)


def counts(activity: Activity) -> dict[str, int]:
    codes, found = np.unique(activity.code[activity.code >= 0], return_counts=True)
    return {activity.system.codes[code]: int(number) for code, number in zip(codes, found, strict=True)}


def test_only_the_code_column_is_another_one(activity):
    after = recorded(activity, town(lever("depth", recode())), {"depth": 0.4})
    for column in COLUMNS:
        assert (getattr(after, column) is getattr(activity, column)) == (column != "code")
    moved = after.code != activity.code
    before = counts(activity)
    assert by_chance(int(moved.sum()), before["A"], 0.4)
    a, b = (activity.system.codes.index(code) for code in "AB")
    assert set(activity.code[moved].tolist()) == {a}
    assert set(after.code[moved].tolist()) == {b}
    assert set(activity.step[moved].tolist()) == {activity.system.step_ids.index("care.ward")}


def test_nothing_to_record_otherwise_gives_the_same_activity(activity):
    system = town(lever("depth", recode()), lever("less", DemandEffect("care", per_unit(-1.0))))
    assert recorded(activity, system, {}) is activity
    assert recorded(activity, system, {"depth": 0.0, "less": 0.5}) is activity


def test_what_is_recoded_at_a_share_is_at_any_larger_one(activity):
    system = town(lever("depth", recode()))
    found = [recorded(activity, system, {"depth": x}).code != activity.code for x in (0.01, 0.2, 0.5, 0.9, 1.0)]
    for fewer, more in pairwise(found):
        assert (fewer <= more).all()
        assert fewer.sum() < more.sum()
    assert found[-1].sum() == counts(activity)["A"]


def test_effects_on_one_code_take_shares_of_what_is_left_and_go_by_the_care(activity):
    system = town(lever("depth", recode("A", "B"), recode("B", "C")), lever("more", recode("A", "C")))
    before = counts(activity)
    after = counts(recorded(activity, system, {"depth": 0.5, "more": 0.5}))
    assert by_chance(after["A"], before["A"], 0.25)
    # B loses half of its own, and none of what was A; C gets that half and a quarter of A.
    assert by_chance(after["B"], before["A"] + before["B"], 0.5)
    assert sum(after.values()) == sum(before.values())


def test_it_depends_on_the_resident_the_step_and_its_start_alone(activity):
    fewer = lever("fewer", DemandEffect("care", per_unit(-1.0)))
    system = town(fewer, lever("depth", recode()))
    trial = Trial(1, 8, 1.0, "compiled")
    thinned = simulate_with(system, {"fewer": 0.5}, trial, 0)
    one, other = (recorded(each, system, {"depth": 0.5}) for each in (activity, thinned))
    assert rows(other) < rows(one)
    backwards = replace(activity, **{column: getattr(activity, column)[::-1] for column in COLUMNS})
    assert rows(recorded(backwards, system, {"depth": 0.5})) == rows(one)
    again = replace(activity, run=replace(activity.run, replication=1))
    assert rows(recorded(again, system, {"depth": 0.5})) != rows(one)


def test_an_effect_on_what_the_system_lacks_names_its_lever(activity):
    with pytest.raises(InputError, match=r"lever\.depth: found code 'Z'"):
        recorded(activity, town(lever("depth", recode("A", "Z"))), {"depth": 0.5})
    with pytest.raises(InputError, match=r"lever\.depth: found step"):
        recorded(activity, town(lever("depth", RecodeEffect(("x.y",), "A", "B", per_unit(1.0)))), {"depth": 0.5})
    with pytest.raises(InputError, match=r"lever\.depth: found a share 1\.5"):
        recorded(activity, town(lever("depth", recode(share=per_unit(1.5)))), {"depth": 1.0})
