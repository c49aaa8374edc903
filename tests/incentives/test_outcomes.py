"""Outcomes: settled without rows as with them, simulated once for each way of caring, costed and added up."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from generated import activities
from hypothesis import given, settings
from hypothesis import strategies as st
from quiet import EXPECTED, TRIAL, arranged, numbers, owner, quiet_town
from town import NATIONAL, SERVICES, activity, by_commissioner, tariff, town

import paysim
from paysim.incentives import evaluate as evaluating
from paysim.incentives.digest import digests_of
from paysim.incentives.evaluate import alike_in_care, digests, evaluate, outcome
from paysim.model.activity import COLUMNS
from paysim.model.calendar import TICKS_PER_DAY, period_starts
from paysim.model.errors import InputError
from paysim.model.service import CostStructure, SemiFixed
from paysim.model.terms import Block, ReadmissionRule
from paysim.model.terms.heads import StopLossBand, StopLossForOutliers
from paysim.model.terms.shared import EpisodeBundle, GainLossShare
from paysim.payment.accounts import accounts
from paysim.payment.costs import costs
from paysim.payment.rows_needed import rows_needed
from paysim.payment.settlement import settle_many
from paysim.simulation.log import ReusedLog
from paysim.simulation.simulate import simulate
from paysim.study.neutral import resolve_neutral
from paysim.study.settings import settings_for

settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")

QUIET = quiet_town()
BHR = Path(__file__).parents[2] / "configs" / "bhr.toml"

DEAR = CostStructure(10_000_00, SemiFixed(0.5, 5_000_00, 2, 0.9), 20_00, 300_00, {"LA04S": 13_00})
TOWN = town(costs={"medicine": DEAR, "surgery": CostStructure(per_step_pence=7_00)})

READMISSIONS = ReadmissionRule("unpaid", "tariff", ("non_elective",), youngest=0)
SHARED = GainLossShare(
    "shared",
    target=(900_00,),
    spending_terms=("tariff",),
    spending_organisations=("hospital",),
    shares={"hospital": 0.5, "practice": 0.5},
    held_by="hospital",
)
STOP_LOSS = StopLossForOutliers("cover", NATIONAL, (StopLossBand(500_00, 0.8),))
BUNDLE = EpisodeBundle("bundle", spending_terms=("tariff",), target_price=(700_00,), pathways=("care",))
COUNTED = EpisodeBundle("counted", spending_terms=("tariff",), target_price=(700_00,), episodes=(3.0,))

TERMS = {
    "block": (Block("block", 1_000_00),),
    "tariff": (tariff(),),
    "readmissions": (tariff(), READMISSIONS),
    "shared": (tariff(), SHARED),
    "counted": (tariff(), COUNTED),
    "stop_loss": (STOP_LOSS,),
    "bundle": (tariff(), BUNDLE),
}
LOOK_AT_ROWS = {"stop_loss", "bundle"}


def paying(id):
    return by_commissioner(*TERMS[id], id=id)


def overwritten(whole):
    """Write over the rows of an activity, as the next run does whose log is the same."""
    for column in COLUMNS:
        getattr(whole, column)[:] = 0


def test_bhr_settles_without_rows_to_the_penny():
    system = paysim.load(BHR)
    study = settings_for(system, arrangements=tuple(system.arrangements), years=1, sample=0.01)
    assert len(study.arrangements) == 5
    resolved, _ = resolve_neutral(system, study, list(system.arrangements.values()), map)
    assert not rows_needed(system, resolved)
    whole = simulate(system, years=1, seed=1, sample=0.01)
    expected, cost = settle_many(whole, resolved), costs(whole)
    (kept,) = digests_of(whole, [{}], resolved)
    overwritten(whole)
    assert len(kept.activity) == 0
    at_hand = costs(kept.activity, kept.survey, kept.occupied)
    assert at_hand.pence.tolist() == cost.pence.tolist()
    settled = settle_many(kept.activity, resolved, survey=kept.survey, cost=at_hand)
    for one, other in zip(expected, settled, strict=True):
        assert one.amount_pence.tolist() == other.amount_pence.tolist()
    found = outcome(kept, resolved)
    for number, ledger in enumerate(expected):
        account = accounts(ledger, cost)
        pounds = account.by_year(account.surplus_pence) / 100
        assert found.surplus("short_run")[number] == pytest.approx(pounds, rel=1e-12, abs=1e-6)


@given(activities(), st.sampled_from([1.0, 3.7]), st.sets(st.sampled_from(list(TERMS)), min_size=1))
def test_a_digest_settles_to_the_penny_and_keeps_rows_only_where_terms_look_at_them(rows, weight, chosen):
    arrangements = [paying(id) for id in sorted(chosen)]
    whole = activity(TOWN, rows, weight=weight)
    expected = settle_many(whole, arrangements)
    (kept,) = digests_of(whole, [{}], arrangements)
    overwritten(whole)
    assert len(kept.activity) == (len(rows) if chosen & LOOK_AT_ROWS else 0)
    cost = costs(kept.activity, kept.survey, kept.occupied)
    for one, other in zip(
        expected, settle_many(kept.activity, arrangements, survey=kept.recorded, cost=cost), strict=True
    ):
        assert one.amount_pence.tolist() == other.amount_pence.tolist()


@pytest.mark.parametrize("id", TERMS)
def test_terms_that_look_at_rows(id):
    assert rows_needed(TOWN, [paying("tariff"), paying(id)]) == (id in LOOK_AT_ROWS)


def test_terms_of_a_config_of_ones_own_may_look_at_rows():
    class Own(Block):
        pass

    assert rows_needed(TOWN, [by_commissioner(Own("own", 1))])


def test_points_that_differ_in_payment_alone_share_a_simulation(monkeypatch):
    simulated = []

    def counting(system, point, *rest):
        simulated.append(dict(point))
        return once(system, point, *rest)

    once = evaluating.simulate_with
    monkeypatch.setattr(evaluating, "simulate_with", counting)
    points = [{}, {"avoid": 0.2}, {"coding": 0.5}, {"selection": 0.3}, {"avoid": 0.2, "coding": 1.0}, {"avoid": 0.0}]
    together = evaluate(QUIET, arranged(QUIET), points, TRIAL, 0, ReusedLog())
    assert simulated == [{}, {"avoid": 0.2}]
    assert [each.point for each in together] == points
    for point, found in zip(points, together, strict=True):
        (alone,) = evaluate(QUIET, arranged(QUIET), [point], TRIAL, 0)
        assert numbers(found) == numbers(alone)


def test_outcomes_add_up_over_organisations():
    (found,) = evaluate(QUIET, arranged(QUIET), [{"avoid": 0.3, "coding": 0.4, "selection": 0.5}], TRIAL, 0)
    assert found.income.sum(axis=1) == pytest.approx(0.0, abs=1e-5)
    for horizon in ("short_run", "long_run"):
        cost = found.cost(horizon) + found.lever_cost
        assert found.surplus(horizon) == pytest.approx(found.income - cost)


def test_lever_cost_is_its_owners_in_every_year():
    trial = replace(TRIAL, years=2)
    (found,) = evaluate(QUIET, [], [{"avoid": 0.2, "shorter": 0.1}], trial, 0)
    expected = np.zeros_like(found.lever_cost)
    expected[owner(QUIET, "team")] = 100_000 * 0.2 + 50_000 * 0.04
    expected[owner(QUIET, "hospital")] = 200_000 * 0.1
    assert found.lever_cost == pytest.approx(expected)
    assert found.income.shape == (0, len(QUIET.organisations), 2)


def test_recoding_moves_income_and_leaves_care_as_it_is():
    given, coded = evaluate(QUIET, arranged(QUIET), [{}, {"coding": 1.0}], TRIAL, 0)
    hospital, activity_pay, block = owner(QUIET, "hospital"), 0, 1
    run = simulate(QUIET, years=1, seed=1)
    wards = run.service == QUIET.service_ids.index("wards")
    simple = int((wards & (run.code == QUIET.codes.index("SIMPLE"))).sum())
    gained = coded.income - given.income
    assert simple > 50
    assert gained[activity_pay, hospital] == pytest.approx([simple * round(2_500 * 1.0976, 2)])
    assert not gained[activity_pay, owner(QUIET, "infirmary")].any(), "it records what it does itself"
    assert not gained[block].any()
    for name in ("short_run_cost", "long_run_cost", "qalys", "steps"):
        assert getattr(coded, name).tolist() == getattr(given, name).tolist()


def test_referring_away_is_linear_in_the_share_and_pays_under_capitation_alone():
    points = [{"selection": share} for share in (0.0, 0.25, 0.5, 1.0)]
    none, quarter, half, all_away = evaluate(
        QUIET, arranged(QUIET, "activity", "block", "capitation"), points, TRIAL, 0
    )
    for share, some in ((0.25, quarter), (0.5, half)):
        assert some.income == pytest.approx(none.income + share * (all_away.income - none.income))
        assert some.spend == pytest.approx(none.spend + share * (all_away.spend - none.spend))
    moved = all_away.income - none.income
    assert not moved[:2].any()
    assert moved[2, owner(QUIET, "practice")].sum() > 0, "the old cost more than what is paid for a head"
    assert moved[2, owner(QUIET, "hill_ccg")].sum() < 0
    assert all_away.short_run_cost.tolist() == none.short_run_cost.tolist()


def test_an_arrangement_that_is_settled_is_the_one_that_those_off_the_list_have():
    dearer = replace(
        QUIET.arrangements["activity"],
        contracts=tuple(
            replace(each, terms=tuple(replace(term, price_growth=(0.5,)) for term in each.terms))
            for each in QUIET.arrangements["activity"].contracts
        ),
    )
    cheap, dear = (
        evaluate(QUIET, [QUIET.arrangements["capitation"], other], [{"selection": 1.0}], TRIAL, 0)[0]
        for other in (QUIET.arrangements["activity"], dearer)
    )
    ccg = owner(QUIET, "hill_ccg")
    assert dear.spend[0, ccg].sum() > cheap.spend[0, ccg].sum()


def test_unit_cost_is_saved_on_every_step():
    given, thrifty = evaluate(QUIET, arranged(QUIET), [{}, {"thrift": 40.0}], TRIAL, 0)
    run = simulate(QUIET, years=1, seed=1)
    stays = int((run.service == QUIET.service_ids.index("wards")).sum())
    hospital = owner(QUIET, "hospital")
    for horizon in ("short_run", "long_run"):
        saved = given.cost(horizon) - thrifty.cost(horizon)
        assert saved[hospital] == pytest.approx([40.0 * stays])
        assert saved.sum() == pytest.approx(40.0 * stays)
    assert thrifty.income.tolist() == given.income.tolist()


def test_points_share_a_simulation_where_care_is_alike():
    points = [{}, {"thrift": 10.0}, {"avoid": 0.1}, {"coding": 0.4, "selection": 0.2}, {"avoid": 0.1, "thrift": 5.0}]
    assert alike_in_care(QUIET, points) == ((0, 1, 3), (2, 4))


@pytest.mark.parametrize("trial", [TRIAL, EXPECTED])
def test_unit_costs_differ_where_care_is_shared(trial):
    points = [{}, {"thrift": 10.0}, {"avoid": 0.3}, {"avoid": 0.3, "thrift": 5.0}]
    together = evaluate(QUIET, arranged(QUIET), points, trial, 0)
    apart = [evaluate(QUIET, arranged(QUIET), [point], trial, 0)[0] for point in points]
    for one, other in zip(together, apart, strict=True):
        for horizon in ("short_run", "long_run"):
            assert one.surplus(horizon) == pytest.approx(other.surplus(horizon), abs=0.1)
    dear, thrifty = together[:2]
    (kept,) = digests(QUIET, arranged(QUIET), [{}], trial, 0)
    stays = kept.survey.by_service_and_place()[list(QUIET.service_ids).index("wards")].sum() * kept.activity.weight
    saved = np.zeros_like(dear.short_run_cost)
    saved[owner(QUIET, "hospital")] = 10 * stays
    assert stays > 0
    assert dear.short_run_cost - thrifty.short_run_cost == pytest.approx(saved, abs=0.1)


def test_an_avoided_stay_loses_its_price_and_saves_less():
    given, avoided = evaluate(QUIET, arranged(QUIET), [{}, {"avoid": 0.5}], TRIAL, 0)
    hospital, steps = owner(QUIET, "hospital"), list(QUIET.step_ids)
    assert avoided.steps[steps.index("care.ward")] < 0.75 * given.steps[steps.index("care.ward")]
    assert avoided.steps[steps.index("care.nursing")] > given.steps[steps.index("care.nursing")]
    assert (avoided.income - given.income)[0, hospital].sum() < 0
    short, long = ((given.cost(h) - avoided.cost(h))[hospital].sum() for h in ("short_run", "long_run"))
    assert 0 < short < long


@given(activities(), st.sampled_from([1.0, 3.7]), st.sampled_from([0.5, 1.0, 3.0]), st.sampled_from([0.5, 1.0]))
def test_long_run_cost_by_hand(rows, weight, size, utilisation):
    cost = CostStructure(10_000_00, SemiFixed(size, 5_000_00, 2, utilisation), 20_00, 300_00, {"LA04S": 13_00})
    system = town(costs={"medicine": cost})
    whole = activity(system, rows, weight=weight)
    (kept,) = digests_of(whole, [{}], [])
    found = outcome(kept, []).long_run_cost[owner(system, "hospital")]
    here = [row for row in rows if row.service == "medicine"]
    variable = sum(
        20 + 300 * (int(row.start + row.stay) - int(np.floor(row.start))) + 13 * (row.code == "LA04S") for row in here
    )
    starts = period_starts(system.start, 12)
    servers = [
        sum(max(0.0, min(row.start + row.stay, until) - max(row.start, since)) for row in here) / (until - since)
        for since, until in pairwise(starts)
    ]
    semi_fixed = sum(5_000 / 12 * weight * each / (size * utilisation) for each in servers)
    assert found == pytest.approx([10_000 + weight * variable + semi_fixed])


def test_long_run_cost_is_the_mean_of_whole_steps_that_have_followed():
    # A step's limit may lie anywhere: so it is as if activity's own place between two limits were uniform.
    in_use, size, utilisation = Fraction("7.3"), Fraction(4), Fraction("0.8")
    places = 4_000
    whole_steps = [ceil(in_use / (size * utilisation) - Fraction(2 * n + 1, 2 * places)) for n in range(places)]
    proportion = float(in_use / (size * utilisation))
    assert np.mean(whole_steps) == pytest.approx(proportion, abs=1 / places)
    (kept,) = digests_of(activity(TOWN, []), [{}], [])
    structure = SemiFixed(4.0, 10_000_00, 0, 0.8)
    costed = town(costs={"medicine": CostStructure(semi_fixed=structure)})
    days = np.diff(period_starts(costed.start, 12))
    occupied = np.zeros((12, len(SERVICES)), dtype=np.int64)
    occupied[:, list(SERVICES).index("medicine")] = np.rint(7.3 * days * TICKS_PER_DAY)
    busy = replace(kept, activity=replace(kept.activity, system=costed), occupied=occupied)
    found = outcome(busy, []).long_run_cost[owner(costed, "hospital")]
    assert found == pytest.approx([10_000 * proportion], rel=1e-6)


def test_years_apart_add_up_to_the_run():
    trial = replace(TRIAL, years=2)
    (kept,) = digests(QUIET, arranged(QUIET), [{}], trial, 3)
    found = outcome(kept, arranged(QUIET))
    assert found.replication == 3
    for ledger, income in zip(
        settle_many(kept.activity, arranged(QUIET), survey=kept.survey), found.income, strict=True
    ):
        assert income.sum(axis=1) == pytest.approx(ledger.balance().sum(axis=1) / 100)
    rows = simulate(QUIET, years=2, seed=1, replication=3)
    assert found.steps.sum(axis=1).tolist() == np.bincount(rows.step, minlength=len(QUIET.steps)).tolist()


def test_intensities_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="avoid"):
        evaluate(QUIET, arranged(QUIET), [{"avoid": 0.9}], TRIAL, 0)
