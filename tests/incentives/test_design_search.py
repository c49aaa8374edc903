"""The search for a contract: optima with and without limits, infeasible designs, the same answer always."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from games import lever, surface_of, system_of
from hypothesis import given
from hypothesis import strategies as st

import paysim
from paysim.incentives.design.candidate import Ending, Limits, best, binding, candidate
from paysim.incentives.design.frontier import APART, frontier, non_dominated
from paysim.incentives.design.judge import Partner, Rules, ending
from paysim.incentives.design.ranges import Free
from paysim.incentives.design.search import ROUGH, search
from paysim.incentives.response.objective import objectives_of
from paysim.model.terms.form import Number
from paysim.report.design.wording import design_sentences
from paysim.report.figures.design import frontier_figure, gap_figure

SHARED = Path(__file__).parent / "systems" / "shared_savings.toml"
TEAM = "savings.gain_loss_share.shares.team"


def free(name: str, low: float = 0.0, high: float = 1.0) -> Free:
    return Free(name, low, high, Number(low, high), "", ())


def tried(values, gap, surplus=(0.0,), limits=None, number=0, health=0.0, spread=0.0):
    """Return a candidate of two replications that differ by `spread` in every surplus."""
    kept = np.array([surplus, surplus]) + np.array([[-spread], [spread]])
    at_rest = Ending({}, 1, True, np.array([gap, gap]), np.array([health, health]), kept)
    return candidate(number, values, at_rest, limits or limits_of([-1e12] * len(surplus)))


def limits_of(least, floor=None):
    """Return limits of partners a, b, ... that each keeps at least so many pounds."""
    partners = tuple("abcdefgh"[: len(least)])
    return Limits(partners, np.array([least, least], dtype=float), np.zeros(len(least)), floor, 1.0)


def judge_of(gap, surplus=None, least=()):
    """Return a judge of plain functions, in millions."""
    limits = limits_of([1e6 * each for each in least])

    def judge(number, values):
        kept = [] if surplus is None else [1e6 * each for each in surplus(*values)]
        return tried(values, 1e6 * gap(*values), kept, limits, number)

    return judge


def bowl(x, y):
    return (x - 0.6) ** 2 + (y - 0.3) ** 2 + 0.2 * (x - 0.6) * (y - 0.3)


def test_one_parameter_is_found_to_many_digits():
    found = best(search(judge_of(lambda x: (x - 0.123456) ** 2 * (2 + x)), [free("x")], 60))
    assert found.values[0] == pytest.approx(0.123456, abs=1e-7)


def test_the_lower_of_two_valleys_is_found():
    found = best(search(judge_of(lambda x: min((x - 0.2) ** 2 + 0.01, (x - 0.9) ** 2)), [free("x")], 60))
    assert found.values[0] == pytest.approx(0.9, abs=1e-6)


def test_two_parameters_are_found_without_limits():
    found = best(search(judge_of(bowl), [free("x"), free("y")], 120))
    assert found.values == pytest.approx((0.6, 0.3), abs=1e-5)


def test_a_limit_is_kept_to_exactly():
    """At x + y = 0.7 the least of the bowl is at x = 0.5, by its symmetry."""
    candidates = search(judge_of(bowl, lambda x, y: (0.7 - x - y, 1.0), (0.0, 0.0)), [free("x"), free("y")], 120)
    found = best(candidates)
    assert found.feasible
    assert found.values == pytest.approx((0.5, 0.2), abs=1e-4)
    assert [(margin.limit, margin.organisation) for margin in binding(found, candidates)] == [("no worse off", "a")]


def test_two_limits_that_meet_in_a_corner():
    judge = judge_of(lambda x, y: 2 - x - y, lambda x, y: (1 - x - 2 * y, 1 - 2 * x - y), (0.0, 0.0))
    candidates = search(judge, [free("x"), free("y")], 120)
    assert best(candidates).values == pytest.approx((1 / 3, 1 / 3), abs=1e-5)


def test_an_optimum_at_an_end_of_the_range_is_met():
    assert best(search(judge_of(lambda x: 1 - x), [free("x", 0.2, 0.7)], 30)).values == (0.7,)


def test_no_contract_is_tried_twice_or_beyond_the_number_or_the_range():
    candidates = search(judge_of(bowl), [free("x", 0.1, 0.4), free("y", 0.5, 0.6)], 25, (0.2, 0.55), ROUGH)
    values = [each.values for each in candidates]
    assert values[0] == (0.2, 0.55)
    assert len(set(values)) == len(values) <= 25
    assert [each.number for each in candidates] == list(range(len(values)))
    assert all(0.1 <= x <= 0.4 and 0.5 <= y <= 0.6 for x, y in values)


def test_where_limits_cannot_be_kept_to_the_least_is_missed_and_by_whom_is_said():
    """a keeps 0.3 - x and b keeps x - 0.8 at least nothing: whatever x, half a million is missing, b's at x = 0.3."""
    candidates = search(judge_of(lambda x: x, lambda x: (0.3 - x, 2 * x - 1.6), (0.0, 0.0)), [free("x")], 60)
    found = best(candidates)
    assert not found.feasible
    assert found.values[0] == pytest.approx(0.8, abs=1e-5)
    assert found.missing == pytest.approx(5e5, rel=1e-4)
    assert [margin.organisation for margin in binding(found, candidates) if margin.pounds < -1e3] == ["a"]


def test_of_several_equilibria_the_worst_counts():
    """Each gains by doing as the other does; both at -1 cost the system 4 more than both at 1."""
    levers = [lever("x", "first", -1.0, 1.0, now=0.1), lever("y", "second", -1.0, 1.0, now=-0.3)]
    system = system_of(levers)
    surface = surface_of(
        system,
        lambda at: dict.fromkeys(("first", "second"), 100 * at["x"] * at["y"]),
        long=lambda at: {"first": -at["x"] - at["y"]},
    )
    partners = (Partner("first", "short_run"), Partner("second", "short_run"))
    rules = Rules(surface.design, objectives_of(system), partners, 0.0, None, 1.0)
    found = ending(rules, surface, {"x": 1.0, "y": 1.0})
    assert found.equilibria == 2
    assert found.converged
    assert found.point == {"x": -1.0, "y": -1.0}
    assert found.gap == pytest.approx([4.0])
    assert found.surplus == pytest.approx(np.array([[100.0, 100.0]]))


def test_responses_that_go_round_in_circles_are_told_apart():
    levers = [lever("x", "first", -1.0, 1.0, now=0.5), lever("y", "second", -1.0, 1.0, now=0.5)]
    system = system_of(levers)
    surface = surface_of(system, lambda at: {"first": at["x"] * at["y"], "second": -at["x"] * at["y"]})
    found = ending(Rules(surface.design, objectives_of(system), (), 0.0, None, 1.0), surface, {"x": 0.0, "y": 0.0})
    assert (found.equilibria, found.converged) == (0, False)
    assert found.point == {"x": 0.0, "y": 0.0}


def test_a_floor_is_of_a_bad_year_beside_the_average_now():
    """Two replications 100 to both sides of the mean: a bad year is the worse one, times the root of two."""
    floored = limits_of([50.0], floor=-100.0)
    found = tried((0.0,), 0.0, (60.0,), floored, spread=100.0)
    assert {margin.limit: margin.pounds for margin in found.margins} == pytest.approx(
        {"no worse off": 10.0, "floor": 60.0 - 100.0 * np.sqrt(2) - 50.0 + 100.0}
    )
    assert found.risk == pytest.approx(100.0 * np.sqrt(2))


numbers = st.integers(0, 3).map(float)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=12))
def test_the_frontier_is_what_nothing_beats(rows):
    """Where contracts are far apart, each is on the frontier, or one that is beats it or comes to the same."""
    far = [
        tried((number / 12,), gap, spread=risk / np.sqrt(2), health=health, number=number)
        for number, (gap, risk, health) in enumerate(rows)
    ]

    def losses(each):
        return each.gap, round(each.risk, 6), -each.health

    def as_good(one, other):
        return all(a <= b for a, b in zip(losses(one), losses(other), strict=True))

    found = frontier(far, [free("x")])
    on = {each.number for each in found}
    assert found
    assert not any(as_good(one, other) for one in found for other in found if one is not other)
    assert all(any(as_good(one, other) for one in found) for other in far if other.number not in on)
    assert [each.gap for each in found] == sorted(each.gap for each in found)


def test_nothing_is_beaten_by_what_equals_it():
    assert non_dominated(np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 1.0], [0.0, 5.0]])).tolist() == [1, 1, 0, 1]


def test_of_contracts_with_the_same_gap_the_one_with_less_risk_then_more_health_wins():
    risky = tried((0.1,), 5.001, spread=300.0, number=0)
    safe = tried((0.9,), 5.002, spread=200.0, number=1)
    healthy = tried((0.5,), 5.003, spread=200.0, number=2, health=1.0)
    assert best([risky, safe]) is safe
    assert best([risky, safe, healthy]) is healthy
    assert best([risky, tried((0.9,), 6.0, number=3)]) is risky
    assert frontier([risky, safe, healthy], [free("x")]) == (healthy,)


def test_the_frontier_holds_to_contracts_within_the_limits_and_tells_neighbours_as_one():
    limits = limits_of([0.0])
    near = tried((0.5,), 2.0, (1.0,), limits, 0)
    nearer = tried((0.5 + APART / 2,), 1.0, (1.0,), limits, 1, health=-1.0)
    outside = tried((0.9,), 0.0, (-1.0,), limits, 2)
    assert frontier([near, nearer, outside], [free("x")]) == (nearer,)
    assert frontier([outside], [free("x")]) == (outside,)


@pytest.fixture(scope="module")
def mean_values():
    """Return a design for the quiet town in which partners may lose a hundredth of what they receive."""
    return designed(engine="expected", tolerance=0.01)


def designed(**settings):
    usual = {"free": {TEAM: (0.0, 0.8)}, "than": "activity", "levers": ["avoid"], "candidates": 24}
    return paysim.design(SHARED, "shared", **{**usual, **settings})


def test_the_winner_keeps_everybody_no_worse_off_and_a_partner_outside_the_contract_binds(mean_values):
    """What the team's nursing saves, the infirmary loses, and it has no part in the savings."""
    partners = mean_values.partners().set_index("organisation")
    assert mean_values.feasible
    assert (partners["change"] >= -partners["tolerance"] - 0.01).all()
    assert partners["change"]["infirmary"] == pytest.approx(-0.01 * 416_412, rel=0.01)
    assert 0.0 < mean_values.winner()[TEAM] < 0.8
    assert any("What binds: “no worse off” for The infirmary." in sentence for sentence in mean_values.answer())


def test_the_winner_loses_less_than_the_contract_that_it_is_held_against_and_none_within_limits_less(mean_values):
    table = mean_values.candidates()
    assert 0.0 < mean_values.gap < mean_values.designed.reference.ending.gap.mean()
    assert mean_values.gap == table[table["feasible"]]["gap"].min()
    assert (table["missing"] > 0).tolist() == (~table["feasible"]).tolist()


def test_sentences_and_figures_tell_that_a_design_rests_on_a_sample(mean_values):
    def told(designed):
        figures = gap_figure(designed), frontier_figure(designed)
        notes = [text.get_text().replace("\n", " ") for figure in figures for text in figure.texts]
        return design_sentences(designed), notes

    of_all = mean_values.designed
    sampled = replace(of_all, settings=replace(of_all.settings, engine="compiled", sample=0.2))
    sentences, notes = told(sampled)
    assert any(sentence.startswith("A sample of 20% of residents") for sentence in sentences)
    assert sum("20% sample of residents, scaled up" in note for note in notes) == 2
    assert not any("sample" in text for texts in told(of_all) for text in texts)


def test_how_sure_the_answer_is_names_the_limits_that_it_speaks_of(mean_values):
    found = mean_values.designed
    drawn = replace(found, confidence=replace(found.confidence, probability=0.55))
    without = replace(drawn, winner=replace(found.winner, margins=()))
    (sure,), (of_gap_alone,) = (
        [told for told in design_sentences(each) if "sure" in told] for each in (drawn, without)
    )
    assert "55% sure that it keeps to all limits and no contract tried is better" in sure
    assert "55% sure that no contract tried is better" in of_gap_alone


def test_mean_values_are_fitted_exactly(mean_values):
    """But for the hospital's semi-fixed cost, which moves in steps as its lag has it."""
    check = mean_values.check()
    check = check[check["organisation"] != "hospital"]
    assert check["simulated"].to_numpy() == pytest.approx(check["fitted"].to_numpy(), abs=1.0)
    assert set(check["place"]) == {"than", "winner"}


def test_levers_end_up_nearer_to_the_joint_optimum(mean_values):
    (row,) = mean_values.levers().to_dict("records")
    assert row["than"] < row["winner"] < row["optimum"]


def test_an_infeasible_design_is_an_answer_that_names_who_misses_which_limit():
    found = designed(engine="expected", floor=1e6, candidates=12)
    assert not found.feasible
    first = found.answer()[0]
    assert first.startswith("No contract in these ranges keeps to all limits (12 contracts).")
    (missed,) = [
        sentence for sentence in found.answer() if sentence.startswith("The infirmary misses the limit “floor")
    ]
    assert "£" in missed
    nearest = found.margins().groupby("candidate")["margin"].apply(lambda pounds: -pounds[pounds < -0.01].sum())
    assert nearest.idxmin() == found.designed.winner.number


def test_the_answer_does_not_depend_on_the_number_of_workers():
    settings = {"replications": 3, "candidates": 4, "tolerance": 0.01, "floor": -50_000.0, "sample": 0.1}
    one, two = (designed(workers=workers, **settings) for workers in (1, 2))
    assert one.to_json() == two.to_json()
    assert one.candidates().equals(two.candidates())
    assert one.confidence is not None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"than": "nothing"}, "found 'nothing'; expected one of"),
        ({"levers": ["nothing"]}, "levers: found 'nothing'"),
        ({"levers": []}, "levers: found ''; expected at least one, each once"),
        ({"levers": ["avoid", "avoid"]}, "levers: found 'avoid, avoid'; expected at least one, each once"),
        ({"candidates": 0}, "candidates: found 0"),
        ({"tolerance": -0.1}, "tolerance: found -0.1"),
        ({"tolerance": "0.1"}, "tolerance: found '0.1'; expected a number of at least 0"),
        ({"floor": float("nan")}, "floor: found nan"),
        ({"floor": float("-inf")}, "floor: found -inf; expected a finite number"),
        ({"zone": float("inf")}, "zone: found inf; expected a finite number of at least 0"),
        ({"free": {TEAM: 0.5}}, "found the range 0.5; expected two numbers"),
        ({"free": {TEAM: ("0", "0.5")}}, "found the range ('0', '0.5'); expected two numbers"),
        ({"free": [TEAM]}, "free: found a value of type list; expected a range for each parameter"),
    ],
)
def test_what_cannot_be_asked_is_refused(settings, words):
    with pytest.raises(paysim.InputError) as caught:
        designed(engine="expected", **settings)
    assert words in str(caught.value)


def test_an_arrangement_that_does_not_exist_is_refused():
    with pytest.raises(paysim.InputError, match="expected one of activity"):
        paysim.design(SHARED, "nothing", {TEAM: (0.0, 0.8)})
