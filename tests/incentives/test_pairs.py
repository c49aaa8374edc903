"""Pairs: levers on the same care are moved together, and what they do to each other is fitted."""

from dataclasses import replace
from itertools import combinations

import pytest
from games import lever as toy
from games import outcome_of, system_of
from hypothesis import given
from hypothesis import strategies as st
from levered import lever, per_unit, place, with_levers
from small_systems import ABOUT_A_DAY, branch, everyone, pathway, service, step
from small_systems import system as small

from paysim.incentives import evaluate as evaluating
from paysim.incentives.evaluate import digests, evaluate
from paysim.incentives.outcome import Trial
from paysim.incentives.response.pairs import pairs_of, pathways_touched
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.service import CostStructure

MORE, LESS = per_unit(1.0), per_unit(-1.0)

DEMAND = lever("demand", DemandEffect("care", LESS))
STAY = lever("stay", StayEffect(("care.ward",), LESS), high=0.5)
HOME = lever("home", UnitCostEffect("team", per_unit(5.0)))
OTHER = lever("other", DemandEffect("other", MORE))
CLINIC = lever("clinic", CapacityEffect("clinic", per_unit(3.0)))
WARDS = lever("wards", ChoiceEffect("wards", 1, per_unit(0.2)))
DELAY = lever("delay", DelayEffect("care.visit", "care.ward", LESS))
ACROSS = lever("across", DivertEffect("care.visit", "care.home", "other.visit", ABOUT_A_DAY, MORE))
CODES = lever("codes", RecodeEffect(("care.ward",), "A", "B", MORE))
LISTS = lever("lists", ReferAwayEffect(everyone(1.0), "pay", MORE))


@pytest.mark.parametrize(
    ("pulled", "touched"),
    [
        (DEMAND, {"care"}),
        (STAY, {"care"}),
        (HOME, {"care"}),
        (OTHER, {"other"}),
        (CLINIC, {"care", "other"}),
        (WARDS, {"care"}),
        (DELAY, {"care"}),
        (ACROSS, {"care", "other"}),
        (CODES, {"care"}),
        (LISTS, {"care", "other"}),
        (lever("idle"), set()),
    ],
    ids=lambda each: getattr(each, "id", ""),
)
def test_what_a_lever_touches(pulled, touched):
    assert pathways_touched(place(), pulled) == touched


def test_only_levers_on_the_same_care_are_paired():
    levers = (DEMAND, STAY, OTHER, ACROSS, CODES, lever("idle"))
    paired = {(levers[one].id, levers[other].id) for one, other in pairs_of(place(), levers)}
    on_care = set(combinations(("demand", "stay", "across", "codes"), 2))
    assert paired == on_care | {("other", "across")}


def test_few_levers_are_all_paired():
    levers = (DEMAND, STAY, OTHER, ACROSS, lever("idle"))
    assert pairs_of(place(), levers) == tuple(combinations(range(5), 2))


def test_levers_that_change_no_care_take_no_simulation(monkeypatch):
    """Not even in pairs: both are at the end of their range, and there the other has been simulated already."""
    care = (DEMAND, STAY, OTHER)
    system = place(*care, HOME, CODES, LISTS)
    simulated = []
    simulate = evaluating.simulate_with

    def counting(system, point, *rest):
        simulated.append({lever.id for lever in care if lever.id in point})
        return simulate(system, point, *rest)

    monkeypatch.setattr(evaluating, "simulate_with", counting)
    design = design_points(system)
    digests(system, [], design.points, Trial(1, 1, 1.0, "compiled"), 0)
    assert simulated == [set(), *({each.id} for each in care for _ in range(2)), {"demand", "stay"}]
    assert sum("codes" in point and len(point) == 2 for point in design.points) == 4


SIX = system_of([toy(each, "first", 0.0, 1.0) for each in "abcdef"])
ALL = list(combinations(range(6), 2))
DESIGNS = {kept: design_points(SIX, pairs=ALL[:kept]) for kept in (15, 3)}


@given(st.lists(st.floats(-5.0, 5.0), min_size=15, max_size=15), st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6))
def test_a_product_of_two_levers_is_fitted_exactly_where_they_are_paired(weights, at):
    def income(point):
        products = (w * point[names[i]] * point[names[j]] for w, (i, j) in zip(weights, ALL, strict=True))
        return {"first": 2.0 - point["a"] + point["b"] ** 2 + sum(products)}

    names = list(SIX.levers)
    point = dict(zip(names, at, strict=True))
    for kept, design in DESIGNS.items():
        surface = fit(design, ["pay"], [[outcome_of(SIX, each, income) for each in design.points]])
        lost = sum(w * at[i] * at[j] for w, (i, j) in list(zip(weights, ALL, strict=True))[kept:])
        (found,) = surface.surplus(point, "pay", "first", "short_run")
        assert found == pytest.approx(income(point)["first"] - lost, abs=1e-9)


def test_fewer_patients_at_another_cost_are_a_product():
    """In expectation; a sum over levers would miss it."""
    levers = (DEMAND, HOME, OTHER, CLINIC, lever("idle"), lever("idler"))
    dear = replace(service("team", 10_000), cost=CostStructure(per_step_pence=20_00))
    visit = step("care.visit", "clinic", ABOUT_A_DAY, [branch("care.home", 0.3)])
    care = pathway("care", 4.0, visit, step("care.home", "team", ABOUT_A_DAY))
    other = pathway("other", 3.0, step("other.visit", "clinic", ABOUT_A_DAY))
    system = with_levers(small([service("clinic", 10_000), dear], [care, other]), *levers)
    trial, point = Trial(1, 1, 1.0, "expected"), {"demand": 0.7, "home": 0.6}
    (true,) = evaluate(system, [], [point], trial, 0)

    def fitted(pairs):
        design = design_points(system, pairs=pairs)
        surface = fit(design, [], [evaluate(system, [], design.points, trial, 0)])
        return surface.at(surface.short_run_cost, point).sum()

    assert fitted(None) == pytest.approx(true.short_run_cost.sum(), rel=1e-4)  # Unit costs are whole pence.
    assert fitted([]) > 1.3 * true.short_run_cost.sum()
