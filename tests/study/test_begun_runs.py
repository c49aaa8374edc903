"""Runs that go on month by month: what is over can be settled, what may change changes, the rest is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import paysim
from paysim.model.activity import COLUMNS
from paysim.model.calendar import period_starts
from paysim.model.errors import InputError
from paysim.payment.costs import costs
from paysim.payment.measures import take_measures
from paysim.payment.settlement import settle_many
from paysim.study.store import writing_activity

FOLDER = Path(__file__).parents[2] / "configs" / "how-to"


@pytest.fixture(scope="module")
def town():
    return paysim.load(FOLDER / "one_hospital.toml")


def same(one, other, rows=slice(None)):
    return all(getattr(one, name).tobytes() == getattr(other, name)[rows].tobytes() for name in COLUMNS)


def with_service(system, id, **changes):
    return replace(system, services={**system.services, id: replace(system.services[id], **changes)})


def with_demand(system, id, factor):
    pathway = system.pathways[id]
    demand = replace(pathway.demand, rate=pathway.demand.rate * factor)
    return replace(system, pathways={**system.pathways, id: replace(pathway, demand=demand)})


def with_step(system, id, **changes):
    pathway = system.pathways[id.partition(".")[0]]
    steps = tuple(replace(step, **changes) if step.id == id else step for step in pathway.steps)
    return replace(system, pathways={**system.pathways, pathway.id: replace(pathway, steps=steps)})


def test_begin_takes_the_settings_of_simulate(town):
    running = paysim.begin(town)
    assert (running.month, running.months) == (0, 12)
    running.advance(5)
    assert running.month == 5
    running.advance(50)
    assert running.month == 12
    whole = paysim.simulate(town)
    assert running.activity().run == whole.run
    assert same(running.activity(), whole)
    given = {"years": 2, "seed": 3, "replication": 4, "sample": 0.1, "engine": "simpy"}
    running = paysim.begin(town, **given)
    running.advance(24)
    assert same(running.activity(), paysim.simulate(town, **given))


@pytest.mark.parametrize("given", [{"years": 0}, {"seed": -1}, {"replication": -1}, {"sample": 0}, {"engine": "fast"}])
def test_begin_refuses_what_simulate_refuses(town, given):
    messages = []
    for call in (paysim.begin, paysim.simulate):
        with pytest.raises(InputError) as refused:
            call(town, **given)
        messages.append(str(refused.value))
    assert messages[0] == messages[1]


@pytest.mark.parametrize("months", [-1, 0.5, "two"])
def test_months_are_whole_numbers(town, months):
    with pytest.raises(InputError, match=f"months: found {months}; expected a whole number"):
        paysim.begin(town, sample=0.01).advance(months)


def test_before_the_first_month_is_over_accounts_are_empty(town):
    before = paysim.begin(town, years=2).activity()
    ledger = paysim.settle(before, town.arrangements["activity"])
    found = paysim.accounts(ledger, before)
    assert (found.periods, found.surplus_pence.shape) == ((), (len(town.organisations), 0))
    assert found.to_frame().empty
    assert found.affordability().empty


@pytest.mark.parametrize("months", [1, 7, 12, 17])
def test_the_months_that_are_over_are_settled_as_those_months_of_the_whole(town, months):
    running = paysim.begin(town, years=2)
    running.advance(months)
    part = running.activity()
    running.advance(24)
    whole = running.activity()
    assert (part.run.months, part.periods, whole.periods) == (months, months, 24)
    assert part.days == period_starts(town.start, 24)[months]
    assert same(part, whole, slice(len(part)))
    assert whole.end[len(part)] >= part.days
    ledgers = [[paysim.settle(activity, one) for one in town.arrangements.values()] for activity in (part, whole)]
    for early, full in zip(*ledgers, strict=True):
        assert early.periods == full.periods[:months]
        by_flow, full_by_flow = (ledger.amount_pence.reshape(-1, len(ledger.periods)) for ledger in (early, full))
        # A spell is paid at its discharge: whoever is still in hospital between two steps counts as discharged so far.
        assert (by_flow[:, : months - 1] == full_by_flow[:, : months - 1]).all()
        assert (early.balance().sum(axis=0) == 0).all()
    for number, arrangement in enumerate(town.arrangements):
        if arrangement == "block":
            assert (ledgers[0][number].balance() == ledgers[1][number].balance()[:, :months]).all()
    assert (costs(part).pence == costs(whole).pence[:months]).all()


def test_measures_of_the_months_that_are_over_are_rates_a_year(town):
    running = paysim.begin(town)
    running.advance(6)
    activity = running.activity()
    consultations = list(town.measures).index("consultations")
    assert take_measures(activity)[consultations] == pytest.approx(
        np.count_nonzero(activity.step == 0) / town.population.total / 0.5
    )


def test_before_the_first_month_there_is_nothing_to_pay_for(town):
    activity = paysim.begin(town).activity()
    assert (len(activity), activity.periods, activity.days) == (0, 0, 0)
    for ledger in settle_many(activity, [town.arrangements["activity"]]):
        assert len(ledger) == ledger.total() == 0


def test_what_is_over_comes_back_from_a_file(town, tmp_path):
    running = paysim.begin(town, sample=0.2)
    running.advance(4)
    paysim.write_activity(running.activity(), tmp_path / "part.parquet")
    read = paysim.read_activity(tmp_path / "part.parquet", town)
    assert read.run == running.activity().run
    assert read.periods == 4


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_what_is_taken_on_the_way_is_the_whole(town, tmp_path, engine):
    whole = paysim.simulate(town, years=1, engine=engine)
    running = paysim.begin(town, years=1, engine=engine)
    with writing_activity(tmp_path / "parts.parquet", town, whole.run, running.weight) as write:
        for months in (1, 4, 0, 7):
            running.advance(months)
            write(running.take_activity())
    assert len(running.activity()) == 0
    read = paysim.read_activity(tmp_path / "parts.parquet", town)
    assert (read.run, read.weight) == (whole.run, whole.weight)
    assert same(read, whole)


def test_a_file_that_is_not_finished_is_not_there(town, tmp_path):
    running = paysim.begin(town)

    def begin_to_write():
        with writing_activity(tmp_path / "parts.parquet", town, running.run, running.weight) as write:
            running.advance(1)
            write(running.take_activity())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin_to_write()
    assert not list(tmp_path.iterdir())


CHANGES = {
    "capacity": lambda town: with_service(town, "wards", capacity=8),
    "hours": lambda town: with_service(town, "practice_hill", opening=()),
    "rate": lambda town: with_demand(town, "emergency", 0.7),
    "more": lambda town: with_demand(town, "emergency", 1.5),
    "probability": lambda town: with_step(town, "emergency.attendance", branches=()),
    "duration": lambda town: with_step(
        town, "emergency.attendance", duration=replace(town.steps["emergency.attendance"].duration, mean=0.2)
    ),
    "scenario": lambda town: paysim.load(FOLDER / "one_hospital.toml"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_touches_what_comes_after_it(town, change):
    usual, running = paysim.simulate(town), paysim.begin(town)
    running.advance(6)
    before = running.activity()
    running.change(CHANGES[change](town))
    running.advance(6)
    changed = running.activity()
    assert same(before, changed, slice(len(before)))
    assert same(before, usual, slice(len(before)))
    assert same(changed, usual) == (change == "scenario")
    assert changed.system is town
    for arrangement in town.arrangements.values():
        ledger = paysim.settle(changed, arrangement)
        assert ledger.total() > 0
        assert (ledger.balance().sum(axis=0) == 0).all()


def other_residents(town):
    population = town.population
    return replace(town, population=replace(population, residents=population.residents[::-1].copy()))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda town: replace(town, services=dict(list(town.services.items())[:-1])), "service: found another one"),
        (lambda town: replace(town, pathways=dict(list(town.pathways.items())[:1])), "step: found another one"),
        (other_residents, "population: found another one; expected the same as the run began with"),
        (lambda town: replace(town, start=town.start.replace(year=2018)), "start: found '2018-04-01'; expected '2017"),
        (
            lambda town: replace(town, study=replace(town.study, warm_up_days=0)),
            "study.warm_up_days: found 0; expected 60 as the run began with",
        ),
        (
            lambda town: with_service(town, "wards", discipline="priority"),
            "service.wards.discipline: found 'priority'; expected 'fifo' as the run began with",
        ),
        (
            lambda town: with_service(town, "wards", cost=replace(town.services["wards"].cost, per_step_pence=1)),
            "service.wards.cost: found another one; expected the same",
        ),
        (
            lambda town: with_step(town, "emergency.attendance", priority=7),
            "emergency.attendance.priority: found 7; expected 1",
        ),
        (
            lambda town: with_step(town, "emergency.attendance", currency=None),
            "emergency.attendance.currency: found None; expected 'attendance'",
        ),
        (
            lambda town: with_step(
                town, "emergency.ward", service=replace(town.steps["emergency.ward"].service, wait_sensitivity=1.0)
            ),
            "emergency.ward.service: found another one",
        ),
        (lambda town: replace(town, timings={}), "timing: found another one"),
        (lambda town: replace(town, organisations={}), "organisation: found another one"),
        (lambda town: replace(town, prices={}), "prices: found another one"),
        (
            lambda town: replace(
                town, currencies={id: replace(one, counted="day") for id, one in town.currencies.items()}
            ),
            "currency: found another one",
        ),
        (
            lambda town: replace(
                town,
                pathways={**town.pathways, "emergency": replace(town.pathways["emergency"], demand=None)},
            ),
            "pathway.emergency.demand: found False; expected True",
        ),
    ],
)
def test_what_a_run_rests_on_cannot_change(town, change, message):
    running = paysim.begin(town, sample=0.1)
    running.advance(1)
    with pytest.raises(InputError) as refused:
        running.change(change(town))
    assert message in str(refused.value)
    running.advance(1)
    assert running.activity().periods == 2


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_demand_may_rise_128_fold_and_no_further(town, engine):
    rare = with_demand(town, "emergency", 1 / 512)
    usual = paysim.simulate(rare, engine=engine)
    running = paysim.begin(rare, engine=engine)
    running.advance(1)
    before = rare.pathways["emergency"].demand.rate
    with pytest.raises(InputError) as refused:
        running.change(with_demand(rare, "emergency", 129.0))
    most = before.ravel()[before.ravel() > 0][0]
    assert "pathway.emergency.demand.rate: found " in str(refused.value)
    assert f"where the run began with {most:g}; expected at most 128 times that" in str(refused.value)
    running.change(rare)
    running.advance(11)
    assert same(running.activity(), usual)
    running = paysim.begin(rare, engine=engine)
    running.advance(1)
    running.change(with_demand(rare, "emergency", 128.0))
    running.advance(11)
    activity = running.activity()
    attended = activity.step == activity.system.step_ids.index("emergency.attendance")
    asked = (activity.start - activity.wait)[attended]
    assert len({*zip(activity.resident[attended].tolist(), asked.tolist(), strict=True)}) == attended.sum()
    assert attended.sum() > 500 + (usual.step == activity.step[attended][0]).sum()


def test_demand_that_begins_on_the_way_may_rise_as_far_from_there(town):
    none = with_demand(town, "emergency", 0.0)
    running = paysim.begin(none, sample=0.1)
    running.advance(1)
    running.change(with_demand(town, "emergency", 1 / 512))
    running.advance(1)
    with pytest.raises(InputError, match="expected at most 128 times"):
        running.change(town)
