"""Payments by the head: published figures, laws, and parameters that contradict each other."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.model.activity import Activity
from paysim.model.terms.heads import (
    CarveOut,
    GlobalSum,
    ListCount,
    QofIndicator,
    QualityAndOutcomesFramework,
    RegisteredListCapitation,
    StopLossBand,
    StopLossForOutliers,
    SubCapitation,
    WholePopulationAnnualPayment,
)
from paysim.payment.terms import VALUATION, pay
from paysim.payment.terms.example import PAYEE, PAYER, in_pounds, seen_of
from paysim.payment.terms.heads.lists import growth_of_list

ONE_INDICATOR = (QofIndicator(559.0),)


def total(term, seen):
    """What the payer pays the payee in all, in pence."""
    return sum(int(flow.pence.sum()) * (1 if flow.payer == PAYER else -1) for flow in pay(term, seen))


# Published figures and figures worked out by hand


def test_global_sum_of_2017():
    [flow] = pay(GlobalSum("global_sum", (85_35,)), seen_of(residents=8_852))
    assert in_pounds(flow) == 755_518.20
    assert flow.pence.max() - flow.pence.min() <= 1


def test_the_out_of_hours_deduction_of_2016_takes_515_in_10_000():
    [flow] = pay(GlobalSum("global_sum", (80_59,), out_of_hours_deduction=0.0515), seen_of(residents=10_000))
    assert in_pounds(flow) == 764_396.15


def test_the_list_is_counted_again_each_quarter():
    [flow] = pay(GlobalSum("global_sum", (12_00,), list_growth=(0.04,)), seen_of(residents=10_000, months=15))
    by_quarter = [10_000_00, 10_100_00, 10_200_00, 10_300_00, 10_400_00]
    assert flow.pence.tolist() == [pence for pence in by_quarter for _ in range(3)]


def test_qof_of_2017_pays_an_average_practice_171_20_a_point():
    term = QualityAndOutcomesFramework("qof", (171_20,), (7_732.0,), ONE_INDICATOR)
    assert total(term, seen_of(residents=7_732)) == 559 * 171_20
    assert total(term, seen_of(residents=2 * 7_732)) == 2 * 559 * 171_20


def test_a_practice_of_half_the_average_list_of_2021_gets_7_443_pounds_for_74_points():
    # Pulse Intelligence, "QOF: how payments are calculated": about 7,443 pounds for 4,550 patients; average 9,103.
    term = QualityAndOutcomesFramework("qof", (201_16,), (9_103.0,), (QofIndicator(74.0),))
    assert total(term, seen_of(residents=4_550)) == pytest.approx(7_443_00, rel=1e-3)
    assert total(term, seen_of(residents=9_103)) == 14_885_84


def test_qof_pays_on_account_and_settles_after_the_year():
    term = QualityAndOutcomesFramework(
        "qof",
        (100_00,),
        (1_000.0,),
        (QofIndicator(100.0, "control", lower_threshold=0.4, upper_threshold=0.8, disease_factor=1.5),),
        aspiration_points=100.0,
    )
    on_account, settled = pay(term, seen_of(measures={"control": [Fraction(6, 10)]}))
    assert in_pounds(on_account) == 7_000.0
    assert in_pounds(settled) == 7_500.0 - 7_000.0
    assert (settled.pence[:11] == 0).all()
    assert (on_account.due, settled.due) == (0, 3)


def test_a_lost_measure_takes_the_payment_on_account_back():
    term = QualityAndOutcomesFramework(
        "qof", (100_00,), (1_000.0,), (QofIndicator(100.0, "control"),), aspiration_points=100.0
    )
    seen = seen_of(measures={"control": [None]})
    assert [in_pounds(flow) for flow in pay(term, seen)] == [7_000.0, -7_000.0]


def test_whole_population_payment_worked_by_hand():
    # 1,000 heads x 1,200 = 1.2m; x 1.01 x 1.02 x 0.99 = 1,223,877.60; less 100,000, and 50,994.90 that grew.
    term = WholePopulationAnnualPayment(
        "wpap",
        1_200_00,
        population_growth=(0.01,),
        growth=(0.02,),
        efficiency=(0.01,),
        carve_outs=(CarveOut(100_000_00), CarveOut(50_000_00, grows=True)),
        paid_elsewhere=("practices",),
    )
    seen = seen_of(paid={"practices.global_sum": 85_350.0})
    annual, elsewhere = pay(term, seen)
    assert in_pounds(annual) == 1_072_882.70
    assert in_pounds(elsewhere) == -85_350.0


def test_stop_loss_worked_by_hand():
    # 120,000: 20,000 in the first band at 80%. 180,000: 50,000 at 80% and 30,000 at 100%. 99,999: nothing.
    term = StopLossForOutliers("cover", None, (StopLossBand(100_000_00, 0.8), StopLossBand(150_000_00, 1.0)))
    seen = seen_of(values_by_resident={"cover": [[120_000], [180_000], [99_999], [100_000]]})
    [flow] = pay(term, seen)
    assert in_pounds(flow) == 16_000.0 + 40_000.0 + 30_000.0
    assert flow.due == 3


def test_a_stop_loss_values_activity_as_a_tariff_does():
    term = StopLossForOutliers("cover", "list", (StopLossBand(1, 1.0),), True, ("spell",), (0.02,))
    valuation = VALUATION[StopLossForOutliers](term, seen_of().contract)
    assert (valuation.prices, valuation.market_forces_factor) == ("list", True)
    assert (valuation.currencies, valuation.price_growth) == (("spell",), (0.02,))


def test_a_stop_loss_pays_for_the_population_that_a_sample_stands_for():
    term = StopLossForOutliers("cover", None, (StopLossBand(100_00, 0.5),))
    seen = seen_of(values_by_resident={"cover": [[300.0]]})
    columns = (np.zeros(0),) * 8
    sample = Activity(seen.system, None, 7.0, *columns)
    assert total(term, replace(seen, activity=sample)) == 7 * total(term, seen) == 7 * 100_00


def test_sub_capitation_pays_heads_and_a_share_of_premium():
    term = SubCapitation("sub", 10_00, premium=("lead",), share_of_premium=0.125)
    heads, premium = pay(term, seen_of(residents=300, received={"lead.capitation": 80_000.0}))
    assert (in_pounds(heads), in_pounds(premium)) == (3_000.0, 10_000.0)
    assert (premium.payer, premium.payee) == (PAYER, PAYEE)


# Laws


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**5), st.integers(1, 30))
def test_payments_by_the_head_are_linear_in_heads_and_do_not_depend_on_activity(some, others, pence, months):
    terms = [
        GlobalSum("x", (pence * 12,), list_growth=(0.25,)),
        WholePopulationAnnualPayment("x", pence * 100, efficiency=(0.5,)),
        SubCapitation("x", pence),
    ]
    for term in terms:
        paid = [
            total(term, seen_of(residents=heads, months=months, values={"tariff": heads}))
            for heads in (some, others, some + others)
        ]
        # Each contract is rounded by itself: two of them are within a penny a year of the whole.
        assert abs(paid[0] + paid[1] - paid[2]) <= 1.5 * 3


@given(st.integers(0, 40), st.floats(-0.5, 0.5).map(lambda growth: round(growth, 3)))
def test_a_year_begins_with_the_list_that_the_year_before_ended_with(year, growth):
    assert growth_of_list((growth,), 12 * (year + 1)) == growth_of_list((growth,), 12 * year) * (
        1 + Fraction(repr(growth))
    )


@given(st.lists(st.integers(0, 500_000), min_size=1, max_size=8), st.integers(0, 3))
def test_recalculating_yearly_pays_for_the_list_of_the_years_first_day(patients, later):
    counts = tuple(ListCount(month * (later + 1), float(each)) for month, each in enumerate(patients))
    term = RegisteredListCapitation("list", (12_00,), counts, "yearly")
    assert total(term, seen_of()) == patients[0] * 12_00


@given(st.fractions(0, 1), st.fractions(0, 1), st.floats(0, 0.49), st.floats(0.5, 1))
def test_qof_rises_with_achievement_and_never_above_all_points(one, other, lower, upper):
    indicator = QofIndicator(100.0, "control", lower_threshold=round(lower, 3), upper_threshold=round(upper, 3))
    term = QualityAndOutcomesFramework("qof", (171_20,), (1_000.0,), (indicator,), aspiration_points=50.0)
    paid = [total(term, seen_of(measures={"control": [each]})) for each in sorted((one, other))]
    assert 0 <= paid[0] <= paid[1] <= 100 * 171_20


residents = st.lists(st.integers(0, 10**9), min_size=1, max_size=8)


@given(residents, st.lists(st.integers(0, 10**9), min_size=1, max_size=3, unique=True), st.data())
def test_a_stop_loss_pays_at_most_what_lies_above_its_attachment_point(values, points, data):
    shares = [round(data.draw(st.floats(0, 1)), 3) for _ in points]
    term = StopLossForOutliers("cover", None, tuple(map(StopLossBand, sorted(points), shares)))
    seen = seen_of(values_by_resident={"cover": [[value / 100] for value in values]})
    assert 0 <= total(term, seen) <= sum(max(0, value - min(points)) for value in values)


@given(residents, residents, st.integers(0, 10**9), st.integers(0, 1))
def test_a_stop_loss_adds_over_residents_whatever_their_order(some, others, point, share):
    term = StopLossForOutliers("cover", None, (StopLossBand(point, float(share)),))

    def paid_for(values):
        return total(term, seen_of(values_by_resident={"cover": [[value / 100] for value in values]}))

    assert paid_for(some) + paid_for(others) == paid_for([*others, *some]) == paid_for([*some, *others][::-1])


@given(st.lists(st.integers(-(10**9), 10**9), min_size=12, max_size=12), st.integers(0, 1000))
def test_what_two_shares_of_premium_leave_is_the_third(months, thousandths):
    seen = seen_of(received={"lead.heads": 1.0})
    [lead] = seen.paid
    seen = replace(seen, paid=(replace(lead, flow=replace(lead.flow, pence=np.array(months))),))

    def share(part):
        return total(SubCapitation("sub", premium=("lead",), share_of_premium=part), seen)

    assert share(1.0) == sum(months)
    if 0 < thousandths < 1000:
        both = share(thousandths / 1000) + share((1000 - thousandths) / 1000)
        assert abs(both - sum(months)) <= 1


def test_an_incomplete_year_pays_as_far_as_it_goes():
    count = (ListCount(0, 100.0),)
    for term, months, expected in [
        (GlobalSum("x", (12_00,)), 5, 1_000 * 5_00),
        (RegisteredListCapitation("x", (12_00,), count), 5, 100 * 5_00),
        (QualityAndOutcomesFramework("x", (12_00,), (1_000.0,), ONE_INDICATOR), 5, 559 * 5_00),
        (WholePopulationAnnualPayment("x", 12_00, carve_outs=(CarveOut(1_200_00),)), 5, 1_000 * 5_00 - 500_00),
        (SubCapitation("x", 12_00), 17, 1_000 * 17_00),
    ]:
        assert total(term, seen_of(months=months)) == expected
    cover = StopLossForOutliers("x", None, (StopLossBand(120_00, 1.0),), charge_per_head=12)
    assert total(cover, seen_of(months=3, values_by_resident={"x": [[50.0]]})) == 20_00 - 1_000 * 3


# Parameters that contradict each other

NEGATIVE = np.array([[1.0, -0.5]])


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (GlobalSum("x", (85_35, -1)), "-0.01 pounds"),
        (GlobalSum("x", (85_35,), NEGATIVE), "weight -0.5"),
        (RegisteredListCapitation("x", (1,), ()), "no count"),
        (RegisteredListCapitation("x", (1,), (ListCount(3, 10.0),)), "a first count in month 3"),
        (RegisteredListCapitation("x", (1,), tuple(ListCount(m, 1.0) for m in (0, 6, 6))), "counts in months 0, 6, 6"),
        (RegisteredListCapitation("x", (-100,), (ListCount(0, 1.0),)), "-1.00 pounds"),
        (QualityAndOutcomesFramework("x", (1,), (1.0,), ()), "no indicators"),
        (
            QualityAndOutcomesFramework("x", (1,), (1.0,), (QofIndicator(1.0, "m", 1.0, 0.5, 0.5),)),
            "thresholds from 0.5 to 0.5",
        ),
        (
            QualityAndOutcomesFramework("x", (1,), (1.0,), ONE_INDICATOR, aspiration_points=560.0),
            "560 aspiration points",
        ),
        (QualityAndOutcomesFramework("x", (-1,), (1.0,), ONE_INDICATOR), "-0.01 pounds"),
        (WholePopulationAnnualPayment("x", -1), "-0.01 pounds"),
        (WholePopulationAnnualPayment("x", 1, NEGATIVE), "weight -0.5"),
        (WholePopulationAnnualPayment("x", 1, carve_outs=(CarveOut(-500),)), "-5.00 pounds"),
        (StopLossForOutliers("x", None, ()), "no bands"),
        (
            StopLossForOutliers("x", None, (StopLossBand(200_00, 0.5), StopLossBand(100_00, 0.8))),
            "attachment points 200.00, 100.00 pounds",
        ),
        (StopLossForOutliers("x", None, (StopLossBand(-1, 0.5),)), "-0.01 pounds"),
        (StopLossForOutliers("x", None, (StopLossBand(1, 0.5),), charge_per_head=-1), "-0.01 pounds"),
        (SubCapitation("x"), "neither annual_per_head nor share_of_premium"),
        (SubCapitation("x", premium=("lead",)), "a premium without a share"),
        (SubCapitation("x", 5, share_of_premium=0.1), "a share of premium without a premium"),
        (SubCapitation("x", -5), "-0.05 pounds"),
        (SubCapitation("x", 5, NEGATIVE), "weight -0.5"),
    ],
)
def test_contradictions_are_found(term, found):
    found_in_words, expected = term.problem()
    assert found_in_words.startswith("found ")
    assert found in found_in_words
    assert expected.startswith("expected ")


def test_terms_without_contradictions_have_no_problem():
    weights = np.array([[1.0, 0.0]])
    for term in [
        GlobalSum("x", (85_35,), weights, (-0.1,), 0.05),
        RegisteredListCapitation("x", (1,), (ListCount(0, 1.0), ListCount(2, 0.0))),
        QualityAndOutcomesFramework("x", (1,), (1.0,), ONE_INDICATOR, aspiration_points=559.0),
        WholePopulationAnnualPayment("x", 1, weights, carve_outs=(CarveOut(1),)),
        StopLossForOutliers("x", None, (StopLossBand(0, 1.0), StopLossBand(1, 0.0))),
        SubCapitation("x", 5, weights, premium=("lead",), share_of_premium=0.1),
    ]:
        assert term.problem() is None
    assert SubCapitation("x", premium=("lead",), share_of_premium=0.1).needs() == ("lead",)
