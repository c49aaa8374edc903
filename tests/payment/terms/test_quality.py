"""Quality terms: worked amounts, a reference in plain Python, laws, and parameters that contradict each other."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
import reference_quality as reference
from hypothesis import given
from hypothesis import strategies as st
from monthly_cases import months_of, some_of

from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.terms import KINDS
from paysim.model.terms.quality import (
    Achievement,
    Cquin,
    ImprovementPayment,
    Indicator,
    PerformancePayment,
    QualityGate,
    Sanctions,
    Standard,
)
from paysim.payment.terms import pay
from paysim.payment.terms.example import PAYEE, PAYER, in_pounds, seen_of
from paysim.payment.terms.seen import Flow, Paid

RESIDENTS = 200_000
EMPTY = seen_of(residents=RESIDENTS)
CASES = 10_000
FOUR_HOURS = Standard("four_hours", "higher", 0.95, "attendances", 120_00, 0.15)


def total(flows):
    return sum(in_pounds(flow) for flow in flows)


def seen(months=12, paid=None, **values):
    """Return what a term sees, with the pence paid in each month and the measures by year."""
    flows = () if paid is None else (Paid("contract", "block", Flow(PAYER, PAYEE, np.array(paid, dtype=np.int64))),)
    return replace(EMPTY, periods=months, paid=flows, measures=lambda: values)


# Worked amounts


def cquin_of(*indicators, **changes):
    return Cquin(**{"id": "cquin", "of": ("block",), "earns": 0.0125, "indicators": indicators} | changes)


def test_cquin_between_its_thresholds():
    # 2022/23: 1.25% of £80m is £1m; 40% lies 60% of the way from 25% to 50%.
    term = cquin_of(Indicator("wounds", "higher", 0.25, 0.5, 1.0))
    flows = pay(term, seen_of(paid={"block": 80e6}, measures={"wounds": [Fraction(2, 5)]}))
    assert [in_pounds(flow) for flow in flows] == [1_000_000, -400_000]
    assert (flows[0].due, flows[1].due) == (0, 3)
    assert len(set(flows[0].pence.tolist())) <= 2
    assert np.flatnonzero(flows[1].pence).tolist() == [11]


@pytest.mark.parametrize(
    ("value", "earned"),
    [(0.0, 0), (0.25, 0), (0.26, 40_000), (0.3, 200_000), (0.499, 996_000), (0.5, 1_000_000), (0.9, 1_000_000)],
)
def test_cquin_on_account_or_after_the_year_is_the_same_money(value, earned):
    one = seen_of(paid={"block": 80e6}, measures={"wounds": [Fraction(str(value))]})
    for on_account in (0.0, 0.5, 1.0):
        assert total(pay(cquin_of(Indicator("wounds", "higher", 0.25, 0.5, 1.0), on_account=on_account), one)) == earned


def test_cquin_where_lower_is_better():
    term = cquin_of(Indicator("readmission", "lower", 0.14, 0.10, 1.0))
    by_value = {Fraction(14, 100): 0, Fraction(15, 100): 0, Fraction(13, 100): 250_000, Fraction(5, 100): 1_000_000}
    for value, earned in by_value.items():
        assert total(pay(term, seen_of(paid={"block": 80e6}, measures={"readmission": [value]}))) == earned


def test_cquin_weights_and_an_indicator_that_does_not_apply():
    term = cquin_of(
        Indicator("a", "higher", 0.5, 1.0, 0.25),
        Indicator("b", "higher", 0.5, 1.0, 0.75),
    )
    measures = {"a": [Fraction(1), Fraction(1), None], "b": [Fraction(1, 2), None, None]}
    one = seen_of(months=36, paid={"block": [80e6, 80e6, 80e6]}, measures=measures)
    on_account, settled = pay(term, one)
    earned = (on_account.pence + settled.pence).reshape(3, 12).sum(axis=1) / 100
    assert earned.tolist() == [250_000, 1_000_000, 1_000_000]


def test_improvement_over_baseline_by_points_up_to_the_most():
    term = ImprovementPayment("improvement", "delayed", "lower", (0.06, 0.05), 20_000_00, 0.01, 50_000_00)
    measures = {"delayed": [Fraction(45, 1000), Fraction(2, 100), Fraction(6, 100)]}
    (flow,) = pay(term, seen_of(months=36, measures=measures))
    assert (flow.pence.reshape(3, 12).sum(axis=1) / 100).tolist() == [30_000, 50_000, 0]
    assert flow.due == 3


def test_a_gate_withholds_where_the_threshold_is_missed_by_anything():
    term = QualityGate("gate", ("gain",), 0.5, "four_hours", "higher", 0.95)
    for value, withheld in ((Fraction(95, 100), 0), (Fraction(95, 100) - Fraction(1, 10**9), 200_000)):
        (flow,) = pay(term, seen_of(paid={"gain": 400_000}, measures={"four_hours": [value]}))
        assert in_pounds(flow) == -withheld
        assert (flow.payer, flow.payee) == (PAYER, PAYEE)
    assert total(pay(term, seen_of(paid={"gain": -400_000}, measures={"four_hours": [Fraction(0)]}))) == 0
    assert total(pay(term, seen_of(paid={"gain": 400_000}, measures={"four_hours": [None]}))) == 0


def test_performance_pays_the_best_threshold_reached():
    steps = (Achievement(0.4, 10_000_00), Achievement(0.6, 25_000_00), Achievement(0.75, 60_000_00))
    term = PerformancePayment("ltc", "control", "higher", steps)
    for value, paid in ((0.39, 0), (0.4, 10_000), (0.74, 25_000), (0.75, 60_000), (1, 60_000)):
        assert total(pay(term, seen_of(measures={"control": [Fraction(str(value))]}))) == paid
    (part,) = pay(term, seen_of(months=15, measures={"control": [Fraction(3, 5)] * 2}))
    assert (part.pence[11], part.pence[14]) == (25_000_00, 6_250_00)


def test_four_hour_sanctions():
    # 100,000 attendances at 93%: 7,000 breaches, 5,000 tolerated. At 80%: no more than 15,000 count.
    term = Sanctions("sanctions", (FOUR_HOURS,))
    for value, owed in ((0.97, 0), (0.95, 0), (0.93, 240_000), (0.85, 1_200_000), (0.8, 1_200_000)):
        measures = {"four_hours": [Fraction(str(value))], "attendances": [Fraction(1, 2)]}
        (flow,) = pay(term, seen_of(residents=RESIDENTS, measures=measures))
        assert in_pounds(flow) == -owed
        assert flow.due == 1


def test_sanctions_of_all_standards_stay_within_a_share_of_contract_value():
    long_waits = Standard("long_waits", "lower", 0.08, "referrals", 150_00)
    measures = {
        "four_hours": [Fraction(93, 100)],
        "attendances": [Fraction(1, 2)],
        "long_waits": [Fraction(1, 10)],
        "referrals": [Fraction(1, 4)],
    }
    # £240,000, and 1,000 of 50,000 referrals beyond 8% at £150.
    both = Sanctions("sanctions", (FOUR_HOURS, long_waits))
    assert total(pay(both, seen_of(residents=RESIDENTS, measures=measures))) == -390_000
    for value, owed in ((100e6, 390_000), (15.6e6, 390_000), (10e6, 250_000), (0, 0), (-5e6, 0)):
        limited = replace(both, of=("block",), most_share=0.025)
        one = seen_of(residents=RESIDENTS, paid={"block": value}, measures=measures)
        assert total(pay(limited, one)) == -owed


def test_sanctions_refuse_measures_that_are_no_share_or_no_rate():
    kinds = {"four_hours": "within", "attendances": "rate"}
    for swapped in ({"attendances": "share"}, {"four_hours": "stay"}):
        measures = {
            id: Measure(id, id, kind, (), None, None)  # type: ignore[arg-type]
            for id, kind in (kinds | swapped).items()
        }
        values = {"four_hours": (Fraction(1),), "attendances": (Fraction(1),)}
        one = replace(seen(**values), system=replace(EMPTY.system, measures=measures))
        (wrong,) = swapped
        with pytest.raises(InputError, match=f"contract contract, term sanctions: found measure {wrong}"):
            pay(Sanctions("sanctions", (FOUR_HOURS,)), one)


# The reference


def random_value(draw):
    """A share as counts give it, sometimes exactly at a threshold, sometimes of nobody."""
    if draw.random() < 0.05:
        return None
    if draw.random() < 0.3:
        return Fraction(draw.randrange(0, 101), 100)
    whole = draw.randrange(1, 100_000)
    return Fraction(draw.randrange(whole + 1), whole)


def random_months(draw):
    return draw.choice([1, 5, 12, 12, 13, 24, 31])


def random_paid(draw, months):
    least = -(10**6) if draw.random() < 0.1 else 0
    return [draw.randrange(least, 10 ** draw.randrange(1, 11)) for _ in range(months)]


def random_share(draw):
    return draw.choice([0.0, 0.0125, 0.025, 0.1, 0.3, 0.5, 1.0, round(draw.random(), draw.randrange(1, 7))])


def two_shares(draw, better):
    low, high = sorted(draw.sample(range(101), 2))
    return (low / 100, high / 100) if better == "higher" else (high / 100, low / 100)


def random_better(draw):
    return draw.choice(["higher", "lower"])


def years_of(months):
    return range(-(-months // 12))


def compare(term, one, expected):
    assert term.problem() is None
    flows = pay(term, one)
    assert all((flow.payer, flow.payee) == (PAYER, PAYEE) for flow in flows)
    assert [flow.due for flow in flows] == [due for due, _ in expected]
    assert [flow.pence.tolist() for flow in flows] == list(expected.values())
    return any(any(pence) for pence in expected.values())


def narrowed(draw, one):
    """Return what is seen by a contract that, half of the time, covers some months of the run only."""
    covered = some_of(draw, one.periods)
    return replace(one, contract=replace(one.contract, scope=replace(one.contract.scope, periods=covered)))


def test_cquin_against_the_reference():
    draw, moved = random.Random(1), 0
    for _ in range(CASES):
        months = random_months(draw)
        paid, names = random_paid(draw, months), "abc"[: draw.randrange(1, 4)]
        values = {name: tuple(random_value(draw) for _ in years_of(months)) for name in names}
        cuts = sorted(draw.randrange(101) for _ in names[1:])
        weights = [(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
        indicators = [
            (name, better, *two_shares(draw, better), weight)
            for name, weight in zip(names, weights, strict=True)
            for better in (random_better(draw),)
        ]
        earns, on_account, delay = random_share(draw), random_share(draw), draw.randrange(1, 13)
        term = Cquin("cquin", ("block",), earns, tuple(Indicator(*each) for each in indicators), on_account, delay)
        one = narrowed(draw, seen(months, paid, **values))
        expected = reference.cquin(months_of(one), paid, values, earns, on_account, indicators, delay)
        moved += compare(term, one, expected)
    assert moved > CASES / 2


def test_improvement_payment_against_the_reference():
    draw, moved = random.Random(2), 0
    for _ in range(CASES):
        months, better = random_months(draw), random_better(draw)
        values = tuple(random_value(draw) for _ in years_of(months))
        baseline = tuple(draw.randrange(101) / 100 for _ in range(draw.randrange(1, 4)))
        pays, most, delay = draw.randrange(10**8), draw.randrange(10**10), draw.randrange(13)
        for_each = draw.choice([0.01, 0.001, 0.05, 1.0, 0.3])
        term = ImprovementPayment("improvement", "m", better, baseline, pays, for_each, most, delay)
        one = narrowed(draw, seen(months, m=values))
        expected = reference.improvement(months_of(one), values, better, baseline, pays, for_each, most, delay)
        moved += compare(term, one, expected)
    assert moved > CASES / 3


def test_quality_gate_against_the_reference():
    draw, moved = random.Random(3), 0
    for _ in range(CASES):
        months, better = random_months(draw), random_better(draw)
        paid, values = random_paid(draw, months), tuple(random_value(draw) for _ in years_of(months))
        withholds, threshold, delay = random_share(draw), draw.randrange(101) / 100, draw.randrange(13)
        term = QualityGate("gate", ("block",), withholds, "m", better, threshold, delay)
        one = narrowed(draw, seen(months, paid, m=values))
        expected = reference.gate(months_of(one), paid, values, better, threshold, withholds, delay)
        moved += compare(term, one, expected)
    assert moved > CASES / 4


def test_performance_payment_against_the_reference():
    draw, moved = random.Random(4), 0
    for _ in range(CASES):
        months, better = random_months(draw), random_better(draw)
        values = tuple(random_value(draw) for _ in years_of(months))
        at = sorted(draw.sample(range(101), draw.randrange(1, 6)), reverse=better == "lower")
        pays = sorted(draw.randrange(10**9) for _ in at)
        steps = [(threshold / 100, pence) for threshold, pence in zip(at, pays, strict=True)]
        delay = draw.randrange(13)
        term = PerformancePayment("p4p", "m", better, tuple(Achievement(*step) for step in steps), delay)
        one = narrowed(draw, seen(months, m=values))
        moved += compare(term, one, reference.performance(months_of(one), values, better, steps, delay))
    assert moved > CASES / 3


def test_sanctions_against_the_reference():
    draw, moved = random.Random(5), 0
    for _ in range(CASES):
        months, names = random_months(draw), ["first", "second"][: draw.randrange(1, 3)]
        paid = random_paid(draw, months)
        values = {name: tuple(random_value(draw) for _ in years_of(months)) for name in names}
        values |= {f"{name}_patients": tuple(random_value(draw) for _ in years_of(months)) for name in names}
        standards = []
        for name in names:
            better, threshold = random_better(draw), draw.randrange(1, 100) / 100
            tolerated = round(1 - threshold, 2) if better == "higher" else threshold
            counted_up_to = draw.choice([1.0, round(tolerated + (1 - tolerated) / 2, 3)])
            pence = draw.choice([120_00, 150_00, 300_00, 1_000_00, draw.randrange(10**6)])
            standards.append((name, better, threshold, f"{name}_patients", pence, counted_up_to))
        most_share, delay = draw.choice([None, 0.025, 1.0, round(draw.random(), 3)]), draw.randrange(13)
        limit = {} if most_share is None else {"of": ("block",), "most_share": most_share}
        term = Sanctions("s", tuple(Standard(*each) for each in standards), settled_after_months=delay, **limit)
        one = narrowed(draw, seen(months, paid, **values))
        expected = reference.sanctions(months_of(one), paid, values, RESIDENTS, standards, most_share, delay)
        moved += compare(term, one, expected)
    assert moved > CASES / 3


# Laws

SHARES = st.fractions(0, 1, max_denominator=10_000)
PAID = st.lists(st.integers(0, 10**12), min_size=12, max_size=12)


@given(SHARES, SHARES, PAID)
def test_more_quality_never_pays_less(one, other, paid):
    worse, better = sorted([one, other])
    terms = [
        cquin_of(Indicator("m", "higher", 0.2, 0.7, 1.0)),
        ImprovementPayment("improvement", "m", "higher", (0.3,), 777_77, 0.01, 22_222_22),
        QualityGate("gate", ("block",), 0.1, "m", "higher", 0.6),
        PerformancePayment("p4p", "m", "higher", (Achievement(0.2, 11), Achievement(0.6, 12_345_67))),
        Sanctions("s", (Standard("m", "higher", 0.9, "rate", 120_00, 0.5),), ("block",), 0.025),
    ]
    for term in terms:
        less, more = (total(pay(term, seen(12, paid, m=(value,), rate=(Fraction(3, 7),)))) for value in (worse, better))
        assert less <= more


@given(SHARES)
def test_lower_is_better_is_higher_is_better_of_the_rest(value):
    """What is earned by a share of patients is earned by the share that is left, the other way round."""
    pairs = [
        (
            cquin_of(Indicator("m", "higher", 0.2, 0.7, 1.0)),
            cquin_of(Indicator("m", "lower", 0.8, 0.3, 1.0)),
        ),
        (
            Sanctions("s", (Standard("m", "higher", 0.9, "rate", 120_00),)),
            Sanctions("s", (Standard("m", "lower", 0.1, "rate", 120_00),)),
        ),
        (QualityGate("g", ("block",), 0.5, "m", "higher", 0.6), QualityGate("g", ("block",), 0.5, "m", "lower", 0.4)),
    ]
    for high, low in pairs:
        first, second = (
            [flow.pence.tolist() for flow in pay(term, seen(12, [10**7] * 12, m=(share,), rate=(Fraction(1, 3),)))]
            for term, share in ((high, value), (low, 1 - value))
        )
        assert first == second


@given(SHARES, PAID, st.floats(0, 1), st.floats(0, 1))
def test_nothing_is_paid_beyond_its_bounds(value, paid, earns, withholds):
    one, year = seen(12, paid, m=(value,), rate=(Fraction(5, 2),)), sum(paid)
    earned = sum(
        int(flow.pence.sum()) for flow in pay(cquin_of(Indicator("m", "lower", 0.9, 0.1, 1.0), earns=earns), one)
    )
    assert 0 <= earned <= Fraction(repr(earns)) * year + Fraction(1, 2)
    improvement = ImprovementPayment("i", "m", "higher", (0.0,), 10**9, 0.01, 12_345)
    assert 0 <= pay(improvement, one)[0].pence.sum() <= 12_345
    (gate,) = pay(QualityGate("g", ("block",), withholds, "m", "higher", 1.0), one)
    assert -year <= gate.pence.sum() <= 0
    (owed,) = pay(Sanctions("s", (Standard("m", "higher", 0.95, "rate", 10**8),), ("block",), 0.025), one)
    assert -Fraction(25, 1000) * year - Fraction(1, 2) <= int(owed.pence.sum()) <= 0


@given(SHARES, PAID, PAID)
def test_a_contract_in_two_parts_earns_the_same_but_for_a_penny(value, one, other):
    """CQUIN and gate are in proportion to contract value."""
    for term, flows in ((cquin_of(Indicator("m", "higher", 0.2, 0.7, 1.0)), 2), (
        QualityGate("g", ("block",), 0.1, "m", "higher", 0.6), 1)):  # fmt: skip
        whole = [a + b for a, b in zip(one, other, strict=True)]
        pence = [
            sum(int(flow.pence.sum()) for flow in pay(term, seen(12, paid, m=(value,)))) for paid in (whole, one, other)
        ]
        assert abs(pence[0] - pence[1] - pence[2]) <= 1
        assert len(pay(term, seen(12, whole, m=(value,)))) == flows


# Parameters that contradict each other


@pytest.mark.parametrize(
    ("term", "found"),
    [
        (cquin_of(Indicator("m", "higher", 0.5, 0.25, 1.0)), "nothing_at and all_at 0.5, 0.25 of m"),
        (cquin_of(Indicator("m", "lower", 0.1, 0.2, 1.0)), "nothing_at and all_at 0.1, 0.2 of m"),
        (cquin_of(Indicator("m", "higher", 0.5, 0.5, 1.0)), "nothing_at and all_at 0.5, 0.5 of m"),
        (cquin_of(Indicator("m", "higher", 0.5, 0.6, 0.9)), "indicators whose weights add up to 0.9"),
        (cquin_of(), "indicators whose weights add up to 0"),
        (ImprovementPayment("i", "m", "higher", (0.5,), 1, 0.0, 1), "for_each 0"),
        (PerformancePayment("p", "m", "higher", ()), "no steps"),
        (PerformancePayment("p", "m", "higher", (Achievement(0.5, 1), Achievement(0.4, 2))), "steps at 0.5, 0.4"),
        (PerformancePayment("p", "m", "lower", (Achievement(0.4, 1), Achievement(0.5, 2))), "steps at 0.4, 0.5"),
        (
            PerformancePayment("p", "m", "higher", (Achievement(0.4, 2), Achievement(0.5, 1))),
            "a step that pays less than the one before",
        ),
        (Sanctions("s", ()), "no standards"),
        (Sanctions("s", (FOUR_HOURS,), most_share=0.025), "most_share without `of`"),
        (Sanctions("s", (replace(FOUR_HOURS, counted_up_to=0.05),)), "counted_up_to 0.05 of four_hours"),
    ],
)
def test_contradictions_are_told(term, found):
    found_in_words, expected = term.problem()
    assert found_in_words.startswith("found ")
    assert found in found_in_words
    assert expected.startswith("expected ")


def test_weights_that_add_up_in_decimals_are_accepted():
    assert cquin_of(*(Indicator(f"m{n}", "higher", 0.1, 0.2, 0.1) for n in range(10))).problem() is None


def test_terms_tell_what_they_refer_to():
    assert cquin_of().needs() == ("block",)
    assert QualityGate("g", ("gain", "other.block"), 0.5, "m", "higher", 0.5).needs() == ("gain", "other.block")
    assert Sanctions("s", (FOUR_HOURS,)).needs() == ()
    assert Sanctions("s", (FOUR_HOURS, FOUR_HOURS)).measures() == ("four_hours", "attendances")
    assert cquin_of(Indicator("m", "higher", 0.1, 0.2, 1.0)).measures() == ("m",)
    assert ImprovementPayment("i", "n", "higher", (0.0,), 1, 1.0, 1).measures() == ("n",)
    kinds = {"cquin", "improvement_payment", "quality_gate", "performance_payment", "sanctions"}
    assert kinds <= set(KINDS)
