"""Terms that limit what earlier terms pay, or share over- and underspends."""

import numpy as np
import pytest
import reference_limits
from hypothesis import given
from hypothesis import strategies as st
from monthly_cases import flows_of, generated, seen_costed, seen_paid, sums_near

from paysim.model.terms.limits import Band, CapAndCollar, Corridor, CostShare, FloorAndCeiling, RiskShare
from paysim.payment.terms import pay
from paysim.payment.terms.example import in_pounds, seen_of

OF = ("tariff",)
PENCE = st.integers(0, 10**12)
PERCENT = st.integers(0, 100)
MONTHS = st.lists(st.integers(0, 10**10), min_size=12, max_size=12)


def adjusted(term, months):
    """Return what earlier terms and the adjustment come to."""
    return sum(months) + sum(flows_of(term, seen_paid(months))[0])


def bands(random):
    """Return up to four contiguous bands as (end in percent or None, payer's percent)."""
    ends = sorted(random.sample(range(1, 80), random.randint(0, 3)))
    return [(end, random.randint(0, 100)) for end in [*ends, None]]


def as_rows(bands):
    begins = [0, *(end for end, _ in bands[:-1])]
    return tuple(
        Band(begin / 100, payer / 100, None if end is None else end / 100)
        for begin, (end, payer) in zip(begins, bands, strict=True)
    )


class TestExactly:
    @pytest.mark.parametrize(("activity", "moved"), [(8e6, 1.5e6), (10e6, 0), (12e6, -1e6), (9.5e6, 0), (11e6, 0)])
    def test_floor_and_ceiling(self, activity, moved):
        term = FloorAndCeiling("limits", OF, floor=(9_500_000_00,), ceiling=(11_000_000_00,))
        assert in_pounds(pay(term, seen_of(paid={"tariff": activity}))[0]) == moved

    @pytest.mark.parametrize(("activity", "total"), [(8e6, 9.5e6), (9.7e6, 9.7e6), (10.4e6, 10.3e6)])
    def test_cap_and_collar(self, activity, total):
        term = CapAndCollar("limits", OF, (10_000_000_00,), cap=0.03, collar=0.05)
        assert activity + in_pounds(pay(term, seen_of(paid={"tariff": activity}))[0]) == total

    @pytest.mark.parametrize(
        ("activity", "total"), [(10e6, 10e6), (10.1e6, 10.1e6), (10.5e6, 10.35e6), (12e6, 10.6e6), (9e6, 9.5e6)]
    )
    def test_corridor(self, activity, total):
        above = (Band(0.0, 1.0, 0.02), Band(0.02, 0.5, 0.1), Band(0.1, 0.0))
        term = Corridor("limits", OF, (10_000_000_00,), above, below=(Band(0.0, 0.5),))
        assert activity + in_pounds(pay(term, seen_of(paid={"tariff": activity}))[0]) == total

    @pytest.mark.parametrize(("spent", "moved"), [(11e6, -0.4e6), (9e6, 0.5e6), (7e6, 1e6), (20e6, -1e6), (10e6, 0)])
    def test_risk_share(self, spent, moved):
        term = RiskShare("share", OF, (10_000_000_00,), payer_over=0.6, payer_under=0.5, limit=(1_000_000_00,))
        assert in_pounds(pay(term, seen_of(paid={"tariff": spent}))[0]) == moved

    @pytest.mark.parametrize(("cost", "moved"), [(11e6, 0.6e6), (9e6, -0.5e6), (7e6, -1e6), (20e6, 1e6), (10e6, 0)])
    def test_cost_share(self, cost, moved):
        term = CostShare("share", (10_000_000_00,), payer_over=0.6, payer_under=0.5, limit=(1_000_000_00,))
        assert in_pounds(pay(term, seen_of(costs={"provider": cost}))[0]) == moved

    def test_cost_share_counts_only_the_organisations_named(self):
        seen = seen_of(costs={"provider": 3e6, "partner": 5e6}, partners=["partner"])
        alone, other, both = (
            in_pounds(pay(CostShare("share", (2_000_000_00,), 0.5, 0.5, organisations=named), seen)[0])
            for named in (None, ("partner",), ("provider", "partner"))
        )
        assert (alone, other, both) == (0.5e6, 1.5e6, 3e6)

    def test_it_is_booked_at_the_end_of_each_year_and_moves_later(self):
        term = FloorAndCeiling("limits", OF, ceiling=(1_000_00, 3_000_00), settled_after_months=3)
        (flow,) = pay(term, seen_of(paid={"tariff": [2_400, 2_400]}, months=18))
        assert {month: pence for month, pence in enumerate(flow.pence.tolist()) if pence} == {
            11: -1_400_00,
            17: -900_00,
        }
        assert flow.due == 3

    def test_what_other_contracts_and_terms_paid_does_not_count(self):
        seen = seen_of(paid={"tariff": 900, "other": 5_000, "elsewhere.tariff": 5_000})
        assert in_pounds(pay(FloorAndCeiling("limits", OF, ceiling=(800_00,)), seen)[0]) == -100
        assert in_pounds(pay(FloorAndCeiling("limits", ("elsewhere",), ceiling=(800_00,)), seen)[0]) == -4_200


class TestAgainstTheReference:
    def test_floor_and_ceiling(self):
        for random, months in generated("floor and ceiling"):
            one, other = sums_near(random, months), sums_near(random, months)
            length = max(len(one), len(other))
            both = [(by_year + (by_year[-1],) * length)[:length] for by_year in (one, other)]
            floor, ceiling = tuple(map(min, *both)), tuple(map(max, *both))
            floor, ceiling = random.choice([(floor, ceiling), (floor, None), (None, ceiling)])
            term = FloorAndCeiling("limits", OF, floor, ceiling)
            assert term.problem() is None
            assert flows_of(term, seen_paid(months)) == [reference_limits.floor_and_ceiling(months, floor, ceiling)]

    def test_cap_and_collar(self):
        for random, months in generated("cap and collar"):
            expected, cap, collar = sums_near(random, months), random.randint(0, 150), random.randint(0, 100)
            term = CapAndCollar("limits", OF, expected, cap / 100, collar / 100)
            paid = flows_of(term, seen_paid(months))
            assert paid == [reference_limits.cap_and_collar(months, expected, cap, collar)]

    def test_corridor(self):
        for random, months in generated("corridor"):
            expected, above, below = sums_near(random, months), bands(random), bands(random)
            term = Corridor("limits", OF, expected, as_rows(above), as_rows(below))
            assert term.problem() is None
            assert flows_of(term, seen_paid(months)) == [reference_limits.corridor(months, expected, above, below)]

    @pytest.mark.parametrize("kind", [RiskShare, CostShare])
    def test_shares(self, kind):
        for random, months in generated(kind.KIND):
            expected = sums_near(random, months)
            limit = sums_near(random, months) if random.random() < 0.5 else None
            over, under = random.randint(0, 100), random.randint(0, 100)
            if kind is RiskShare:
                term = RiskShare("share", OF, expected, over / 100, under / 100, limit)
                wanted = reference_limits.risk_share(months, expected, over, under, limit)
                assert flows_of(term, seen_paid(months)) == [wanted]
            else:
                term = CostShare("share", expected, over / 100, under / 100, limit=limit)
                wanted = reference_limits.cost_share(months, expected, over, under, limit)
                assert flows_of(term, seen_costed(months)) == [wanted]


class TestLaws:
    @given(MONTHS, PENCE, PENCE)
    def test_what_is_paid_stays_within_floor_and_ceiling(self, months, one, other):
        floor, ceiling = min(one, other), max(one, other)
        total = adjusted(FloorAndCeiling("limits", OF, (floor,), (ceiling,)), months)
        assert floor <= total <= ceiling
        assert total in (sum(months), floor, ceiling)

    @given(MONTHS, PENCE, PERCENT)
    def test_a_cap_never_pays_more_than_the_rounding_of_it(self, months, expected, cap):
        total = adjusted(CapAndCollar("limits", OF, (expected,), cap / 100, 1.0), months)
        assert 100 * total <= expected * (100 + cap) + 50
        assert total <= sum(months)

    @given(MONTHS, MONTHS, PENCE, st.randoms(use_true_random=False))
    def test_more_activity_never_pays_less_and_never_more_than_its_price(self, months, more, expected, random):
        corridor = Corridor("limits", OF, (expected,), as_rows(bands(random)), as_rows(bands(random)))
        share = RiskShare("limits", OF, (expected,), random.random(), random.random())
        ceiling = FloorAndCeiling("limits", OF, ceiling=(expected,))
        together = [one + other for one, other in zip(months, more, strict=True)]
        for term in (corridor, share, ceiling):
            gain = adjusted(term, together) - adjusted(term, months)
            assert 0 <= gain <= sum(more)

    @given(MONTHS, PENCE)
    def test_a_corridor_between_block_and_tariff(self, months, expected):
        def total(payer):
            return adjusted(Corridor("limits", OF, (expected,), (Band(0.0, payer),), (Band(0.0, payer),)), months)

        assert total(0.0) == expected
        assert total(1.0) == sum(months)
        assert min(expected, sum(months)) <= total(0.5) <= max(expected, sum(months))

    @given(MONTHS, PENCE, PERCENT, PERCENT)
    def test_a_corridor_that_stops_paying_is_a_cap_and_collar(self, months, expected, cap, collar):
        limits = CapAndCollar("limits", OF, (expected,), cap / 100, collar / 100)
        above, below = (
            (Band(0.0, 1.0, percent / 100), Band(percent / 100, 0.0)) if percent else (Band(0.0, 0.0),)
            for percent in (cap, collar)
        )
        assert adjusted(Corridor("limits", OF, (expected,), above, below), months) == adjusted(limits, months)

    @given(MONTHS, PENCE, PERCENT, PERCENT)
    def test_a_risk_share_is_a_corridor_of_one_band(self, months, expected, over, under):
        share = RiskShare("limits", OF, (expected,), over / 100, under / 100)
        one_band = Corridor("limits", OF, (expected,), (Band(0.0, over / 100),), (Band(0.0, under / 100),))
        assert adjusted(share, months) == adjusted(one_band, months)

    @given(MONTHS, PENCE, PERCENT, PENCE)
    def test_payers_and_payees_parts_of_a_cost_add_up(self, costs, expected, percent, limit):
        def moved(payer, most=None):
            term = CostShare("share", (expected,), payer / 100, payer / 100, limit=most)
            return sum(flows_of(term, seen_costed(costs))[0])

        assert abs(moved(percent) + moved(100 - percent) - (sum(costs) - expected)) <= 1
        assert abs(moved(percent, (limit,))) <= limit

    @given(MONTHS, st.permutations(range(12)), PENCE)
    def test_when_in_the_year_it_was_paid_is_irrelevant(self, months, order, expected):
        for term in (
            CapAndCollar("limits", OF, (expected,), 0.1, 0.1),
            RiskShare("limits", OF, (expected,), 0.3, 0.8, (expected,)),
        ):
            assert flows_of(term, seen_paid(months)) == flows_of(term, seen_paid([months[m] for m in order]))

    @given(MONTHS, MONTHS, PENCE, PENCE)
    def test_shares_of_two_contracts_on_the_same_side_add_up(self, one, other, less, lesser):
        expected = min(less, sum(one)), min(lesser, sum(other))
        together = [a + b for a, b in zip(one, other, strict=True)]
        parts = [adjusted(RiskShare("s", OF, (e,), 0.5, 0.25), m) for e, m in zip(expected, (one, other), strict=True)]
        whole = adjusted(RiskShare("s", OF, (sum(expected),), 0.5, 0.25), together)
        assert abs(sum(parts) - whole) <= 1


class TestBadParameters:
    @pytest.mark.parametrize(
        ("term", "found"),
        [
            (FloorAndCeiling("x", OF), "neither floor nor ceiling"),
            (FloorAndCeiling("x", OF, (2_00,), (1_00,)), "a floor of 2.00 pounds above a ceiling of 1.00"),
            (FloorAndCeiling("x", OF, (1_00, 9_00), (5_00,)), "a floor of 9.00 pounds above a ceiling of 5.00"),
            (CapAndCollar("x", OF, (-1,), 0.1, 0.1), "an expected sum of -0.01 pounds"),
            (Corridor("x", OF, (-1,), (Band(0.0, 1.0),), (Band(0.0, 1.0),)), "an expected sum of -0.01 pounds"),
            (Corridor("x", OF, (1,), (), (Band(0.0, 1.0),)), "no bands above"),
            (Corridor("x", OF, (1,), (Band(0.0, 1.0),), (Band(0.1, 1.0),)), "first band below begins at 0.1"),
            (Corridor("x", OF, (1,), (Band(0.0, 1.0, 0.1),), (Band(0.0, 1.0),)), "last band above ends at 0.1"),
            (
                Corridor("x", OF, (1,), (Band(0.0, 1.0, 0.1), Band(0.2, 1.0)), (Band(0.0, 1.0),)),
                "ends at 0.1 and one after it that begins at 0.2",
            ),
            (
                Corridor("x", OF, (1,), (Band(0.0, 1.0, 0.3), Band(0.2, 1.0)), (Band(0.0, 1.0),)),
                "ends at 0.3 and one after it that begins at 0.2",
            ),
            (
                Corridor("x", OF, (1,), (Band(0.0, 1.0), Band(0.2, 1.0)), (Band(0.0, 1.0),)),
                "a band above from 0.0 to None",
            ),
            (
                Corridor("x", OF, (1,), (Band(0.0, 1.0, 0.0), Band(0.0, 1.0)), (Band(0.0, 1.0),)),
                "a band above from 0.0 to 0.0",
            ),
            (RiskShare("x", OF, (-5,), 0.5, 0.5), "an expected sum of -0.05 pounds"),
            (RiskShare("x", OF, (5,), 0.5, 0.5, (5, -5)), "limit of -0.05 pounds"),
            (CostShare("x", (-5,), 0.5, 0.5), "an expected sum of -0.05 pounds"),
            (CostShare("x", (5,), 0.5, 0.5, limit=(-5,)), "limit of -0.05 pounds"),
        ],
    )
    def test_are_told(self, term, found):
        problem = term.problem()
        assert problem is not None
        assert found in problem[0]
        assert problem[1].startswith("expected")

    def test_good_ones_are_not(self):
        above = (Band(0.0, 1.0, 0.02), Band(0.02, 0.0))
        assert Corridor("x", OF, (1,), above, (Band(0.0, 1.0),)).problem() is None
        assert FloorAndCeiling("x", OF, (1_00, 2_00), (2_00,)).problem() is None
        assert RiskShare("x", OF, (1,), 0.5, 0.5).problem() is None
        assert CostShare("x", (1,), 0.5, 0.5).problem() is None
        assert CapAndCollar("x", OF, (1,), 0.0, 0.0).problem() is None


def test_sums_of_a_thousand_million_million_pence_are_exact():
    months = [10**15 // 12 + month for month in range(12)]
    term = Corridor("limits", OF, (1,), (Band(0.0, 0.5),), (Band(0.0, 0.5),))
    (flow,) = pay(term, seen_paid(months))
    assert flow.pence.dtype == np.int64
    assert 1 + (sum(months) - 1) // 2 <= sum(months) + int(flow.pence.sum()) <= 2 + (sum(months) - 1) // 2
