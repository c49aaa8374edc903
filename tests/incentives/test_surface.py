"""Surfaces: what is linear, or of second order, in the sizes of effects is fitted exactly."""

import math
from dataclasses import replace

import numpy as np
import pytest
from games import lever, outcome_of, surface_of, system_of
from hypothesis import given
from hypothesis import strategies as st

from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.incentives.response.worth import figures, net_benefit
from paysim.model.curve import BelowThreshold, Polynomial

SHARE, SEVERITY = BelowThreshold(weighted=False), BelowThreshold(weighted=True)


def test_as_many_points_as_terms_and_now():
    system = system_of([lever("a", "first", 0.0, 0.4), lever("b", "second", 1.0, 3.0, now=2.0)])
    design = design_points(system, pairs=[])
    assert design.points[0] == {}
    assert [dict(point) for point in design.points[1:3]] == [{"a": 0.4}, {"a": pytest.approx(0.2)}]
    assert sorted(point["b"] for point in design.points[3:]) == [1.0, 3.0]
    assert dict(design_points(system).points[-1]) in ({"a": 0.4, "b": 1.0}, {"a": 0.4, "b": 3.0})
    assert len(design_points(system, levers=["b"]).points) == 3


def test_proportional_curves_are_one_and_curves_that_differ_are_told_apart():
    same = lever("a", "first", 0.0, 1.0, curves=(Polynomial(2.0), Polynomial(-0.5), Polynomial()))
    assert len(design_points(system_of([same])).points) == 1 + 2
    two = lever("a", "first", 1.0, 3.0, curves=(SHARE, SEVERITY))
    assert len(design_points(system_of([two])).points) == 1 + 5


def test_a_lever_without_effects_takes_no_points():
    system = system_of([lever("a", "first", 0.0, 1.0, curves=(), cost=Polynomial(3.0))])
    surface = surface_of(system, lambda at: {"first": 10.0})
    assert len(surface.design.points) == 1
    assert surface.surplus({"a": 0.5}, "pay", "first", "short_run") == pytest.approx(8.5)


@given(st.floats(0.5, 4.0), st.floats(0.5, 4.0))
def test_linear_in_curves_that_are_no_polynomials(now, x):
    """A tariff per case kept, and costs by severity: Ellis (1998)."""
    dumping = lever("threshold", "first", 0.5, 4.0, now=now, curves=(SHARE, SEVERITY))

    def kept(at):
        return {"first": 700.0 * -math.expm1(-at["threshold"])}

    def cost(at):
        t = at["threshold"]
        return {"first": 1000.0 * (1.0 - (1.0 + t) * math.exp(-t))}

    surface = surface_of(system_of([dumping]), kept, short=cost)
    point = {"threshold": x}
    assert (
        surface.surplus({}, "pay", "first", "short_run")[0]
        == kept({"threshold": now})["first"] - cost({"threshold": now})["first"]
    )
    assert surface.at(surface.income, point)[0, 0, 0] == pytest.approx(kept(point)["first"], rel=1e-10)
    assert surface.at(surface.short_run_cost, point)[0, 0] == pytest.approx(cost(point)["first"], rel=1e-10)


def test_two_levers_together_and_by_replication():
    system = system_of([lever("a", "first", 0.0, 1.0), lever("b", "second", -1.0, 1.0, now=0.5)])
    design = design_points(system)

    def income(replication):
        return lambda at: {"first": 5.0 + replication * at["a"] - at["a"] ** 2 + 3.0 * at["a"] * (at["b"] - 0.5)}

    outcomes = [[outcome_of(system, point, income(number)) for point in design.points] for number in range(3)]
    surface = fit(design, ["pay"], outcomes)
    point = {"a": 0.3, "b": -0.2}
    expected = [income(number)(point)["first"] for number in range(3)]
    assert surface.surplus(point, "pay", "first", "short_run") == pytest.approx(expected, rel=1e-12)


def test_net_benefit_of_surface_and_of_outcome_are_one():
    """Levers' cost, effort and health are counted once; what is the same every year is so in a year of several."""
    levers = [
        lever("a", "first", 0.0, 1.0, cost=Polynomial(7.0, 1.0), effort=Polynomial(0.0, 2.0), health=Polynomial(0.5)),
        lever("b", "second", 0.0, 2.0, now=1.0, cost=Polynomial(3.0), health=Polynomial(0.0, 0.25)),
    ]
    system = system_of(levers, pounds_per_qaly=20.0, discount_rate=0.035)
    worlds = {
        "short": lambda at: {"first": 100.0 - 9.0 * at["a"]},
        "long": lambda at: {"first": 100.0 - 30.0 * at["a"] + at["b"]},
        "qalys": lambda at: 2.0 * at["a"] * at["b"],
        "years": 3,
    }
    surface = surface_of(system, lambda at: {}, **worlds)
    point = {"a": 0.7, "b": 1.5}
    outcome = outcome_of(system, point, lambda at: {}, **worlds)
    qalys = 2.0 * 0.7 * 1.5 + 0.35 + 0.25 * 2.25
    by_hand = 20.0 * qalys - (100.0 - 21.0 + 1.5) - (4.9 + 0.49 + 4.5) - 0.98
    assert net_benefit(system, outcome) == pytest.approx(by_hand, rel=1e-12)
    assert surface.net_benefit(point) == pytest.approx(by_hand, rel=1e-12)
    assert surface.health(point) == pytest.approx(qalys * np.array([[0.75, 0.0, 0.0, 0.0, 0.25]]))
    assert surface.net_benefit(point, "short_run")[0] - by_hand == pytest.approx(-21.0 + 1.5 + 6.3)


def test_money_and_health_of_later_years_are_discounted_alike():
    """A QALY that costs what it is worth is worth no more and no less, whichever year both are of."""
    system = system_of([lever("a", "first", 0.0, 1.0)], pounds_per_qaly=20.0, discount_rate=0.035)
    constant = {"short": lambda at: {"first": 100.0}, "qalys": lambda at: 5.0, "years": 3}
    outcome = outcome_of(system, {}, lambda at: {}, **constant)
    assert net_benefit(system, outcome, "short_run") == pytest.approx(0.0, abs=1e-9)
    later = np.array([1.0, 3.0, 11.0])
    rising = replace(outcome, short_run_cost=outcome.short_run_cost * later, qalys=outcome.qalys * later)
    assert net_benefit(system, rising, "short_run") == pytest.approx(0.0, abs=1e-9)
    weights = 1.035 ** -np.arange(3.0)
    found = figures(system, rising)
    assert found["residents", "qalys", "QALYs a year"] == pytest.approx(5.0 * later @ weights / weights.sum())
    assert found["first", "cost_short_run", "pounds a year"] == pytest.approx(100.0 * later @ weights / weights.sum())
