"""Each term of shared results against plain Python and exact fractions, on 10,000 generated cases and more."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random

import reference_shared as reference
from shared_cases import PARTNER, a_case, decimal, in_year, near

from paysim.model.terms.shared import (
    AcoReach,
    AlternativeQualityContract,
    Band,
    EpisodeBundle,
    GainLossShare,
    Gate,
    MedicareSharedSavings,
)
from paysim.model.terms.shared.medicare import LOSS_LIMITED_BY_REVENUE, MINIMUM_RATES, ONE_SIDED, TRACKS
from paysim.payment.terms import pay
from paysim.payment.terms.example import PAYEE, PAYER

CASES = 10_000
F = Fraction


def _shares(random: Random) -> dict[str, str]:
    payer = random.randint(0, 1000)
    payee = random.randint(0, 1000 - payer)
    rest = {PAYER: payer, PAYEE: payee, PARTNER: 1000 - payer - payee}
    return {who: str(share / 1000) for who, share in rest.items()}


def _bands(random: Random) -> list[tuple[str, str | None, str]]:
    edges = [0, *sorted(random.sample(range(1, 400), random.randint(0, 3)))]
    ends = [str(edge / 1000) for edge in edges]
    parts = [decimal(random, 0, 1000) for _ in edges]
    return list(zip(ends, [*ends[1:], None], parts, strict=True)) if random.random() < 0.7 else []


def _as_bands(bands: list[tuple[str, str | None, str]]) -> tuple[Band, ...]:
    return tuple(Band(float(above), None if end is None else float(end), float(part)) for above, end, part in bands)


def _side(shares, minimum, cap, bands, holder):
    return {
        "shares": {who: F(share) for who, share in shares.items() if who != holder},
        "minimum": F(minimum),
        "cap": None if cap is None else F(cap),
        "bands": [(F(above), None if end is None else F(end), F(part)) for above, end, part in bands],
    }


def _stated(random: Random, case) -> tuple[int, ...]:
    return tuple(near(random, int(spent / part)) for spent, part in zip(case.spent, case.parts, strict=True))


def test_gain_loss_share():
    random, outcomes = Random(1), Counter()
    for _ in range(CASES):
        case = a_case(random)
        holder = random.choice([None, PAYER, PAYEE, PARTNER])
        sides = [
            (_shares(random), decimal(random, 0, 60), random.choice([None, decimal(random, 0, 300)]), _bands(random))
            for _ in range(2)
        ]
        (gains, least_gain, gain_cap, bands), (losses, least_loss, loss_cap, loss_bands) = sides
        term = GainLossShare(
            "share",
            target=_stated(random, case),
            spending_terms=("care",),
            shares={who: float(share) for who, share in gains.items()},
            loss_shares={who: float(share) for who, share in losses.items()},
            held_by=holder,
            bands=_as_bands(bands),
            loss_bands=_as_bands(loss_bands),
            minimum_savings_rate=float(least_gain),
            minimum_loss_rate=float(least_loss),
            gain_cap=None if gain_cap is None else float(gain_cap),
            loss_cap=None if loss_cap is None else float(loss_cap),
        )
        assert term.problem() is None
        rules = {
            "gain": _side(gains, least_gain, gain_cap, bands, holder or PAYER),
            "loss": _side(losses, least_loss, loss_cap, loss_bands, holder or PAYER),
        }
        paid = pay(term, case.seen)
        assert all(flow.payer == (holder or PAYER) for flow in paid)
        flows = {flow.payee: in_year(flow, case.seen) for flow in paid}
        for number, (target, part, spent) in enumerate(zip(term.target, case.parts, case.spent, strict=True)):
            expected = reference.gain_loss(target * part, spent, rules)
            assert {who: pence[number] for who, pence in flows.items()} == expected
            outcomes[max((pence > 0) - (pence < 0) for pence in expected.values())] += 1
    assert min(outcomes[-1], outcomes[0], outcomes[1]) > CASES / 20


def test_medicare_shared_savings():
    random, outcomes = Random(2), Counter()
    for _ in range(CASES):
        case = a_case(random)
        track = random.choice(TRACKS)
        minimum = None if track in ONE_SIDED else random.choice([None, *MINIMUM_RATES])
        score, standard = random.choice(["0.0", "1.0", decimal(random, 0, 10_000, 4)]), decimal(random, 0, 40, 2)
        first, agreed = random.randint(2014, 2025), random.randint(1, 4)
        beneficiaries = random.choice([7_777, random.randint(1, 70_000)])
        size = random.randint(0, 10**6)
        revenue = None
        if track in LOSS_LIMITED_BY_REVENUE and random.random() < 0.5:
            revenue = near(random, sum(case.spent) // 2)
        disaster = random.choice([0, size])
        low = track.startswith("BASIC") and random.random() < 0.5
        term = MedicareSharedSavings(
            "track",
            track=track,
            performance_year=first,
            agreement_year=agreed,
            target=_stated(random, case),
            spending_terms=("care.tariff",),
            quality_score=(float(score),),
            quality_standard=float(standard),
            minimum_savings_rate=minimum,
            assigned_beneficiaries=None if beneficiaries == 7_777 else (beneficiaries,),
            revenue=None if revenue is None else (revenue,),
            disaster_adjustment=(disaster,),
            low_revenue=low,
        )
        assert term.problem() is None
        words = {
            "track": track,
            "score": F(score),
            "standard": F(standard),
            "minimum": None if minimum is None else F(str(minimum)),
            "beneficiaries": beneficiaries,
            "revenue": revenue,
            "disaster": disaster,
            "low_revenue": low,
        }
        [flow] = pay(term, case.seen)
        expected = [
            reference.medicare(words, target * part, spent, first + number, agreed + number, part)
            for number, (target, part, spent) in enumerate(zip(term.target, case.parts, case.spent, strict=True))
        ]
        assert in_year(flow, case.seen) == expected
        outcomes.update((pence > 0) - (pence < 0) for pence in expected)
    assert min(outcomes.values()) > CASES / 20


def test_aco_reach():
    random, outcomes = Random(3), Counter()
    for _ in range(CASES):
        case = a_case(random)
        option = random.choice(["professional", "global"])
        discount, withhold, score = decimal(random, 0, 50), decimal(random, 0, 50), decimal(random, 0, 1000)
        term = AcoReach(
            "reach",
            option=option,
            target=_stated(random, case),
            spending_terms=("care",),
            discount=(float(discount),) if option == "global" else None,
            quality_withhold=(float(withhold),),
            quality_score=(float(score),),
        )
        assert term.problem() is None
        taken_off = F(discount) if option == "global" else F(0)
        [flow] = pay(term, case.seen)
        expected = [
            reference.reach(option, target * part, taken_off, F(withhold), F(score), spent)
            for target, part, spent in zip(term.target, case.parts, case.spent, strict=True)
        ]
        assert in_year(flow, case.seen) == expected
        outcomes.update((pence > 0) - (pence < 0) for pence in expected)
    assert min(outcomes[-1], outcomes[1]) > CASES / 5


def test_alternative_quality_contract():
    random, outcomes = Random(4), Counter()
    for _ in range(CASES):
        case = a_case(random)
        scores = ["0.0", *(str(each / 10) for each in sorted(random.sample(range(1, 50), random.randint(0, 4))))]
        surplus, bonus = (sorted(decimal(random, 0, most) for _ in scores) for most in (1000, 100))
        deficit = sorted((decimal(random, 0, 1000) for _ in scores), reverse=True)
        gates = list(zip(scores, surplus, deficit, bonus, strict=True))
        measured = [random.choice([None, F(random.randint(0, 500), 100)]) for _ in case.spent]
        from_measure = random.random() < 0.5
        stated = tuple(random.randint(0, 50) / 10 for _ in case.spent)
        term = AlternativeQualityContract(
            "aqc",
            target=_stated(random, case),
            spending_terms=("care",),
            gates=tuple(Gate(*(float(each) for each in gate)) for gate in gates),
            gate_score=None if from_measure else stated,
            gate_measure="gate" if from_measure else None,
        )
        assert term.problem() is None
        seen = replace(case.seen, measures=lambda measured=measured: {"gate": tuple(measured)})
        [flow] = pay(term, seen)
        expected = [
            reference.quality_contract(
                [tuple(F(each) for each in gate) for gate in gates],
                score if from_measure else F(str(other)),
                target * part,
                spent,
            )
            for target, part, spent, score, other in zip(
                term.target, case.parts, case.spent, measured, stated, strict=True
            )
        ]
        assert in_year(flow, seen) == expected
        outcomes.update((pence > 0) - (pence < 0) for pence in expected)
    assert min(outcomes[-1], outcomes[1]) > CASES / 5


def test_episode_bundle():
    random, outcomes = Random(5), Counter()
    for _ in range(CASES):
        case = a_case(random)
        episodes, discount = str(random.randint(1, 4_000) / 2), decimal(random, 0, 100)
        stop_gain, stop_loss = (random.choice([None, decimal(random, 0, 300)]) for _ in range(2))
        prices = tuple(
            near(random, int(spent / part / F(episodes))) for spent, part in zip(case.spent, case.parts, strict=True)
        )
        term = EpisodeBundle(
            "bundle",
            spending_terms=("care",),
            target_price=prices,
            discount=(float(discount),),
            episodes=(float(episodes),),
            stop_gain=None if stop_gain is None else (float(stop_gain),),
            stop_loss=None if stop_loss is None else (float(stop_loss),),
        )
        assert term.problem() is None
        limits = [None if limit is None else F(limit) for limit in (stop_gain, stop_loss)]
        [flow] = pay(term, case.seen)
        expected = [
            reference.bundle(F(episodes) * part, price, F(discount), *limits, spent)
            for price, part, spent in zip(prices, case.parts, case.spent, strict=True)
        ]
        assert in_year(flow, case.seen) == expected
        outcomes.update((pence > 0) - (pence < 0) for pence in expected)
    assert min(outcomes[-1], outcomes[1]) > CASES / 10


def test_minimum_savings_rates_of_the_reference_leave_no_size_out():
    assert all(end + 1 == begin for (_, end, _, _), (begin, _, _, _) in pairwise(reference.TABLE))
