"""Terms that blend a fixed sum with a payment for activity."""

import pytest
import reference_blended
from hypothesis import given
from hypothesis import strategies as st
from monthly_cases import flows_of, generated, growths, seen_valued, sums_near

from paysim.model.errors import InputError
from paysim.model.price import PriceTable
from paysim.model.terms import Block, BudgetNeutral, Tariff
from paysim.model.terms.blended import AlignedPayment, Blended, LowVolumeBlock, PastYear
from paysim.payment.terms import VALUATION, pay
from paysim.payment.terms.example import in_pounds, seen_of
from paysim.payment.valuation import Valuation

PRICES = PriceTable("national", "National prices", {})
PENCE = st.integers(0, 10**12)
PERCENT = st.integers(0, 100)
MONTHS = st.lists(st.integers(0, 10**10), min_size=12, max_size=12)


def total(term, months):
    return sum(map(sum, flows_of(term, seen_valued(term, months))))


def paid_pounds(term, **value):
    return sum(in_pounds(flow) for flow in pay(term, seen_of(values={term.id: value["value"]})))


class TestExactly:
    @pytest.mark.parametrize(("value", "paid"), [(11e6, 10.2e6), (9e6, 9.8e6), (10e6, 10e6)])
    def test_the_emergency_blend_of_2019_20(self, value, paid):
        assert paid_pounds(Blended("blend", 10_000_000_00, PRICES), value=value) == paid

    @pytest.mark.parametrize(
        ("value", "paid"), [(11e6, 10.2e6), (10.5e6, 10.1e6), (12e6, 11.2e6), (8e6, 8.8e6), (9e6, 9.8e6)]
    )
    def test_break_glass_re_sets_the_fixed_amount_beyond_a_deviation(self, value, paid):
        assert paid_pounds(Blended("blend", 10_000_000_00, PRICES, break_glass=0.1), value=value) == paid

    def test_the_fixed_amount_is_paid_monthly_and_the_rest_after_the_year(self):
        term = Blended("blend", 12_000_00, PRICES, settled_after_months=4)
        fixed, variable = pay(term, seen_of(values={"blend": [13_000, 2_000]}, months=18))
        assert fixed.pence.tolist() == [1_000_00] * 18
        assert fixed.due == 0
        assert {m: p for m, p in enumerate(variable.pence.tolist()) if p} == {11: 200_00, 17: -800_00}
        assert variable.due == 4

    @pytest.mark.parametrize(
        ("above", "below", "value", "paid"),
        [
            (0.5, 0.5, 42e6, 101e6),  # 2021/22
            (0.5, 0.5, 38e6, 99e6),
            (0.75, 0.5, 42e6, 101.5e6),  # 2022/23, first consultation
            (0.75, 0.5, 38e6, 99e6),
            (0.75, 0.75, 42e6, 101.5e6),  # 2022/23
            (0.75, 0.75, 38e6, 98.5e6),
        ],
    )
    def test_aligned_payment_with_elective_activity_in_the_fixed_element(self, above, below, value, paid):
        term = AlignedPayment("api", 100_000_000_00, PRICES, (40_000_000_00,), above, below)
        assert paid_pounds(term, value=value) == paid

    @pytest.mark.parametrize(("value", "paid"), [(42e6, 102e6), (38e6, 98e6)])
    def test_aligned_payment_of_2023_24_pays_elective_activity_at_unit_prices(self, value, paid):
        term = AlignedPayment("api", 60_000_000_00, PRICES, (0,), 1.0, 1.0, expected_variable=(40_000_000_00,))
        on_account, left = pay(term, seen_of(values={"api": value}))
        assert in_pounds(on_account) == 100e6
        assert in_pounds(on_account) + in_pounds(left) == paid

    def test_a_low_volume_block_follows_activity_a_third_a_year_later(self):
        term = LowVolumeBlock("lva", (PastYear(300_000_00), PastYear(330_000_00), PastYear(360_000_00)), PRICES)
        (flow,) = pay(term, seen_of(values={"lva": [390_000, 0, 0, 1e9]}, months=48))
        assert {m: p for m, p in enumerate(flow.pence.tolist()) if p} == {
            2: 330_000_00,
            14: 360_000_00,
            26: 250_000_00,
            38: 130_000_00,
        }

    def test_a_low_volume_block_of_part_of_a_year_is_paid_by_its_last_month(self):
        past = (PastYear(120_00),) * 3
        (flow,) = pay(LowVolumeBlock("lva", past, PRICES, paid_in_month=6), seen_of(values={"lva": [1, 1]}, months=15))
        assert {m: p for m, p in enumerate(flow.pence.tolist()) if p} == {
            5: 120_00,
            14: 20_08,
        }  # (120 + 120 + 1) / 3 / 4

    @pytest.mark.parametrize(
        "term",
        [
            Blended("t", 1, PRICES, True, ("spell",), (0.01,)),
            AlignedPayment("t", 1, PRICES, (1,), 1.0, 1.0, True, ("spell",), (0.01,)),
            LowVolumeBlock("t", (PastYear(1),) * 3, PRICES, True, ("spell",), (0.01,)),
        ],
    )
    def test_activity_is_valued_as_a_tariff_with_the_same_prices_values_it(self, term):
        tariff = Tariff("t", PRICES, market_forces_factor=True, currencies=("spell",), price_growth=(0.01,))
        valued = VALUATION[type(term)](term, seen_of().contract)
        assert valued == VALUATION[Tariff](tariff, seen_of().contract) == Valuation(PRICES, True, (0.01,), ("spell",))


class TestAgainstTheReference:
    def test_blended(self):
        for random, months in generated("blended"):
            (planned,), rate = sums_near(random, months)[:1], random.randint(0, 100)
            percents, growth = growths(random)
            glass = random.choice([None, random.randint(0, 150)])
            term = Blended(
                "blend",
                planned,
                PRICES,
                growth=growth,
                variable_rate=rate / 100,
                break_glass=None if glass is None else glass / 100,
            )
            wanted = reference_blended.blended(months, planned, percents, rate, glass)
            assert flows_of(term, seen_valued(term, months)) == wanted

    def test_aligned_payment(self):
        for random, months in generated("aligned payment"):
            fixed, baseline, expected = (sums_near(random, months) for _ in range(3))
            above, below = random.randint(0, 100), random.randint(0, 100)
            percents, growth = growths(random)
            term = AlignedPayment(
                "api",
                fixed[0],
                PRICES,
                baseline,
                above / 100,
                below / 100,
                growth=growth,
                expected_variable=expected,
            )
            wanted = reference_blended.aligned_payment(months, fixed[0], percents, baseline, above, below, expected)
            assert flows_of(term, seen_valued(term, months)) == wanted

    def test_low_volume_block(self):
        for random, months in generated("low volume block"):
            past = [random.randint(0, 50_000_000) for _ in range(3)]
            percents, growth = growths(random)
            month = random.randint(1, 12)
            term = LowVolumeBlock("lva", tuple(map(PastYear, past)), PRICES, growth=growth, paid_in_month=month)
            assert term.problem() is None
            wanted = reference_blended.low_volume_block(months, past, percents, month)
            assert flows_of(term, seen_valued(term, months)) == wanted


class TestLaws:
    @given(MONTHS, PENCE, PERCENT, st.none() | PERCENT)
    def test_a_blend_lies_between_its_parts(self, months, planned, rate, glass):
        term = Blended(
            "blend", planned, PRICES, variable_rate=rate / 100, break_glass=None if glass is None else glass / 100
        )
        assert min(planned, sum(months)) <= total(term, months) <= max(planned, sum(months))

    @given(MONTHS, PENCE)
    def test_a_blend_at_rate_0_is_a_block_and_at_rate_1_a_tariff(self, months, planned):
        block, tariff = (Blended("blend", planned, PRICES, variable_rate=rate) for rate in (0.0, 1.0))
        assert total(block, months) == sum(flows_of(Block("block", planned), seen_valued(block, months))[0]) == planned
        assert total(tariff, months) == sum(months)

    @given(MONTHS, PENCE)
    def test_without_deviation_allowed_the_fixed_amount_is_the_value(self, months, planned):
        assert total(Blended("blend", planned, PRICES, break_glass=0.0), months) == sum(months)

    @given(MONTHS, MONTHS, PENCE, PERCENT, PERCENT)
    def test_more_activity_never_pays_less_and_never_more_than_its_price(self, months, more, sum_, one, other):
        together = [a + b for a, b in zip(months, more, strict=True)]
        for term in (
            Blended("blend", sum_, PRICES, variable_rate=one / 100, break_glass=other / 100),
            AlignedPayment("api", sum_, PRICES, (sum_,), one / 100, other / 100, expected_variable=(sum_ // 7,)),
        ):
            assert 0 <= total(term, together) - total(term, months) <= sum(more)

    @given(MONTHS, PENCE, PENCE, PERCENT, PENCE)
    def test_what_is_expected_moves_cash_and_no_money(self, months, fixed, baseline, rate, expected):
        late, early = (
            AlignedPayment("api", fixed, PRICES, (baseline,), rate / 100, rate / 100, expected_variable=(on_account,))
            for on_account in (0, expected)
        )
        assert total(late, months) == total(early, months)

    @given(MONTHS, PENCE, PENCE)
    def test_aligned_payment_with_the_baseline_fixed_and_one_rate_is_a_blend(self, months, others, planned):
        aligned = AlignedPayment("api", others + planned, PRICES, (planned,), 0.2, 0.2)
        assert total(aligned, months) == others + total(Blended("blend", planned, PRICES), months)

    @given(MONTHS, MONTHS, st.lists(st.integers(0, 50_000_000), min_size=3, max_size=3))
    def test_a_low_volume_block_does_not_depend_on_the_years_own_activity(self, one, other, past):
        term = LowVolumeBlock("lva", tuple(map(PastYear, past)), PRICES, growth=(0.02,))
        assert total(term, one) == total(term, other)

    @given(MONTHS, MONTHS, PENCE, PENCE, PERCENT)
    def test_two_blends_of_parts_of_a_scope_pay_what_one_of_the_whole_pays(self, one, other, plan, another, rate):
        def blend(planned, months):
            return total(Blended("blend", planned, PRICES, variable_rate=rate / 100), months)

        together = [a + b for a, b in zip(one, other, strict=True)]
        assert abs(blend(plan, one) + blend(another, other) - blend(plan + another, together)) <= 1


class TestBadParameters:
    @pytest.mark.parametrize(
        ("term", "found"),
        [
            (Blended("x", -1_00, PRICES), "a planned value of -1.00 pounds"),
            (AlignedPayment("x", -1_00, PRICES, (0,), 1.0, 1.0), "a fixed element of -1.00 pounds"),
            (AlignedPayment("x", 0, PRICES, (0, -2_00), 1.0, 1.0), "a baseline of -2.00 pounds"),
            (LowVolumeBlock("x", (PastYear(1),) * 2, PRICES), "2 past years"),
            (LowVolumeBlock("x", (PastYear(1), PastYear(-1_00), PastYear(9)), PRICES), "a past year of -1.00 pounds"),
            (LowVolumeBlock("x", (PastYear(500_001_00),) * 3, PRICES), "past years of 500,001.00 pounds on average"),
        ],
    )
    def test_are_told(self, term, found):
        problem = term.problem()
        assert problem is not None
        assert found in problem[0]
        assert problem[1].startswith("expected")

    def test_good_ones_are_not(self):
        assert Blended("x", BudgetNeutral("activity"), PRICES).problem() is None
        assert AlignedPayment("x", 1, PRICES, (0,), 1.0, 1.0).problem() is None
        assert LowVolumeBlock("x", (PastYear(500_000_00),) * 3, PRICES).problem() is None

    @pytest.mark.parametrize("kind", [Blended, AlignedPayment])
    def test_an_amount_that_is_still_to_be_set_pays_nothing(self, kind):
        more = {} if kind is Blended else {"baseline": (0,), "above": 1.0, "below": 1.0}
        with pytest.raises(InputError, match="neutral to arrangement activity"):
            pay(kind("x", BudgetNeutral("activity"), PRICES, **more), seen_of(values={"x": 1}))
