"""Shared results: published examples, and laws that hold whatever the parameters."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.model.terms.shared import (
    AcoReach,
    AlternativeQualityContract,
    Band,
    EpisodeBundle,
    GainLossShare,
    Gate,
    MedicareSharedSavings,
)
from paysim.model.terms.shared.medicare import ONE_SIDED, TRACKS
from paysim.payment.terms import pay
from paysim.payment.terms.example import PAYEE, PAYER, in_pounds, seen_of
from paysim.payment.terms.shared.reach import CORRIDORS
from paysim.payment.terms.shared.tracks import TRACKS as RULES

PARTNER = "community"
HALVES = {PAYER: 0.5, PAYEE: 0.5}
POUNDS = st.integers(0, 10**10).map(lambda pence: pence / 100)
MILLIONTHS = st.integers(0, 10**6).map(lambda number: number / 10**6)
GATES = (Gate(0.0, 0.2, 0.8), Gate(2.0, 0.5, 0.5, 0.05), Gate(4.0, 0.8, 0.2, 0.1))


def result(term, spent, **more):
    """Return the pounds that a term pays each payee, where the payer spent so much under contract 'care'."""
    flows = pay(term, seen_of(paid={"care.tariff": spent}, partners=(PARTNER,), **more))
    return {flow.payee: in_pounds(flow) for flow in flows}


def reach(option="professional", **more):
    discount = (0.02,) if option == "global" else None
    return AcoReach(
        "reach", option=option, target=(100_000_000_00,), spending_terms=("care",), discount=discount, **more
    )


@pytest.mark.parametrize(
    ("option", "saved", "kept"),
    [
        ("professional", 12, 4.55),
        ("professional", 5, 2.5),
        ("professional", 10, 4.25),
        ("professional", 15, 5.0),
        ("professional", 40, 6.25),
        ("global", 12, 12.0),
        ("global", 25, 25.0),
        ("global", 35, 30.0),
        ("global", 50, 33.75),
        ("global", 60, 34.75),
    ],
)
def test_corridors_of_aco_reach_on_100_million(option, saved, kept):
    benchmark = replace(reach(option), discount=None)
    for sign in (1, -1):
        spent = (100 - sign * saved) * 1e6
        assert result(benchmark, spent) == {PAYEE: pytest.approx(sign * kept * 1e6, abs=1e-9)}


def test_global_takes_its_discount_off_the_benchmark_and_both_withhold_for_quality():
    assert result(reach("global"), 90e6) == {PAYEE: 8e6}
    assert result(reach("global", quality_score=(0.5,)), 90e6) == {PAYEE: 7e6}
    assert result(reach(quality_score=(0.0,), quality_withhold=(0.05,)), 93e6) == {PAYEE: 1e6}


def test_a_gain_is_shared_by_all_and_the_holder_keeps_its_share():
    shares = {PAYER: 0.4, PAYEE: 0.35, PARTNER: 0.25}
    term = GainLossShare("share", shares=shares, target=(1_000_000_00,), spending_terms=("care",))
    assert result(term, 900_000.0) == {PAYEE: 35_000, PARTNER: 25_000}
    assert result(term, 1_100_000.0) == {PAYEE: -35_000, PARTNER: -25_000}
    assert result(replace(term, loss_shares={PAYER: 1.0}), 1_100_000.0) == {PAYEE: 0, PARTNER: 0}
    assert result(replace(term, held_by=PAYEE), 900_000.0) == {PAYER: 40_000, PARTNER: 25_000}


def test_what_a_lead_providers_services_cost_is_held_against_what_it_was_paid():
    term = GainLossShare(
        "share",
        shares={PAYER: 0.3, PAYEE: 0.5, PARTNER: 0.2},
        held_by=PAYEE,
        target_terms=("capitation",),
        spending_organisations=(PAYEE, PARTNER),
        settled_after_months=2,
    )
    seen = seen_of(
        paid={"capitation": [1000.0, 1000.0], "other": 77.0},
        costs={PAYEE: [700.0, 900.0], PARTNER: [200.0, 150.0]},
        partners=(PARTNER,),
        months=24,
    )
    flows = pay(term, seen)
    assert [(flow.payer, flow.payee, flow.due) for flow in flows] == [(PAYEE, PAYER, 2), (PAYEE, PARTNER, 2)]
    assert [[int(flow.pence[month]) for month in (11, 23)] for flow in flows] == [[30_00, -15_00], [20_00, -10_00]]


def test_bands_share_each_slice_at_its_own_part():
    bands = (Band(0.0, 0.02, 0.0), Band(0.02, 0.05, 0.5), Band(0.05))
    term = GainLossShare("share", shares={PAYEE: 1.0}, bands=bands, target=(1000_00,), spending_terms=("care",))
    assert [result(term, 1000.0 - gain)[PAYEE] for gain in (20, 50, 80, -20, -50, -80)] == [0, 15, 45, 0, -15, -45]
    one_sided = replace(term, loss_bands=(Band(0.0, shared=0.0),), gain_cap=0.04)
    assert [result(one_sided, 1000.0 - gain)[PAYEE] for gain in (20, 50, 80, -20, -50, -80)] == [0, 15, 40, 0, 0, 0]


def test_a_year_that_the_run_has_nine_months_of_counts_nine_twelfths_of_the_target():
    term = GainLossShare("share", shares=HALVES, target=(1200_00, 2400_00), spending_terms=("care",))
    [flow] = pay(term, seen_of(paid={"care.tariff": [1000.0, 1000.0]}, months=21))
    assert (flow.pence[11], flow.pence[20], flow.due) == (100_00, 400_00, 3)


def test_quality_moves_the_shares_of_an_alternative_quality_contract():
    def paid(spent, *scores, **more):
        term = AlternativeQualityContract(
            "aqc", target=(1000_00,), spending_terms=("care",), gates=GATES, gate_score=scores or None, **more
        )
        return [int(pence) / 100 for pence in pay(term, seen_of(paid={"care.tariff": spent}, **run))[0].pence[11::12]]

    run = {"months": 36, "measures": {"score": [None, Fraction(2), Fraction(399, 100)]}}
    assert paid([900.0] * 3, 1.9, 2.0, 4.0) == [20, 100, 180]
    assert paid([1100.0] * 3, 1.9, 2.0, 4.0) == [-80, 0, 80]
    assert paid([900.0] * 3, gate_measure="score") == [20, 100, 100]


def test_an_episode_bundle_is_reconciled_within_stop_loss_and_stop_gain():
    term = EpisodeBundle(
        "bundle",
        spending_terms=("care",),
        target_price=(10_000_00,),
        episodes=(100.0,),
        discount=(0.03,),
        stop_gain=(0.1,),
        stop_loss=(0.05,),
    )
    spent = (970_000.0, 900_000.0, 800_000.0, 1_000_000.0, 1_100_000.0)
    assert [result(term, each)[PAYEE] for each in spent] == [0, 70_000, 97_000, -30_000, -48_500]
    unlimited = replace(term, stop_gain=None, stop_loss=None)
    assert [result(unlimited, each)[PAYEE] for each in spent] == [0, 70_000, 170_000, -30_000, -130_000]


TERMS = [
    GainLossShare(
        "share",
        shares=HALVES,
        loss_shares={PAYER: 0.2, PAYEE: 0.8},
        bands=(Band(0.0, 0.1, 0.9), Band(0.1, None, 0.3)),
        minimum_savings_rate=0.02,
        minimum_loss_rate=0.03,
        gain_cap=0.2,
        loss_cap=0.1,
        target=(1_000_000_00,),
        spending_terms=("care",),
    ),
    *(
        MedicareSharedSavings(
            "track",
            track=track,
            performance_year=2024,
            target=(1_000_000_00,),
            spending_terms=("care",),
            agreement_year=3,
            quality_score=(0.7,),
            low_revenue=track.startswith("BASIC"),
        )
        for track in TRACKS
    ),
    *(replace(reach(option), target=(1_000_000_00,)) for option in CORRIDORS),
    AlternativeQualityContract("aqc", target=(1_000_000_00,), spending_terms=("care",), gates=GATES, gate_score=(1.0,)),
    EpisodeBundle(
        "bundle",
        spending_terms=("care",),
        target_price=(1000_00,),
        episodes=(1000.0,),
        discount=(0.03,),
        stop_gain=(0.2,),
        stop_loss=(0.2,),
    ),
]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.KIND}-{getattr(term, 'track', '')}")
@given(lower=MILLIONTHS, higher=MILLIONTHS)
def test_who_spends_more_is_never_paid_more(term, lower, higher):
    lower, higher = sorted((2e6 * lower, 2e6 * higher))
    assert result(term, lower)[PAYEE] >= result(term, higher)[PAYEE]


@pytest.mark.parametrize("track", TRACKS)
@given(rate=MILLIONTHS, score=MILLIONTHS, year=st.integers(2014, 2026))
def test_caps_and_limits_of_a_track_are_never_exceeded(track, rate, score, year):
    term = MedicareSharedSavings(
        "track",
        track=track,
        performance_year=year,
        target=(1_000_000_00,),
        spending_terms=("care",),
        quality_score=(score,),
    )
    rules = RULES[track]
    paid = Fraction(str(result(term, 2e6 * rate, residents=60_000)[PAYEE]))
    least = 0 if rules.losses is None else -max(rules.losses.limits) * 1_000_000
    assert least <= paid <= rules.savings_cap * 1_000_000
    assert paid >= 0 or track not in ONE_SIDED
    saved = Fraction(1_000_000) - Fraction(str(2e6 * rate))
    assert abs(paid) <= abs(saved) + Fraction(1, 100)
    if abs(saved) < 20_000:
        assert paid == 0


@given(MILLIONTHS, MILLIONTHS, MILLIONTHS, MILLIONTHS)
def test_caps_of_a_gain_share_are_never_exceeded(rate, gain_cap, loss_cap, part):
    term = GainLossShare(
        "share",
        shares={PAYEE: 1.0},
        bands=(Band(0.0, 0.2, part), Band(0.2)),
        gain_cap=gain_cap,
        loss_cap=loss_cap,
        target=(1_000_000_00,),
        spending_terms=("care",),
    )
    paid = Fraction(str(result(term, 2e6 * rate)[PAYEE]))
    penny = Fraction(1, 100)
    assert -Fraction(str(loss_cap)) * 1_000_000 - penny <= paid <= Fraction(str(gain_cap)) * 1_000_000 + penny


@given(st.integers(0, 10**11), POUNDS, st.tuples(*[st.integers(0, 1000)] * 2).filter(lambda pair: sum(pair) <= 1000))
def test_what_all_organisations_get_adds_up_to_the_difference(target, spent, thousandths):
    payee, partner = (share / 1000 for share in thousandths)
    shares = {PAYER: (1000 - sum(thousandths)) / 1000, PAYEE: payee, PARTNER: partner}
    term = GainLossShare("share", shares=shares, target=(target,), spending_terms=("care",))
    assert term.problem() is None
    seen = seen_of(paid={"care.tariff": spent}, partners=(PARTNER,))
    difference = target - round(spent * 100)
    balance = {PAYER: difference, PAYEE: 0, PARTNER: 0}
    for flow in pay(term, seen):
        balance[flow.payer] -= int(flow.pence.sum())
        balance[flow.payee] += int(flow.pence.sum())
    assert sum(balance.values()) == difference
    for organisation, share in shares.items():
        assert abs(balance[organisation] - Fraction(str(share)) * difference) <= 1


@given(POUNDS, POUNDS, st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 1000))
def test_a_gain_share_without_thresholds_pays_the_same_for_two_halves_of_its_scope(one, other, first, second, share):
    def paid(target, *spent):
        shares = {PAYER: (1000 - share) / 1000, PAYEE: share / 1000}
        term = GainLossShare("share", shares=shares, target=(target,), spending_terms=("care",))
        names = {f"care.{number}": amount for number, amount in enumerate(spent)}
        return int(pay(term, seen_of(paid=names))[0].pence.sum())

    assert abs(paid(first, one) + paid(second, other) - paid(first + second, one, other)) <= 1


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.KIND}-{getattr(term, 'track', '')}")
@given(rates=st.tuples(MILLIONTHS, MILLIONTHS))
def test_years_are_settled_each_on_its_own(term, rates):
    spent = [round(2e6 * rate, 2) for rate in rates]
    [both] = pay(term, seen_of(paid={"care.tariff": spent}, months=24))
    alone = [result(term, each)[PAYEE] for each in spent]
    assert [int(both.pence[month]) / 100 for month in (11, 23)] == alone


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.KIND}-{getattr(term, 'track', '')}")
def test_nothing_is_paid_where_spending_meets_the_target(term):
    target = 970_000.0 if isinstance(term, EpisodeBundle) else 980_000.0 if term == TERMS[-3] else 1_000_000.0
    assert result(term, target) == {PAYEE: 0}
