"""The marginal rate emergency rule."""

import pytest
import reference_limits
from hypothesis import given
from hypothesis import strategies as st
from monthly_cases import flows_of, generated, seen_paid, sums_near

from paysim.model.terms.activity import MarginalRate
from paysim.model.terms.limits import Band, Corridor
from paysim.payment.terms import pay
from paysim.payment.terms.example import in_pounds, seen_of

OF = ("tariff",)
MONTHS = st.lists(st.integers(0, 10**10), min_size=12, max_size=12)


def adjusted(term, months):
    return sum(months) + sum(flows_of(term, seen_paid(months))[0])


@pytest.mark.parametrize(
    ("rate", "activity", "paid"), [(0.3, 11.5e6, 10.45e6), (0.7, 11.5e6, 11.05e6), (0.3, 9e6, 9e6), (0.7, 9e6, 9e6)]
)
def test_published_rates_above_a_baseline_of_ten_million(rate, activity, paid):
    term = MarginalRate("mret", OF, (10_000_000_00,), (rate,))
    assert activity + in_pounds(pay(term, seen_of(paid={"tariff": activity}))[0]) == paid


def test_rate_and_baseline_by_year_booked_at_year_ends():
    term = MarginalRate("mret", OF, (1_000_00, 1_200_00), (0.3, 0.7), settled_after_months=1)
    (flow,) = pay(term, seen_of(paid={"tariff": [1_100, 1_300, 800]}, months=30))
    assert {month: pence for month, pence in enumerate(flow.pence.tolist()) if pence} == {
        11: -70_00,
        23: -30_00,
        29: -60_00,
    }
    assert flow.due == 1


def test_against_the_reference():
    for random, months in generated("marginal rate"):
        baseline = sums_near(random, months)
        percents = [random.randint(0, 100) for _ in range(random.randint(1, 4))]
        term = MarginalRate("mret", OF, baseline, tuple(percent / 100 for percent in percents))
        assert flows_of(term, seen_paid(months)) == [reference_limits.marginal_rate(months, baseline, percents)]


@given(MONTHS, MONTHS, st.integers(0, 10**12), st.integers(0, 100))
def test_more_activity_pays_more_by_at_least_the_rate_and_at_most_the_price(months, more, baseline, percent):
    term = MarginalRate("mret", OF, (baseline,), (percent / 100,))
    gain = adjusted(term, [a + b for a, b in zip(months, more, strict=True)]) - adjusted(term, months)
    assert percent * sum(more) - 100 <= 100 * gain <= 100 * sum(more)


@given(MONTHS, st.integers(0, 10**12), st.integers(0, 100))
def test_it_is_a_corridor_that_shares_only_what_is_above(months, baseline, percent):
    corridor = Corridor("corridor", OF, (baseline,), (Band(0.0, percent / 100),), (Band(0.0, 1.0),))
    assert adjusted(MarginalRate("mret", OF, (baseline,), (percent / 100,)), months) == adjusted(corridor, months)


@given(MONTHS, st.integers(0, 10**12))
def test_at_rate_1_it_takes_nothing_and_at_rate_0_all_above(months, baseline):
    assert adjusted(MarginalRate("mret", OF, (baseline,), (1.0,)), months) == sum(months)
    assert adjusted(MarginalRate("mret", OF, (baseline,), (0.0,)), months) == min(sum(months), baseline)


def test_a_baseline_below_zero_is_told():
    assert MarginalRate("x", OF, (1_00, -1_00), (0.3,)).problem() == (
        "found a baseline of -1.00 pounds",
        "expected at least 0 pounds",
    )
    assert MarginalRate("x", OF, (0,), (0.3,)).problem() is None
