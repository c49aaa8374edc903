"""Shared results: parameters that contradict each other are told."""

import pytest

from paysim.model.terms import KINDS
from paysim.model.terms.shared import (
    AcoReach,
    AlternativeQualityContract,
    Band,
    EpisodeBundle,
    GainLossShare,
    Gate,
    MedicareSharedSavings,
)

AGAINST = {"target": (100,), "spending_terms": ("care",)}
GATES = (Gate(0.0, 0.2, 0.8), Gate(2.0, 0.5, 0.5))


def share(**more):
    return GainLossShare("share", **{**AGAINST, "shares": {"payer": 0.6, "payee": 0.4}, **more})


def bands(*ends):
    return tuple(Band(above, up_to, 0.5) for above, up_to in ends)


def track(track="2", **more):
    return MedicareSharedSavings("track", **{**AGAINST, "track": track, "performance_year": 2018, **more})


def reach(option, **more):
    return AcoReach("reach", **{**AGAINST, "option": option, **more})


def contract(**more):
    return AlternativeQualityContract("aqc", **{**AGAINST, "gates": GATES, "gate_score": (1.0,), **more})


def bundle(**more):
    return EpisodeBundle("bundle", **{"spending_terms": ("care",), "target_price": (100,), "episodes": (9.0,), **more})


SOUND = [
    share(),
    share(shares={"a": 0.1, "b": 0.2, "payer": 0.7}),
    share(target=None, target_terms=("budget",)),
    share(spending_terms=(), spending_organisations=("payee",)),
    share(bands=bands((0.0, 0.02), (0.02, None)), loss_bands=bands((0.0, None))),
    share(held_by="payee"),
    track("1"),
    track("2", minimum_savings_rate=0.015),
    track("1+", revenue=(5,)),
    track("BASIC A", low_revenue=True),
    reach("professional"),
    reach("global", discount=(0.02, 0.035)),
    contract(),
    contract(gate_score=None, gate_measure="score"),
    bundle(),
    bundle(episodes=None, pathways=("hips",)),
]

PROBLEMS = [
    (share(shares={"payer": 0.6, "payee": 0.3}), "found shares that sum to 0.9", "sum to 1"),
    (share(shares={"payer": 0.6, "payee": 0.5}), "found shares that sum to 1.1", "sum to 1"),
    (share(shares={"payer": 0.5, "payee": 0.5000001}), "found shares that sum to 1.0000001", "sum to 1"),
    (share(shares={}), "found shares that sum to 0", "sum to 1"),
    (share(shares={"payer": -0.5, "payee": 1.5}), "found a share below 0 in shares", "from 0 to 1"),
    (share(loss_shares={"payer": 0.6}), "found loss_shares that sum to 0.6", "sum to 1"),
    (share(held_by="lead"), "found no share of lead", "expected one, or 0"),
    (share(held_by="payee", loss_shares={"payer": 1.0}), "found no share of payee", "expected one, or 0"),
    (share(bands=bands((0.0, 0.02), (0.03, None))), "found a gap between 0.02 and 0.03 in bands", "begin where"),
    (share(loss_bands=bands((0.0, 0.02), (0.03, None))), "found a gap between 0.02 and 0.03 in loss_bands", "begin"),
    (share(bands=bands((0.0, 0.02), (0.01, None))), "found an overlap between 0.02 and 0.01", "begin where"),
    (share(bands=bands((0.01, None))), "found bands that begin at 0.01", "begin at 0"),
    (share(bands=bands((0.0, 0.1))), "found bands that end at 0.1", "no up_to in the last band"),
    (share(bands=bands((0.0, None), (0.1, None))), "found a band without end before another", "all bands but the last"),
    (share(bands=bands((0.0, 0.0), (0.0, None))), "found a band from 0 to 0", "beyond above"),
    (track("1", minimum_savings_rate=0.02), "found minimum_savings_rate in track 1", "by size"),
    (track("2", minimum_savings_rate=0.013), "found minimum_savings_rate 0.013", "0.005"),
    (track("2", revenue=(5,)), "found revenue in track 2", "BASIC C"),
    (track("1+", revenue=(-5,)), "found revenue below zero", "at least 0"),
    (track("3", low_revenue=True), "found low_revenue in track 3", "BASIC only"),
    (track("3", disaster_adjustment=(-5,)), "found a disaster adjustment below zero", "at least 0"),
    (reach("professional", discount=(0.02,)), "found a discount in the professional option", "none"),
    (reach("global"), "found no discount in the global option", "discount"),
    (contract(gates=()), "found no gates", "at least one"),
    (contract(gates=GATES[1:]), "found no gate for scores under 2", "score 0"),
    (contract(gates=(*GATES, Gate(2.0, 0.6, 0.4))), "found gate 2 after 2", "ascending"),
    (contract(gates=(*GATES, Gate(3.0, 0.4, 0.4))), "found a lower share of surplus at gate 3", "not to fall"),
    (contract(gates=(*GATES, Gate(3.0, 0.6, 0.6))), "found a higher share of deficit at gate 3", "not to rise"),
    (contract(gate_score=None), "found neither gate_score nor gate_measure", "one of them"),
    (contract(gate_measure="score"), "found gate_score and gate_measure", "one of them"),
    (bundle(episodes=None), "found neither pathways nor episodes", "pathways"),
    (bundle(pathways=("hips",)), "found pathways and episodes", "one of them"),
    (bundle(target_price=(-1,)), "found a target price below zero", "at least 0"),
    (bundle(episodes=(-1.0,)), "found episodes below zero", "at least 0"),
    (bundle(spending_terms=()), "found no spending", "spending_terms"),
]


def against_target(**more):
    return [share(**more), track("2", **more), reach("professional", **more), contract(**more)]


@pytest.mark.parametrize("term", SOUND)
def test_sound_parameters_are_no_problem(term):
    assert term.problem() is None


@pytest.mark.parametrize(("term", "found", "expected"), PROBLEMS)
def test_contradictions_are_told(term, found, expected):
    problem = term.problem()
    assert problem is not None
    assert problem[0].startswith(found)
    assert expected in problem[1]


@pytest.mark.parametrize("term", against_target(target=None))
def test_a_missing_target_is_told(term):
    assert term.problem() == ("found no target", "expected target in pounds by year, or target_terms")


@pytest.mark.parametrize("term", against_target(target_terms=("budget",)))
def test_a_target_has_one_baseline(term):
    assert term.problem() == ("found target and target_terms", "expected one of them")


@pytest.mark.parametrize("term", against_target(target=(100, -1)))
def test_a_target_is_not_below_zero(term):
    assert term.problem() == ("found a target below zero", "expected pounds of at least 0")


@pytest.mark.parametrize("term", against_target(spending_terms=()))
def test_there_must_be_spending(term):
    assert term.problem() is not None
    assert term.problem()[0] == "found no spending"


def test_terms_tell_what_they_need_and_whom_they_pay():
    term = share(target=None, target_terms=("budget",), spending_terms=("tariff", "care.block"))
    assert set(term.needs()) == {"budget", "tariff", "care.block"}
    assert term.parties() == ("payer", "payee")
    assert {KINDS[kind] for kind in ("gain_loss_share", "medicare_shared_savings", "aco_reach")} == {
        GainLossShare,
        MedicareSharedSavings,
        AcoReach,
    }
