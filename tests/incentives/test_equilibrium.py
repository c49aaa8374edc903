"""Known games, solved by what solves a local system's: best responses to each other, and what is best for all."""

import numpy as np
import pytest
from games import lever, outcome_of, surface_of, system_of
from hypothesis import given, settings
from hypothesis import strategies as st

from paysim.incentives.response.equilibrium import equilibria
from paysim.incentives.response.objective import objectives_of, payoff, strategic_levers
from paysim.incentives.response.optimum import optimum
from paysim.incentives.response.points import design_points
from paysim.incentives.response.surface import fit
from paysim.model.curve import BelowThreshold, Polynomial
from paysim.model.errors import InputError
from paysim.model.objective import Objective


def cournot(price, slope, costs, most):
    """Cournot (1838): two firms set quantities, and the price falls with the sum of them."""
    firms = [
        lever(name, name, 0.0, most, cost=Polynomial(cost))
        for name, cost in zip(("first", "second"), costs, strict=True)
    ]
    system = system_of(firms)
    return surface_of(system, lambda at: {each: at[each] * (price - slope * sum(at.values())) for each in at})


@settings(max_examples=15, deadline=None)
@given(st.floats(5.0, 20.0), st.floats(0.2, 3.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_cournot(price, slope, one, other):
    found = equilibria(cournot(price, slope, (one, other), most=2.0 * price / slope), "pay")
    assert not found.cycles
    (rest,) = found.rests
    expected = {"first": (price - 2 * one + other) / (3 * slope), "second": (price - 2 * other + one) / (3 * slope)}
    assert rest.intensities == pytest.approx(expected, abs=1e-9, rel=1e-9)
    assert rest.boundary == {}
    profit = slope * expected["first"] ** 2
    # Intensities are right to 1e-9, and what the other does moves the profit as far.
    assert rest.gains["first"] == pytest.approx(profit, rel=1e-8)
    assert {"low", "now", "high"} <= set(rest.starts)


def test_a_range_that_ends_before_the_best_answer():
    found = equilibria(cournot(10.0, 1.0, (1.0, 9.9), most=4.0), "pay")
    (rest,) = found.rests
    assert rest.intensities == pytest.approx({"first": 4.0, "second": 0.0})
    assert rest.boundary == {"first": "high", "second": "low"}


def test_coordination_has_two_equilibria():
    """Each gains by doing as the other does; which of both comes about depends on where they begin."""
    levers = [lever("x", "first", -1.0, 1.0, now=0.1), lever("y", "second", -1.0, 1.0, now=-0.3)]
    surface = surface_of(system_of(levers), lambda at: dict.fromkeys(("first", "second"), at["x"] * at["y"]))
    found = equilibria(surface, "pay")
    ends = {tuple(rest.intensities.values()): rest for rest in found.rests}
    assert set(ends) == {(-1.0, -1.0), (1.0, 1.0)}
    assert "low" in ends[-1.0, -1.0].starts
    assert "high" in ends[1.0, 1.0].starts
    assert ends[1.0, 1.0].boundary == {"x": "high", "y": "high"}
    assert sum(len(rest.starts) for rest in found.rests) == 7


def test_matching_pennies_never_comes_to_rest():
    """One wants to match and the other to differ; a little curvature would not help."""
    levers = [lever("x", "first", -1.0, 1.0, now=0.5), lever("y", "second", -1.0, 1.0, now=0.5)]
    surface = surface_of(system_of(levers), lambda at: {"first": at["x"] * at["y"], "second": -at["x"] * at["y"]})
    found = equilibria(surface, "pay")
    assert not found.rests
    (cycle,) = found.cycles
    assert cycle.rounds == 2
    assert (cycle.lowest, cycle.highest) == ({"x": -1.0, "y": -1.0}, {"x": 1.0, "y": 1.0})


def test_a_lever_that_makes_no_difference_stays_as_it_is():
    levers = [lever("x", "first", 0.0, 1.0, now=0.4), lever("y", "second", 0.0, 1.0, now=0.2)]
    surface = surface_of(system_of(levers), lambda at: {"second": 5e8 + at["y"] * (1.0 - at["y"]), "first": 7e8})
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities == pytest.approx({"x": 0.4, "y": 0.5}, abs=1e-6)
    assert rest.boundary == {}


def test_who_is_passive_does_not_move_and_who_has_no_objective_acts_for_its_surplus():
    levers = [lever(each, each, 0.0, 1.0, now=0.3) for each in ("first", "second", "third")]
    objectives = [Objective("first"), Objective("second", rule="passive")]
    system = system_of(levers, objectives, organisations=("first", "second", "third"))
    assert strategic_levers(system) == ("first", "third")
    surface = surface_of(system, lambda at: {each: 2.0 * at[each] for each in at})
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities == {"first": 1.0, "second": 0.3, "third": 1.0}
    free = system_of(levers, organisations=("first", "second", "third"))
    assert strategic_levers(free) == ("first", "second", "third")
    assert {each.rule for each in objectives_of(free).values()} == {"best_response"}


@pytest.mark.parametrize(
    ("alpha", "share", "expected"),
    [(0.8, 0.0, 5.0), (0.8, 0.2, 6.0), (0.8, 1.0, 10.0), (0.5, 0.0, 2.0), (0.5, 0.5, 6.0), (0.3, 0.0, 0.0)],
)
def test_ellis_and_mcguire(alpha, share, expected):
    """Quantity under payment a + r c q: (b - (1 - r) c / alpha) / d; best at (b - c) / d. Ellis and McGuire (1986)."""
    b, d, c = 10.0, 1.0, 4.0
    system = system_of(
        [lever("quantity", "first", 0.0, 20.0, now=3.0)], [Objective("first", health_weight=alpha)], pounds_per_qaly=1.0
    )
    surface = surface_of(
        system,
        lambda at: {"first": share * c * at["quantity"]},
        short=lambda at: {"first": c * at["quantity"]},
        qalys=lambda at: b * at["quantity"] - d * at["quantity"] ** 2 / 2,
    )
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities["quantity"] == pytest.approx(expected, abs=1e-9)
    assert rest.boundary == ({"quantity": "low"} if expected == 0.0 else {})
    best = optimum(surface)
    assert best.intensities["quantity"] == pytest.approx((b - c) / d, abs=1e-9)
    assert best.gain == pytest.approx((6 * 6 - 18) - (6 * 3 - 4.5), abs=1e-9)


def test_supplier_induced_demand():
    """Volume beyond need of two services: -exp(-h y) - the sum of s^2 / 2, here 1 - exp(-h y) over h, effort too."""
    h, need, prices = 0.2, 5.0, (1.0, 2.0)
    system = system_of(
        [
            lever(name, "first", 0.0, 0.1, curves=(Polynomial(1.0),), effort=Polynomial(0.0, 0.5 / h))
            for name in ("one", "two")
        ],
        [Objective("first", risk_aversion=h)],
    )
    surface = surface_of(
        system, lambda at: {"first": sum(p * (need + at[n]) for n, p in zip(("one", "two"), prices, strict=True))}
    )
    (rest,) = equilibria(surface, "pay").rests
    income = surface.surplus(rest.intensities, "pay", "first", "short_run")[0]
    assert income == pytest.approx(15.049299, abs=1e-6)
    assert list(rest.intensities.values()) == pytest.approx([0.00985972, 0.01971944], abs=1e-7)


def test_hidden_quality_with_cost_effort():
    """Two levers of one owner: q = beta b / (s g), e = s / k; in the spirit of Chalkley and Malcomson (1998)."""
    beta, b, s, g, k = 0.5, 2.0, 0.4, 1.5, 0.8
    system = system_of(
        [
            lever("quality", "first", 0.0, 5.0, now=1.0),
            lever("saving", "first", 0.0, 2.0, effort=Polynomial(0.0, k / 2.0)),
        ],
        [Objective("first", health_weight=beta)],
        pounds_per_qaly=1.0,
    )

    def unit_cost(at):
        return 20.0 + g * at["quality"] ** 2 / 2.0 - at["saving"]

    surface = surface_of(
        system,
        lambda at: {"first": (1.0 - s) * unit_cost(at)},
        short=lambda at: {"first": unit_cost(at)},
        qalys=lambda at: b * at["quality"],
    )
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities == pytest.approx({"quality": beta * b / (s * g), "saving": s / k}, abs=1e-9)
    assert optimum(surface).intensities == pytest.approx({"quality": b / g, "saving": 1.0 / k}, abs=1e-9)


@pytest.mark.parametrize(("price", "share", "expected"), [(1.2, 0.0, 1.2), (0.7, 0.5, 1.4)])
def test_dumping_threshold(price, share, expected):
    """Cases below t = p / (1 - r) are kept, of severities that are exponential with mean 1."""
    curves = BelowThreshold(weighted=False), BelowThreshold(weighted=True)
    system = system_of([lever("threshold", "first", 0.2, 4.0, now=2.0, curves=curves)])
    kept, severity = (lambda at, curve=curve: 1000.0 * curve.at(at["threshold"]) for curve in curves)
    surface = surface_of(
        system,
        lambda at: {"first": price * kept(at) + share * severity(at)},
        short=lambda at: {"first": severity(at)},
    )
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities["threshold"] == pytest.approx(expected, abs=1e-7)


def test_risk_aversion_values_a_year_in_expectation():
    """Two equally likely worlds, insured in part: the share that equals the marginal utilities of both."""
    system = system_of([lever("cover", "first", 0.0, 1.0)], [Objective("first", risk_aversion=0.01)])
    design = design_points(system)

    def world(loss):
        return lambda at: {"first": -loss * (1.0 - at["cover"]) - 60.0 * at["cover"]}

    outcomes = [[outcome_of(system, point, world(loss)) for point in design.points] for loss in (0.0, 100.0)]
    surface = fit(design, ["pay"], outcomes)
    (rest,) = equilibria(surface, "pay").rests
    # 60 u'(-60 x) = 40 u'(-100 + 40 x), u'(y) = exp(-y / 100).
    assert rest.intensities["cover"] == pytest.approx(1.0 - np.log(1.5), abs=1e-9)
    with pytest.raises(InputError, match="risk_aversion"):
        payoff(surface, "pay", Objective("first", risk_aversion=100.0))


def test_slopes_are_derivatives():
    levers = [lever("x", "first", 0.0, 1.0), lever("y", "first", 0.0, 2.0, now=1.0, curves=(Polynomial(1.0, 0.3),))]
    system = system_of(
        levers, [Objective("first", risk_aversion=0.3, health_weight=0.5, adjustment_cost=2.0)], pounds_per_qaly=3.0
    )
    surface = surface_of(
        system, lambda at: {"first": at["x"] * (1.0 + at["y"])}, qalys=lambda at: at["x"] ** 2 + at["y"]
    )
    own = payoff(surface, "pay", system.objectives["first"])
    at, last, width = np.array([0.3, 1.4]), np.array([0.6, 0.2]), 1e-6
    for number, slope in enumerate(own.slopes(at, last)):
        step = np.eye(2)[number] * width
        assert slope == pytest.approx((own.gain(at + step, last) - own.gain(at - step, last)) / (2 * width), rel=1e-6)


def test_the_joint_optimum_over_many_levers_is_that_of_each():
    ids = "abcdefgh"
    tops = dict(zip(ids, np.linspace(-0.2, 1.2, len(ids)), strict=True))
    system = system_of([lever(each, "first", 0.0, 1.0, now=0.5) for each in ids])
    surface = surface_of(
        system, lambda at: {}, short=lambda at: {"second": sum(5.0 * (at[i] - tops[i]) ** 2 for i in ids)}
    )
    best = optimum(surface)
    assert best.intensities == pytest.approx({each: min(max(top, 0.0), 1.0) for each, top in tops.items()}, abs=1e-9)
    assert best.boundary == {"a": "low", "h": "high"}


@pytest.mark.parametrize("surplus", [-50e6, 0.0, 50e6])
def test_constant_risk_aversion_chooses_alike_however_rich_an_organisation_is(surplus):
    """A utility that hardly changes with another pound is not one that does not change."""
    system = system_of([lever("x", "first", 0.0, 1.0)], [Objective("first", risk_aversion=1e-6)])
    surface = surface_of(system, lambda at: {"first": surplus + 400_000.0 * (at["x"] - 0.8 * at["x"] ** 2)})
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities["x"] == pytest.approx(0.625, abs=1e-9)


def test_ruinous_intensities_are_as_bad_as_can_be_and_no_overflow():
    system = system_of([lever("x", "first", 0.0, 1.0)], [Objective("first", risk_aversion=1e-6)])
    surface = surface_of(system, lambda at: {"first": 1e6 + 1e6 * at["x"] - 2e9 * at["x"] ** 2})
    with np.errstate(over="raise", invalid="raise"):
        (rest,) = equilibria(surface, "pay").rests
        slopes = payoff(surface, "pay", system.objectives["first"]).slopes(np.array([1.0]))
    assert rest.intensities["x"] == pytest.approx(2.5e-4, abs=1e-9)
    assert slopes[0] < 0.0


def test_the_end_of_a_range_is_met_exactly():
    """Whatever the ends are, so that it is known that the range keeps the lever from going on."""
    ends = {"x": (0.38, 1.08), "y": (0.42, 0.93), "z": (0.31, 0.93)}
    system = system_of([lever(each, "first", *range_) for each, range_ in ends.items()], [Objective("first")])
    surface = surface_of(system, lambda at: {"first": 100.0 * at["x"] + 50.0 * at["y"] + 70.0 * at["z"]})
    (rest,) = equilibria(surface, "pay").rests
    assert rest.intensities == {each: high for each, (_, high) in ends.items()}
    assert rest.boundary == dict.fromkeys(ends, "high")
