"""Paired differences, ratios and verdicts on outcomes made by hand."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

import paysim
from paysim.incentives.marginal import ALL, BOTH, Change, changes, points, resolved_sign, verdicts
from paysim.incentives.marginal.differences import year_weights
from paysim.incentives.marginal.ratio import ratio_interval, replications_needed
from paysim.incentives.marginal.verdict import judge
from paysim.incentives.outcome import Outcome, Point
from paysim.intervals import mean_interval
from paysim.model.curve import Polynomial
from paysim.model.health import Health
from paysim.model.lever import Lever, StayEffect

SYSTEM = replace(
    paysim.load(Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"), health=Health(20_000.0, 0.25)
)
IDS = tuple(SYSTEM.organisations)
HOSPITAL, PRACTICE, CCG = IDS.index("hospital"), IDS.index("practice"), IDS.index("hill_ccg")
WARD = SYSTEM.step_ids.index("emergency.ward")
LEVER = Lever(
    "home", "Care at home", "practice", "share", 0.0, 0.5, 0.0, 0.1, (StayEffect(("emergency.ward",), Polynomial(1)),),
    Polynomial(1_000.0), effort=Polynomial(200.0), counted=("emergency.ward",), counted_name="admission avoided",
)  # fmt: skip


def outcome(point: Point, replication: int, years: int = 1) -> Outcome:
    money = (2, len(IDS), years)
    income, spend = np.full(money, 1e6), np.zeros(money)
    return Outcome(
        point=point,
        replication=replication,
        income=income,
        spend=spend,
        long_run_income=income,
        long_run_spend=spend,
        short_run_cost=np.full(money[1:], 9e5),
        long_run_cost=np.full(money[1:], 9e5),
        lever_cost=np.zeros(money[1:]),
        qalys=np.full((5, years), 100.0),
        steps=np.full((len(SYSTEM.step_ids), years), 1000.0),
        measures=np.full(len(SYSTEM.measures), 0.2),
    )


def avoided(replication: int, spells: float, years: int = 1) -> Outcome:
    """So many spells fewer: under the first arrangement a tariff of £2,000 goes with each, £700 of cost in any case."""
    made = outcome({"home": 0.1}, replication, years)
    made.income[0, HOSPITAL] -= 2_000 * spells
    made.income[0, CCG] += 2_000 * spells
    made.spend[0, CCG] -= 2_000 * spells
    made.short_run_cost[HOSPITAL] -= 700 * spells
    made.long_run_cost[HOSPITAL] -= 2_100 * spells
    made.lever_cost[PRACTICE] += 100
    made.qalys[0] += 0.01 * spells
    made.steps[WARD] -= spells
    return made


def made_of(spells: list[float], years: int = 1) -> tuple[Change, ...]:
    pairs = [(outcome({}, n, years), avoided(n, each, years)) for n, each in enumerate(spells)]
    return changes(SYSTEM, [LEVER], ("activity", "block"), pairs)


def the(made: tuple[Change, ...], quantity: str, party: str, arrangement: str = ALL, horizon: str = BOTH) -> Change:
    (found,) = [c for c in made if (c.quantity, c.party, c.arrangement, c.horizon)
                == (quantity, party, arrangement, horizon)]  # fmt: skip
    return found


def test_changes_are_per_unit_of_the_lever() -> None:
    made = made_of([30.0, 50.0])
    hospital = the(made, "surplus", "hospital", "activity", "short_run")
    assert hospital.per_unit.tolist() == pytest.approx([-1_300 * 300, -1_300 * 500])
    assert hospital.step_interval().mean == pytest.approx(-1_300 * 40)
    assert the(made, "surplus", "hospital", "activity", "long_run").per_unit.mean() == pytest.approx(100 * 400)
    assert the(made, "surplus", "hospital", "block", "short_run").per_unit.mean() == pytest.approx(700 * 400)
    assert the(made, "surplus", "practice", "block", "short_run").per_unit.tolist() == pytest.approx([-1_000] * 2)
    assert the(made, "income", "hospital", "activity").per_unit.mean() == pytest.approx(-2_000 * 400)
    assert the(made, "spend", "commissioners", "activity").per_unit.mean() == pytest.approx(-2_000 * 400)
    assert the(made, "lever_cost", "practice").per_unit.mean() == pytest.approx(1_000)
    assert the(made, "counted_steps", "residents").per_unit.tolist() == pytest.approx([-300, -500])


def test_net_benefit_is_the_worth_of_health_less_real_cost_and_effort() -> None:
    made = made_of([30.0, 50.0])
    cost = the(made, "real_cost", "system", horizon="short_run").per_unit
    qalys = the(made, "qalys", "residents").per_unit
    assert cost.mean() == pytest.approx(-700 * 400 + 1_000)
    assert qalys.mean() == pytest.approx(4.0)
    assert the(made, "qalys_quintile_1", "residents").per_unit.mean() == pytest.approx(4.0)
    assert not the(made, "qalys_quintile_5", "residents").per_unit.any()
    benefit = the(made, "net_benefit", "system", horizon="short_run").per_unit
    assert benefit.tolist() == pytest.approx((20_000 * qalys - cost - 200).tolist())


def test_surpluses_add_up_to_what_the_system_saves() -> None:
    made = made_of([30.0, 50.0, 20.0])
    for arrangement, horizon in product(("activity", "block"), ("short_run", "long_run")):
        kept = sum(c.per_unit for c in made
                   if (c.quantity, c.arrangement, c.horizon) == ("surplus", arrangement, horizon))  # fmt: skip
        assert kept.tolist() == pytest.approx((-the(made, "real_cost", "system", horizon=horizon).per_unit).tolist())


def test_an_event_avoided_has_the_price_and_the_cost_of_one() -> None:
    made = made_of([30.0, 50.0, 44.0])
    hospital = the(made, "surplus", "hospital", "activity", "short_run").event_interval()
    assert hospital == pytest.approx((-1_300, -1_300, -1_300))
    assert the(made, "surplus", "hill_ccg", "activity", "long_run").event_interval().mean == pytest.approx(2_000)
    practice = the(made, "surplus", "practice", "activity", "short_run").event_interval()
    assert practice.low < practice.mean < practice.high < 0


def test_what_differs_by_the_rounding_of_sums_is_nothing() -> None:
    other = avoided(0, 0.0)
    other.income[1, HOSPITAL] += 1e-6
    made = changes(SYSTEM, [LEVER], ("activity", "block"), [(outcome({}, 0), other)])
    assert not the(made, "surplus", "hospital", "block", "short_run").per_unit.any()


def test_years_are_discounted_alike_and_averaged() -> None:
    assert year_weights(2, 0.25).tolist() == pytest.approx([5 / 9, 4 / 9])
    pair = outcome({}, 0, years=2), avoided(0, 30.0, years=2)
    pair[1].income[0, HOSPITAL, 1] = 1e6
    pair[1].qalys[0, 0] = 100.0
    made = changes(SYSTEM, [LEVER], ("activity", "block"), [pair])
    assert the(made, "income", "hospital", "activity").per_unit[0] == pytest.approx(-2_000 * 300 * 5 / 9)
    assert the(made, "qalys", "residents").per_unit[0] == pytest.approx(3 * 4 / 9)


def test_levers_go_a_step_up_or_down_where_the_range_ends() -> None:
    up, down = LEVER, replace(LEVER, id="down", now=0.5)
    adding_up = replace(LEVER, id="adding_up", high=0.3, now=0.2)
    assert [lever.stride for lever in (up, down, adding_up)] == [0.1, -0.1, 0.1]
    baseline, *others = points([up, down, adding_up])
    assert baseline == {}
    assert others == [{"home": 0.1}, {"down": 0.4}, {"adding_up": 0.3}]


def test_a_step_down_is_told_as_one_up() -> None:
    down = replace(LEVER, now=0.5)
    pairs = [(outcome({}, 0), replace(avoided(0, -30.0), point={"home": 0.4}))]
    hospital = the(changes(SYSTEM, [down], ("activity", "block"), pairs), "surplus", "hospital", "block", "short_run")
    assert hospital.step_interval().mean == pytest.approx(700 * 30)


# Quality -------------------------------------------------------------------------------------------------------------


def measured(*pairs: tuple[float, float], measure: str = "readmission", exact: bool = False) -> tuple[Change, ...]:
    """Replications in which a measure goes from the first of a pair to the second."""
    place = list(SYSTEM.measures).index(measure)
    made = [(outcome({}, n), avoided(n, 30.0 + n)) for n in range(len(pairs))]
    for outcomes, values in zip(made, pairs, strict=True):
        for each, value in zip(outcomes, values, strict=True):
            each.measures[place] = value
    return changes(SYSTEM, [LEVER], ("activity", "block"), made, exact)


def test_shares_move_by_points_and_rates_by_the_head() -> None:
    made = measured((0.14, 0.12), (0.13, 0.12))
    readmission = the(made, "measure:readmission", "system")
    assert readmission.unit == "percentage points"
    assert readmission.per_unit.tolist() == pytest.approx([-20.0, -10.0])
    assert readmission.step_interval().mean == pytest.approx(-1.5)
    rate = the(measured((4.5, 4.6), measure="consultations"), "measure:consultations", "system")
    assert rate.unit == "a resident and year"
    assert rate.per_unit.tolist() == pytest.approx([1.0])
    assert np.isnan(readmission.event_interval()).all(), "a level of the whole system, not of one event"


def test_a_pair_with_nothing_to_measure_does_not_count() -> None:
    nothing = float("nan")
    found = the(measured((0.14, 0.12), (0.13, nothing), (nothing, 0.2), (0.13, 0.12)), "measure:readmission", "system")
    assert found.replications == 2
    assert found.interval() == pytest.approx(mean_interval(np.array([-20.0, -10.0])))
    assert all(c.quantity != "measure:readmission" for c in measured((nothing, nothing), (0.1, nothing)))
    assert resolved_sign(found.per_unit, exact=False) is None


@pytest.mark.parametrize("exact", [True, False])
def test_what_differs_by_rounding_has_not_moved(exact: bool) -> None:
    found = the(measured((0.14, 0.14 + 1e-15), (0.13, 0.13), exact=exact), "measure:readmission", "system")
    assert resolved_sign(found.per_unit, exact) == 0
    assert resolved_sign(np.array([0.0, np.nan]), exact) == 0
    assert resolved_sign(np.full(2, np.nan), exact) is None


# Verdicts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "system", "word"),
    [
        (1, 1, "aligned"),
        (-1, -1, "aligned"),
        (1, -1, "misaligned"),
        (-1, 1, "misaligned"),
        (1, 0, "transfer"),
        (0, 1, "indifferent"),
        (0, 0, "indifferent"),
        (0, None, "indifferent"),
        (None, 1, "not distinguishable"),
        (1, None, "not distinguishable"),
    ],
)
def test_a_verdict_follows_from_two_signs(owner: int | None, system: int | None, word: str) -> None:
    assert judge(owner, system) == word


def test_verdicts_on_an_avoided_admission() -> None:
    lever = replace(LEVER, owner="hospital", cost=Polynomial(), effort=Polynomial())
    pairs = [(outcome({}, n), avoided(n, spells)) for n, spells in enumerate([30.0, 50.0, 44.0])]
    for _, other in pairs:
        other.lever_cost[:] = 0.0
    made = changes(SYSTEM, [lever], ("activity", "block"), pairs)
    found = {(v.arrangement, v.horizon): v for v in verdicts([lever], ("activity", "block"), made)}
    assert {key: verdict.verdict for key, verdict in found.items()} == {
        ("activity", "short_run"): "misaligned",
        ("activity", "long_run"): "aligned",
        ("block", "short_run"): "aligned",
        ("block", "long_run"): "aligned",
    }
    assert found["activity", "short_run"].gainers == ("hill_ccg",)
    assert found["block", "short_run"].gainers == ()
    assert all(verdict.losers == () for verdict in found.values())


def test_effort_counts_against_the_owner_though_it_is_no_money() -> None:
    found = verdicts([LEVER], ("activity", "block"), made_of([30.0, 40.0, 50.0]))[0]
    assert found.owner_change.mean == pytest.approx(-1_200)
    assert found.verdict == "misaligned"


def test_a_single_replication_settles_nothing_but_what_cannot_move() -> None:
    made = made_of([30.0])
    found = verdicts([LEVER], ("activity", "block"), made)[0]
    assert found.verdict == "not distinguishable"
    assert np.isnan(found.replications_needed)
    hospital = replace(LEVER, owner="other_hospital", cost=Polynomial(), effort=Polynomial())
    pair = outcome({}, 0), avoided(0, 30.0)
    pair[1].lever_cost[:] = 0.0
    untouched = verdicts([hospital], ("activity", "block"), changes(SYSTEM, [hospital], ("activity", "block"), [pair]))
    assert untouched[0].verdict == "indifferent"


def test_expected_values_are_known_for_sure() -> None:
    pairs = [(outcome({}, 0), avoided(0, 30.0))]
    made = changes(SYSTEM, [LEVER], ("activity", "block"), pairs, exact=True)
    hospital = the(made, "surplus", "hospital", "activity", "short_run")
    assert hospital.interval() == pytest.approx((-1_300 * 300,) * 3)
    assert hospital.event_interval() == pytest.approx((-1_300,) * 3)
    assert verdicts([LEVER], ("activity", "block"), made)[0].verdict == "misaligned"


# Ratios and numbers of replications -----------------------------------------------------------------------------------


def test_fiellers_interval_holds_the_ratios_that_cannot_be_told_from_the_mean() -> None:
    random = np.random.default_rng(3)
    values, counts = random.normal(500, 90, 12), random.normal(10, 1.5, 12)
    ratio, low, high = ratio_interval(values, counts)
    assert ratio == pytest.approx(values.mean() / counts.mean())
    for end in (low, high):
        touching = mean_interval(values - end * counts)
        assert min(abs(touching.low), abs(touching.high)) < 1e-9 * abs(values).max()
    inside = mean_interval(values - 0.5 * (low + high) * counts)
    assert inside.low < 0 < inside.high


def test_fiellers_interval_holds_the_truth_in_95_of_100_samples() -> None:
    random, hits, samples = np.random.default_rng(1), 0, 2_000
    for _ in range(samples):
        shared = random.normal(0, 1, 6)
        values, counts = 300 + 60 * shared + random.normal(0, 20, 6), 10 + shared + random.normal(0, 1, 6)
        _, low, high = ratio_interval(values, counts)
        hits += low <= 30 <= high
    # Four standard errors of a share of 0.95 in 2,000 samples.
    assert abs(hits / samples - 0.95) < 4 * (0.95 * 0.05 / samples) ** 0.5


def test_a_ratio_over_counts_that_may_be_zero_has_no_interval() -> None:
    found = ratio_interval(np.array([1.0, 2.0, 4.0]), np.array([1.0, -1.2, 0.9]))
    assert np.isnan(found.low)
    assert np.isnan(found.high)
    assert np.isnan(ratio_interval(np.array([1.0, 2.0]), np.zeros(2)).mean)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 50.0), st.integers(2, 6), st.integers(0, 10_000))
def test_so_many_replications_would_do_and_one_fewer_would_not(ratio: float, size: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 1, size)
    values = (values - values.mean()) / values.std(ddof=1) * ratio + 1.0
    needed = replications_needed(values)

    def tells(n: int) -> bool:
        return bool(student.ppf(0.975, n - 1) * ratio / np.sqrt(n) < 1.0)

    if np.isinf(needed):
        assert not tells(10_000)
    else:
        assert tells(int(needed))
        assert needed == 2 or not tells(int(needed) - 1)


def test_beyond_ten_thousand_replications_nobody_is_told_a_number() -> None:
    assert np.isinf(replications_needed(np.array([1.0, -1.0 + 1e-3])))
    assert replications_needed(np.zeros(3)) == 1.0
