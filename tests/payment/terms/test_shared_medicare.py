"""Medicare Shared Savings Program: real settlements, the minimum savings rate and what chance alone pays."""

import csv
from fractions import Fraction
from itertools import pairwise
from math import exp, pi, sqrt
from pathlib import Path
from statistics import NormalDist

import pytest

from paysim.model.terms.shared import GainLossShare, MedicareSharedSavings
from paysim.payment.terms import pay
from paysim.payment.terms.example import PAYEE, PAYER, in_pounds, seen_of
from paysim.payment.terms.shared.minimum_savings_rate import minimum_savings_rate
from paysim.payment.terms.shared.tracks import TRACKS


def _settlements() -> list[dict[str, str]]:
    with (Path(__file__).parent / "medicare_settlements.csv").open() as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


SETTLEMENTS = _settlements()
OF_2017 = [row for row in SETTLEMENTS if row["performance_year"] == "2017"]


def settled(row: dict[str, str], disaster: bool = True) -> float:
    """Return dollars paid to the ACO."""
    term = MedicareSharedSavings(
        "settlement",
        track=row["track"],
        performance_year=int(row["performance_year"]),
        target=(int(row["benchmark"]) * 100,),
        spending_terms=("care",),
        assigned_beneficiaries=(int(row["assigned_beneficiaries"]),),
        minimum_savings_rate=float(row["minimum_savings_rate"]) if row["minimum_savings_rate"] else None,
        quality_score=(float(row["quality_score"]),),
        quality_standard=0.0 if row["met_standard"] == "yes" else 1.0,
        disaster_adjustment=(-int(row["disaster_adjustment"]) * 100 if disaster else 0,),
    )
    assert term.problem() is None
    [flow] = pay(term, seen_of(paid={"care.claims": float(row["expenditure"])}))
    assert (flow.payer, flow.payee, flow.due) == (PAYER, PAYEE, 9)
    return in_pounds(flow)


def tolerance(row: dict[str, str]) -> float:
    """Return $1, or what half the last digit of the published quality score comes to where that is more."""
    savings = abs(int(row["benchmark"]) - int(row["expenditure"]))
    return max(1.0, 0.00005 * float(TRACKS[row["track"]].sharing_rate) * savings)


@pytest.mark.parametrize(
    "row", SETTLEMENTS, ids=lambda row: f"{row['performance_year']}-{row['track']}-{row['earned']}"
)
def test_real_settlements_agree_within_a_dollar_or_the_rounding_of_the_published_score(row):
    assert settled(row) == pytest.approx(int(row["earned"]), abs=tolerance(row), rel=0)


def test_only_the_disaster_adjustment_keeps_four_of_sixteen_from_the_plain_rule():
    """The two of the sixteen that the plain rule misses by more than 0.5% are the two largest adjustments."""
    assert len(OF_2017) == 16
    misses = {row["earned"]: settled(row, disaster=False) - int(row["earned"]) for row in OF_2017}
    off = {earned: miss for earned, miss in misses.items() if int(earned) < 0}
    assert sorted(off.values()) == pytest.approx([-139_031, -9_399, -8_908, -980], abs=1)
    far = {earned for earned, miss in misses.items() if abs(miss) > 0.005 * abs(int(earned))}
    assert far == {"-291310", "-1467363"}


def test_minimum_savings_rate_by_size():
    assert float(minimum_savings_rate(5451)) == pytest.approx(0.037645645645645646, rel=1e-12)
    assert f"{float(minimum_savings_rate(5451)):.4%}" == "3.7646%"
    by_size = {row["assigned_beneficiaries"]: row["published_rate"] for row in SETTLEMENTS if row["track"] == "1"}
    assert len(by_size) == 7
    for beneficiaries, published in by_size.items():
        digits = len(published.partition(".")[2])
        assert float(minimum_savings_rate(int(beneficiaries))) == pytest.approx(
            float(published), abs=max(1e-9, 0.5001 * 10.0**-digits) if digits < 9 else 1e-9
        )


AT_ENDS = {
    12.2: (0, 499, 500),
    8.7: (999, 1000),
    5.0: (2999, 3000),
    3.9: (4999, 5000),
    3.6: (5999, 6000),
    3.4: (6999, 7000),
    3.2: (7999, 8000),
    3.1: (8999, 9000),
    3.0: (9999, 10_000),
    2.7: (14_999, 15_000),
    2.5: (19_999, 20_000),
    2.2: (49_999, 50_000),
    2.0: (59_999, 60_000, 1_000_000),
}


@pytest.mark.parametrize(("percent", "sizes"), AT_ENDS.items())
def test_minimum_savings_rate_at_the_ends_of_its_bands(percent, sizes):
    assert {minimum_savings_rate(size) for size in sizes} == {Fraction(str(percent)) / 100}


def test_minimum_savings_rate_never_rises_with_size():
    rates = [minimum_savings_rate(size) for size in range(70_000)]
    assert all(earlier >= later for earlier, later in pairwise(rates))


@pytest.mark.parametrize(
    ("actual", "minimum", "paid"), [(495.50, 0.0, 281_250), (495.50, 0.01, 0), (495.00, 0.01, 312_500)]
)
def test_example_of_member_months(actual, minimum, paid):
    """Target $500.00 a member-month, 125,000 member-months, share 50%."""
    share = GainLossShare(
        "share",
        shares={PAYER: 0.5, PAYEE: 0.5},
        target=(500_00 * 125_000,),
        spending_terms=("care",),
        minimum_savings_rate=minimum,
        loss_cap=0.0,
    )
    seen = seen_of(paid={"care.claims": actual * 125_000})
    [flow] = pay(share, seen)
    assert in_pounds(flow) == paid
    track = MedicareSharedSavings(
        "track",
        track="BASIC E",
        performance_year=2020,
        target=(500_00 * 125_000,),
        spending_terms=("care",),
        minimum_savings_rate=minimum,
    )
    assert in_pounds(pay(track, seen)[0]) == paid


NOISE = [(5_000, 0.039, 0.0025988, 0.0977), (10_000, 0.03, 0.0015758, 0.0795), (20_000, 0.025, 0.0007576, 0.0485)]


@pytest.mark.parametrize(("size", "minimum", "bonus", "chance"), NOISE)
def test_chance_alone_pays_what_the_closed_form_says(size, minimum, bonus, chance):
    """Savings rate N(0, s) with s = 2.13/sqrt(n): expected bonus s_max s phi(m/s), chance of one 1 - Phi(m/s).

    The term is evaluated at 4,000 midpoints of the savings rate, m to 9 s apart, and its mean taken by the normal
    density; what lies beyond 9 s, the width of the steps and whole cents leave less than 1e-5 of it.
    """
    spread = 2.13 / sqrt(size)
    normal = NormalDist(0.0, spread)
    benchmark = 1_000_000_000
    nodes = 2_000
    step = (9 * spread - minimum) / nodes
    below = [minimum * part / 10 for part in range(10)]
    rates = [minimum + (node + 0.5) * step for node in range(nodes)]
    paid = _bonuses(size, benchmark, [-minimum, *below, *rates])
    assert not any(paid[:11])
    assert all(paid[11:])
    density = [exp(-((rate / spread) ** 2) / 2) / (spread * sqrt(2 * pi)) for rate in rates]
    expected = step * sum(weight * pounds for weight, pounds in zip(density, paid[11:], strict=True)) / benchmark
    closed = 0.5 * spread**2 * normal.pdf(minimum)
    assert expected == pytest.approx(closed, rel=1e-5)
    assert closed == pytest.approx(bonus, abs=5e-8)
    assert 1 - normal.cdf(minimum) == pytest.approx(chance, abs=5e-5)


def _bonuses(size: int, benchmark: int, rates: list[float]) -> list[float]:
    """Return what Track 1 of 2019, without sequestration and cap in reach, pays at each savings rate: a year each."""
    term = MedicareSharedSavings(
        "track",
        track="1",
        performance_year=2019,
        target=(benchmark * 100,),
        spending_terms=("care",),
        assigned_beneficiaries=(size,),
    )
    return [in_pounds(pay(term, seen_of(paid={"care.claims": round(benchmark * (1 - rate), 2)}))[0]) for rate in rates]


@pytest.mark.parametrize("year", range(2014, 2025))
def test_sequestration_takes_two_percent_but_for_2019_and_2020(year):
    term = MedicareSharedSavings(
        "track", track="3", performance_year=year, target=(100_000_000,), spending_terms=("care",)
    )
    [flow] = pay(term, seen_of(paid={"care.claims": 800_000.0}, residents=60_000))
    assert in_pounds(flow) == (150_000 if year in (2019, 2020) else 147_000)


def test_the_cap_binds_after_sequestration():
    term = MedicareSharedSavings(
        "track", track="1", performance_year=2017, target=(100_000_000,), spending_terms=("care",)
    )
    seen = {
        share: seen_of(paid={"care.claims": 1_000_000 * (1 - share)}, residents=60_000) for share in (0.2, 0.204, 0.3)
    }
    assert [in_pounds(pay(term, each)[0]) for each in seen.values()] == [98_000, 99_960, 100_000]


@pytest.mark.parametrize(("agreement_year", "limits"), [(1, [50, 75, 100, 100]), (2, [75, 100, 100, 100])])
def test_losses_of_track_2_are_limited_by_the_year_of_the_agreement(agreement_year, limits):
    term = MedicareSharedSavings(
        "track",
        track="2",
        performance_year=2014,
        agreement_year=agreement_year,
        target=(100_000,),
        spending_terms=("care",),
    )
    [flow] = pay(term, seen_of(paid={"care.claims": [2000.0] * 4}, months=48))
    assert [-flow.pence[month] / 100 for month in (11, 23, 35, 47)] == limits


@pytest.mark.parametrize(
    ("track", "limit", "by_revenue"), [("1+", 40, 24), ("BASIC C", 10, 6), ("BASIC D", 20, 12), ("BASIC E", 40, 24)]
)
def test_losses_are_limited_by_benchmark_or_revenue_whichever_is_less(track, limit, by_revenue):
    def owed(revenue):
        term = MedicareSharedSavings(
            "track",
            track=track,
            performance_year=2020,
            target=(100_000,),
            spending_terms=("care",),
            minimum_savings_rate=0.0,
            revenue=revenue,
        )
        return -in_pounds(pay(term, seen_of(paid={"care.claims": 2000.0}))[0])

    assert [owed(None), owed((300_00,)), owed((5_000_00,))] == [limit, by_revenue, limit]


@pytest.mark.parametrize(
    ("score", "rate"), [(1.0, 0.4), (0.8, 0.4), (0.6, 0.55), (0.4, 0.7), (0.3, 0.75), (0.1, 0.75), (0.0, 0.75)]
)
def test_the_better_the_quality_the_less_of_a_loss_is_owed(score, rate):
    term = MedicareSharedSavings(
        "track",
        track="ENHANCED",
        performance_year=2022,
        target=(1_000_000_00,),
        spending_terms=("care",),
        minimum_savings_rate=0.02,
        quality_score=(score,),
    )
    assert in_pounds(pay(term, seen_of(paid={"care.claims": 1_020_000.0}))[0]) == -20_000 * rate
    assert in_pounds(pay(term, seen_of(paid={"care.claims": 1_019_999.99}))[0]) == 0


def test_low_revenue_organisations_share_at_half_the_rate_under_the_minimum():
    def paid(year, spent, residents=10_000, **more):
        term = MedicareSharedSavings(
            "track", track="BASIC A", performance_year=year, target=(100_000_00,), spending_terms=("care",), **more
        )
        return in_pounds(pay(term, seen_of(paid={"care.claims": spent}, residents=residents))[0])

    assert paid(2024, 99_000.0, low_revenue=True) == 0.98 * 0.2 * 1000
    assert paid(2024, 97_000.0, low_revenue=True) == 0.98 * 0.4 * 3000
    assert paid(2024, 99_000.0) == 0
    assert paid(2023, 99_000.0, low_revenue=True) == 0
    assert paid(2024, 99_000.0, residents=4_999, low_revenue=True) == 0


def test_beneficiaries_are_the_residents_unless_given_and_quality_is_the_measure_where_observed():
    def paid(seen, **more):
        term = MedicareSharedSavings(
            "track", track="1", performance_year=2019, target=(100_000_00,), spending_terms=("care",), **more
        )
        [flow] = pay(term, seen)
        return [int(flow.pence[month]) / 100 for month in (11, 23)]

    spent = {"care.claims": [97_000.0, 97_000.0]}
    small, large = (seen_of(paid=spent, residents=size, months=24) for size in (5_451, 20_000))
    assert [paid(small), paid(large)] == [[0, 0], [1500, 1500]]
    assert paid(small, assigned_beneficiaries=(20_000, 5_000)) == [1500, 0]
    measured = seen_of(paid=spent, residents=20_000, months=24, measures={"control": [Fraction(1, 2), None]})
    assert paid(measured, quality_measure="control", quality_score=(0.8,)) == [750, 1200]


def test_a_benchmark_below_zero_takes_nothing_from_who_saves():
    term = MedicareSharedSavings(
        "aco", spending_terms=("c.spent",), target_terms=("c.target",), track="1", performance_year=2017
    )
    seen = seen_of(paid={"c.spent": -1_000_000.0, "c.target": -500_000.0})
    assert sum(in_pounds(flow) for flow in pay(term, seen)) == 0
