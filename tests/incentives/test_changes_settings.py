"""What each effect of a lever makes of a system's settings, alone and together with others."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from levered import lever, per_unit, place
from small_systems import A_DAY, by_kind, everyone

from paysim.incentives.changes import care_with, costs_with, system_with
from paysim.model.curve import BelowThreshold
from paysim.model.errors import InputError
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.service import CostStructure
from paysim.model.system import System
from paysim.simulation.compile import compile_program

OLD = by_kind(0, 1, 0, 1)
intensities = st.floats(0.0, 1.0)


def with_shares(system: System, shares: Sequence[Sequence[float]] | np.ndarray) -> System:
    """Return the system with three options of the ward, chosen by these shares in hill and vale."""
    ward, pathway = system.steps["care.ward"], system.pathways["care"]
    choice = replace(ward.service, services=("ward", "hill_ward", "team"), shares=np.array(shares))
    steps = tuple(replace(ward, service=choice) if step is ward else step for step in pathway.steps)
    return replace(system, pathways={**system.pathways, "care": replace(pathway, steps=steps)})


def away(amount: float = 1.0, to: str | None = "care.home", residents: np.ndarray | None = None) -> DivertEffect:
    return DivertEffect("care.visit", "care.ward", to, A_DAY, per_unit(amount), residents)


def test_at_now_it_is_the_same_system():
    effects = [
        DemandEffect("care", per_unit(1.0)),
        away(0.5),
        StayEffect(("care.ward",), per_unit(1.0)),
        DelayEffect("care.visit", "care.ward", per_unit(1.0)),
        CapacityEffect("ward", per_unit(100.0)),
        UnitCostEffect("ward", per_unit(100.0)),
        ChoiceEffect("wards", 0, per_unit(1.0)),
    ]
    system = place(*(lever(f"l{number}", effect, now=0.3) for number, effect in enumerate(effects)))
    assert system_with(system, {}) is system
    assert system_with(system, dict.fromkeys(system.levers, 0.3)) is system
    for id in system.levers:
        changed = system_with(system, {id: 0.4})
        assert changed is not system
        care, costs = care_with(system, {id: 0.4}), costs_with(system, {id: 0.4})
        assert (care is system) != (costs is system), "an effect is of care or of costs"
        assert changed.service_ids == system.service_ids
        assert changed.codes == system.codes


def test_demand_is_multiplied_for_the_residents_of_an_effect_alone():
    system = place(
        lever("fewer", DemandEffect("care", per_unit(-0.5), OLD)), lever("more", DemandEffect("care", per_unit(1.0)))
    )
    rate = system_with(system, {"fewer": 0.8, "more": 0.5}).pathways["care"].demand.rate
    assert np.allclose(rate, 4.0 * 1.5 * np.where(OLD > 0, 0.6, 1.0), rtol=1e-15)
    assert system_with(system, {"fewer": 0.8}).pathways["other"] is system.pathways["other"]


def test_a_curve_counts_from_now():
    curve = BelowThreshold(weighted=False)
    system = place(lever("threshold", DemandEffect("care", curve), low=0.5, high=3.0, now=2.0))
    rate = system_with(system, {"threshold": 1.0}).pathways["care"].demand.rate
    assert np.allclose(rate, 4.0 * (1 - np.exp(-1)) / (1 - np.exp(-2)), rtol=1e-12)


def test_a_diverted_share_stands_next_to_its_branch_with_no_bed_kept():
    system = place(lever("team", away(0.5, residents=OLD)))
    ward, diverted, home = system_with(system, {"team": 0.5}).steps["care.visit"].branches
    assert (ward.to, diverted.to, home) == ("care.ward", "care.home", system.steps["care.visit"].branches[1])
    assert np.allclose(diverted.probability, 0.25 * 0.4 * OLD, rtol=1e-12)
    assert np.allclose(ward.probability + diverted.probability, 0.4, rtol=1e-15)
    assert np.allclose(diverted.after_wait[0].probability, 0.25 * 0.6 * OLD, rtol=1e-12)
    assert np.allclose(ward.after_wait[0].probability + diverted.after_wait[0].probability, 0.6, rtol=1e-15)
    assert (ward.holds, diverted.holds, diverted.delay) == (True, False, A_DAY)


@given(first=intensities, second=intensities)
def test_a_second_lever_diverts_its_share_of_what_the_first_left(first, second):
    system = place(lever("first", away(1.0, "care.home")), lever("second", away(1.0, None)))
    point = {"first": first, "second": second}
    branches = system_with(system, point).steps["care.visit"].branches
    by_way = {to: sum(float(b.probability[0, 0]) for b in branches if b.to == to) for to in ("care.ward", None)}
    assert by_way["care.ward"] == pytest.approx(0.4 * (1 - first) * (1 - second), abs=1e-15)
    assert by_way[None] == pytest.approx(0.4 * (1 - first) * second, abs=1e-15)
    assert sum(float(branch.probability[0, 0]) for branch in branches) == pytest.approx(0.7, abs=1e-12)
    assert system_with(system, dict(reversed(point.items()))).steps["care.visit"].branches[0].to == "care.ward"


def test_stays_are_multiplied_whatever_the_code_and_others_keep_theirs():
    system = place(
        lever("early", StayEffect(("care.ward", "care.home"), per_unit(-0.5))),
        lever("late", StayEffect(("care.ward",), per_unit(1.0))),
    )
    changed = system_with(system, {"early": 0.5, "late": 1.0})
    entries = changed.case_mixes[changed.steps["care.ward"].case_mix].entries
    assert [(entry.code, entry.share, entry.stay.mean, entry.stay.cv) for entry in entries] == [
        ("A", 0.6, 2.0 * 1.5, 1.0),
        ("B", 0.4, 1.0 * 1.5, 1.0),
    ]
    assert changed.case_mixes["severity"] is system.case_mixes["severity"]
    assert changed.steps["care.home"].duration.mean == 0.75
    assert changed.steps["care.visit"] is system.steps["care.visit"]


def test_delays_are_multiplied_and_those_diverted_keep_their_own():
    system = place(lever("sooner", DelayEffect("care.visit", "care.ward", per_unit(-0.5))), lever("team", away()))
    ward, diverted, home = system_with(system, {"sooner": 0.5, "team": 0.5}).steps["care.visit"].branches
    assert (ward.delay.mean, ward.delay.cv, ward.delay.distribution) == (15.0, 1.0, "exponential")
    assert (diverted.delay, home.delay) == (A_DAY, system.steps["care.visit"].branches[1].delay)


def test_capacities_add_up_in_whole_servers_and_not_below_none():
    system = place(
        lever("one", CapacityEffect("clinic", per_unit(10.0))), lever("two", CapacityEffect("clinic", per_unit(-300.0)))
    )
    found = {x: system_with(system, {"one": x}).services["clinic"].capacity for x in (0.04, 0.05, 0.14, 1.0)}
    assert found == {0.04: 10_000, 0.05: 10_001, 0.14: 10_001, 1.0: 10_010}
    assert system_with(system, {"one": 1.0, "two": 0.5}).services["clinic"].capacity == 9_860
    few = place(*system.levers.values(), capacity=5)
    assert system_with(few, {"one": 0.5, "two": 1.0}).services["clinic"].capacity == 0


def test_unit_costs_add_up_in_whole_pence_and_care_knows_nothing_of_them():
    system = place(
        lever("dear", UnitCostEffect("ward", per_unit(10.111))), lever("cheap", UnitCostEffect("ward", per_unit(-50.0)))
    )
    ward = replace(system.services["ward"], cost=CostStructure(annual_fixed_pence=7, per_step_pence=2_000))
    system = replace(system, services={**system.services, "ward": ward})
    assert system_with(system, {"dear": 1.0}).services["ward"].cost == CostStructure(7, per_step_pence=3_011)
    assert system_with(system, {"dear": 1.0, "cheap": 0.2}).services["ward"].cost.per_step_pence == 2_011
    assert system_with(system, {"cheap": 1.0}).services["ward"].cost.per_step_pence == 0
    assert care_with(system, {"dear": 1.0, "cheap": 0.3}) is system


def test_an_option_gets_more_and_the_others_give_in_proportion():
    system = place(lever("here", ChoiceEffect("wards", 1, per_unit(1.0))))
    shares = system_with(system, {"here": 0.2}).steps["care.ward"].service.shares
    assert np.allclose(shares, [[0.3, 0.7]] * 2, rtol=1e-15)
    assert np.allclose(system_with(system, {"here": 0.9}).steps["care.ward"].service.shares, [[0.0, 1.0]] * 2)


@pytest.mark.parametrize("amount", [0.2, -0.2])
def test_nobody_is_sent_to_an_option_that_is_not_offered_and_both_signs_of_a_decision_agree(amount):
    levers = [lever(f"l{o}", ChoiceEffect("wards", o, per_unit(sign))) for o, sign in enumerate((amount, -amount))]
    system = with_shares(place(*levers), [[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]])
    for each in system.levers:
        after = system_with(system, {each: 1.0}).steps["care.ward"].service.shares
        assert np.allclose(after, [[0.5 + amount, 0.5 - amount, 0.0], [0.0, 1.0, 0.0]], rtol=1e-12)


@given(
    shares=st.lists(st.floats(0.001, 1.0), min_size=3, max_size=3),
    amounts=st.lists(st.floats(-1.5, 1.5), min_size=2, max_size=2),
    options=st.permutations(range(3)),
)
def test_shares_of_a_choice_stay_shares(shares, amounts, options):
    before = np.array([shares, [shares[0], shares[1], 0.0]])
    before /= before.sum(axis=1, keepdims=True)
    levers = [lever(f"l{o}", ChoiceEffect("wards", o, per_unit(a))) for o, a in zip(options, amounts, strict=False)]
    system = with_shares(place(*levers), before)
    changed = system_with(system, {each.id: 1.0 for each in levers})
    after = changed.steps["care.ward"].service.shares
    assert ((after >= 0.0) & (after <= 1.0)).all()
    assert np.allclose(after.sum(axis=1), 1.0, rtol=1e-12)
    assert after[1, 2] == 0.0, "an option that is not offered stays so"
    # What nothing is asked of keeps its proportion, and what fits is as asked.
    wanted = np.clip(before[0, list(options[:2])] + amounts, 0.0, 1.0)
    if wanted.sum() <= 1.0:
        assert np.allclose(after[0, list(options[:2])], wanted, atol=1e-12)
    compile_program(changed, 1, 1.0)


@given(x=intensities, y=intensities, z=intensities)
def test_whatever_levers_do_together_stays_legal(x, y, z):
    sooner = DelayEffect("care.visit", "care.ward", per_unit(-1.0))
    system = place(
        lever("x", away(1.0), DemandEffect("care", per_unit(-1.0)), StayEffect(("care.ward",), per_unit(-1.0))),
        lever("y", away(1.0, None, OLD), DemandEffect("care", per_unit(3.0), OLD)),
        lever("z", away(1.0, "care.ward"), CapacityEffect("clinic", per_unit(-2e4)), sooner),
    )
    changed = system_with(system, {"x": x, "y": y, "z": z})
    total = np.zeros((2, 20))
    for branch in changed.steps["care.visit"].branches:
        assert (branch.probability >= 0.0).all()
        total += branch.probability
    assert (total <= 1.0 + 1e-12).all()
    assert np.allclose(total, 0.7, atol=1e-12)
    assert (changed.pathways["care"].demand.rate >= 0.0).all()
    assert changed.services["clinic"].capacity >= 0
    compile_program(changed, 1, 1.0)


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (DemandEffect("care", per_unit(-1.5)), "demand times -0.5"),
        (DemandEffect("none", per_unit(1.0)), "pathway 'none'"),
        (away(1.5), "a share 1.5 of 'care.ward' diverted"),
        (away(-0.1), "a share -0.1"),
        (DivertEffect("care.visit", "other.visit", None, A_DAY, per_unit(0.5)), "step 'other.visit' to divert from"),
        (DivertEffect("care.nowhere", "care.ward", None, A_DAY, per_unit(0.5)), "step 'care.nowhere'"),
        (away(0.5, "care.nowhere"), "step 'care.nowhere'"),
        (StayEffect(("care.ward",), per_unit(-2.0)), "stay times -1"),
        (DelayEffect("care.visit", "other.visit", per_unit(0.5)), "step 'other.visit'"),
        (CapacityEffect("nowhere", per_unit(1.0)), "service 'nowhere'"),
        (UnitCostEffect("nowhere", per_unit(1.0)), "service 'nowhere'"),
        (ChoiceEffect("wards", 2, per_unit(0.1)), "option 2 of choice 'wards'"),
        (ChoiceEffect("nowhere", 0, per_unit(0.1)), "option 0 of choice 'nowhere'"),
    ],
)
def test_what_cannot_be_names_its_lever(effect, words):
    with pytest.raises(InputError, match=r"lever\.bad") as error:
        system_with(place(lever("bad", effect)), {"bad": 1.0})
    assert words in str(error.value)
    assert "at intensity 1" in str(error.value)


@pytest.mark.parametrize(
    ("point", "words"),
    [({"good": 1.2}, "0 to 1"), ({"good": -0.1}, "-0.1"), ({"bad": 0.5}, "good"), ({"good": float("nan")}, "nan")],
)
def test_a_point_outside_the_levers_is_refused(point, words):
    with pytest.raises(InputError, match=words):
        system_with(place(lever("good", DemandEffect("care", per_unit(1.0)))), point)


def test_demand_beyond_counting_is_refused_by_the_run():
    system = place(lever("more", DemandEffect("care", per_unit(1e3))))
    with pytest.raises(InputError, match="episodes per resident and year"):
        compile_program(care_with(system, {"more": 1.0}), 1, 1.0)


def test_an_effect_for_nobody_changes_no_number():
    nobody = everyone(0.0)
    system = place(lever("none", away(1.0, None, nobody), DemandEffect("care", per_unit(1.0), nobody)))
    changed = system_with(system, {"none": 1.0})
    assert (changed.pathways["care"].demand.rate == system.pathways["care"].demand.rate).all()
    before = compile_program(system, 1, 1.0).branches.until
    after = compile_program(changed, 1, 1.0).branches.until
    assert set(after.tolist()) == set(before.tolist())
