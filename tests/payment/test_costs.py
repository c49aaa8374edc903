from fractions import Fraction
from math import ceil, floor

import numpy as np
import pytest
from generated import activities
from hypothesis import given
from hypothesis import strategies as st
from reference import FIRST_DAYS, month
from town import Row, activity, rows_of, town

from paysim.model.errors import InputError
from paysim.model.service import CostStructure, SemiFixed
from paysim.payment.costs import costs

MONTHS = [*FIRST_DAYS, 365]


def cost_of(service, cost, rows, years=1, weight=1.0):
    """Return the cost of one service by month; the others cost nothing."""
    found = costs(activity(town(costs={service: cost}), rows, years=years, weight=weight))
    other = [index for index, id in enumerate(found.services) if id != service]
    assert not found.pence[:, other].any()
    return found.pence[:, found.services.index(service)].tolist()


def test_fixed_cost_is_paid_in_twelfths_and_is_not_scaled():
    monthly = cost_of("medicine", CostStructure(annual_fixed_pence=100_01), [], years=2, weight=20.0)
    assert sum(monthly[:12]) == sum(monthly[12:]) == 100_01
    assert set(monthly) == {8_33, 8_34}


def test_variable_cost_is_that_of_steps_midnights_and_codes():
    cost = CostStructure(per_step_pence=120_00, per_day_pence=60_00, by_code_pence={"AA22C": 900_00})
    rows = [
        Row("ward", "medicine", 28.5, 2.0, code="AA22C", episode=0),
        Row("ward", "medicine", 28.5, 1.0, code="LA04S", episode=1),
        Row("call", "medicine", 28.5, 0.25, episode=2),
        Row("ward", "surgical", 28.5, 0.25, code="AA22C", episode=3),
    ]
    monthly = cost_of("medicine", cost, rows)
    assert monthly[:3] == [(120_00 + 60_00) + 120_00, 120_00 + 2 * 60_00 + 900_00, 0]
    assert cost_of("medicine", cost, rows, weight=2.5)[1] == 2_850_00


@given(activities())
def test_variable_cost_adds_up_over_any_rows(rows):
    cost = CostStructure(per_step_pence=7, per_day_pence=11, by_code_pence={"LA04S": 13})
    expected = [0] * 12
    for row in rows:
        if row.service == "medicine":
            end = row.start + row.stay
            expected[month(end)] += 7 + 11 * (floor(end) - floor(row.start)) + (13 if row.code == "LA04S" else 0)
    assert cost_of("medicine", cost, rows) == expected


def test_numbers_from_numpy_cost_what_others_do():
    rows = [Row("ward", "medicine", 3.0, 20.0)]
    assert cost_of("medicine", beds(np.float64(0.1), 0), rows) == cost_of("medicine", beds(0.1, 0), rows)


def beds(size, lag):
    return CostStructure(semi_fixed=SemiFixed(capacity_per_step=size, annual_pence_per_step=12_000, lag_months=lag))


def stay_of(days, start, count, first=0):
    return [Row("ward", "medicine", start, days, episode=first + n) for n in range(count)]


def test_semi_fixed_cost_follows_use_after_its_lag():
    # 8 beds full in May (day 30 to 61), nothing else; planned capacity is 10 beds.
    monthly = cost_of("medicine", beds(size=4, lag=3), stay_of(31.0, 30.0, 8))
    assert monthly == [3_000] * 3 + [0, 2_000] + [0] * 7


def test_a_step_is_needed_for_any_use_beyond_the_last():
    assert cost_of("medicine", beds(4, 0), stay_of(31.0, 30.0, 4))[1] == 1_000
    barely_more = [*stay_of(31.0, 30.0, 4), *stay_of(2**-14, 40.0, 1, first=4)]
    assert cost_of("medicine", beds(4, 0), barely_more)[1] == 2_000


def test_use_is_scaled_to_the_population():
    assert cost_of("medicine", beds(4, 0), stay_of(31.0, 30.0, 4), weight=2.5)[1] == 3_000
    assert cost_of("medicine", beds(2.5, 0), stay_of(31.0, 30.0, 4), weight=2.5)[1] == 4_000


def test_a_lag_beyond_the_run_keeps_the_planned_capacity():
    assert cost_of("medicine", beds(4, 24), stay_of(31.0, 30.0, 8)) == [3_000] * 12


def test_semi_fixed_cost_of_a_constant_use_adds_up_to_the_annual_sum():
    cost = CostStructure(semi_fixed=SemiFixed(10.0, 100_01, 0))
    assert sum(cost_of("medicine", cost, stay_of(364.5, 0.0, 1))) == 100_01


@given(activities(), st.integers(0, 13))
def test_semi_fixed_cost_is_that_of_exact_fractions(rows, lag):
    use = [Fraction(0)] * 12
    for row in rows:
        if row.service == "medicine":
            for m in range(12):
                inside = min(row.start + row.stay, MONTHS[m + 1]) - max(row.start, MONTHS[m])
                use[m] += max(Fraction(0), Fraction(inside)) / (MONTHS[m + 1] - MONTHS[m])
    steps = [4] * min(lag, 12) + [ceil(u / 3) for u in use][: max(0, 12 - lag)]
    assert cost_of("medicine", beds(3, lag), rows) == [1_000 * s for s in steps]


@given(activities())
def test_costs_do_not_depend_on_the_order_of_rows(rows):
    cost = CostStructure(1_000, SemiFixed(0.1, 999, 1), 7, 11, {"LA04S": 13})
    whole = activity(town(costs={"medicine": cost}), rows)
    shuffled = rows_of(whole, np.random.default_rng(1).permutation(len(whole)))
    assert costs(shuffled).pence.tolist() == costs(whole).pence.tolist()


def test_costs_beyond_64_bits_are_refused():
    rows = stay_of(30.0, 3.0, 2_000)
    with pytest.raises(InputError, match="service medicine: cost"):
        cost_of("medicine", CostStructure(per_day_pence=2**50), rows)
    with pytest.raises(InputError, match="activity weight"):
        cost_of("medicine", CostStructure(per_step_pence=2**51), rows, weight=1e4)


@pytest.mark.parametrize(
    "cost",
    [
        CostStructure(annual_fixed_pence=2**63 - 1, per_step_pence=2**62),
        CostStructure(annual_fixed_pence=2**66),
        CostStructure(semi_fixed=SemiFixed(1.0, 2**62, 0)),
        CostStructure(semi_fixed=SemiFixed(1.0, 2**60, 24)),
        CostStructure(semi_fixed=SemiFixed(1e-15, 10_000, 24)),
    ],
)
def test_annual_costs_beyond_64_bits_are_refused(cost):
    with pytest.raises(InputError, match=r"service medicine: cost.*at most 9223372036854775807 pence"):
        cost_of("medicine", cost, stay_of(31.0, 30.0, 8))


@pytest.mark.parametrize(
    ("cost", "message"),
    [
        (CostStructure(annual_fixed_pence=-1), "annual_fixed_pence: found -1; expected a whole number of at least 0"),
        (CostStructure(per_step_pence=9.5), r"per_step_pence: found 9\.5; expected a whole"),
        (CostStructure(per_day_pence=float("nan")), "per_day_pence: found nan; expected a whole"),
        (CostStructure(by_code_pence={"LA04S": -7}), r"by_code_pence\.LA04S: found -7; expected a whole"),
        (CostStructure(semi_fixed=SemiFixed(5.0, -1, 0)), r"semi_fixed\.annual_pence_per_step: found -1; expected a"),
        (CostStructure(semi_fixed=SemiFixed(5.0, 1, -1)), r"semi_fixed\.lag_months: found -1; expected a whole"),
        (
            CostStructure(semi_fixed=SemiFixed(0.0, 1, 0)),
            r"semi_fixed\.capacity_per_step: found 0\.0; expected a number",
        ),
        (
            CostStructure(semi_fixed=SemiFixed(5.0, 1, 0, 1.5)),
            r"semi_fixed\.planned_utilisation: found 1\.5; expected a",
        ),
    ],
)
def test_costs_that_no_config_could_hold_are_refused(cost, message):
    with pytest.raises(InputError, match=rf"^service\.medicine\.cost\.{message}"):
        cost_of("medicine", cost, [])
