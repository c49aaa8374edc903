"""Expected values: closed forms to the rounding of pence, the mean of many simulated replications, and refusals."""

from dataclasses import replace

import numpy as np
import pytest
from quiet import EXPECTED, TRIAL, arranged, numbers, owner, quiet_town

from paysim.incentives.evaluate import digests, evaluate
from paysim.model.errors import InputError
from paysim.model.measure import Measure
from paysim.model.pathway import Duration
from paysim.model.price import Price
from paysim.model.service import OpenHours
from paysim.model.terms import ReadmissionRule
from paysim.payment.measures import measures_by_year
from paysim.simulation.traffic import expected_visits

QUIET = quiet_town()
ALL = arranged(QUIET)
POINT = {"avoid": 0.3, "shorter": 0.2, "coding": 0.4, "selection": 0.5, "thrift": 10.0}
STEPS = list(QUIET.step_ids)
OLD, YOUNG = 500, 1_500
"""Residents of 65 and over, and below."""

CONSULTATIONS = {"young": 2.5 / 0.8, "old": 6.0 / 0.8}
"""A year, of one resident; a fifth come again."""

STAYS = {"hill": 1_000 * CONSULTATIONS["young"] * 0.03 + 200 * CONSULTATIONS["old"] * 0.1}
STAYS["vale"] = 500 * CONSULTATIONS["young"] * 0.03 + 300 * CONSULTATIONS["old"] * 0.1


def expected(point=None, arrangements=ALL, system=QUIET, years=1):
    (found,) = evaluate(system, arrangements, [point or {}], replace(EXPECTED, years=years), 0)
    return found


def open_by_day(service):
    """Return a service of the town, open from nine to five on weekdays."""
    return replace(QUIET.services[service], opening=tuple(OpenHours(24 * day + 9, 24 * day + 17) for day in range(5)))


def pennies(count=12 * 8):
    """Return the pounds by which so many amounts that are rounded to pence may be off."""
    return 0.005 * count


def test_tariff_income_is_rate_times_residents_times_price():
    found = expected()
    consultations = YOUNG * CONSULTATIONS["young"] + OLD * CONSULTATIONS["old"]
    assert found.steps[STEPS.index("care.consultation"), 0] == pytest.approx(consultations, rel=1e-11)
    practice, hospital, team = (owner(QUIET, id) for id in ("practice", "hospital", "team"))
    income = found.income[0]
    assert income[practice, 0] == pytest.approx(consultations * 37.5, abs=pennies())
    spells = STAYS["hill"] * 0.9 + STAYS["vale"] * 0.4
    price = 0.7 * 1_646.40 + 0.3 * 4_390.40
    assert income[hospital, 0] == pytest.approx(spells * price, abs=pennies())
    assert income[team, 0] == pytest.approx(sum(STAYS.values()) * 0.3 * 6 * 110, abs=pennies())
    assert found.income[1, hospital, 0] == 2_000_000


def test_income_is_exact_to_a_billionth_where_pence_do_not_matter():
    dear = {unit: Price(1_000_000 * price.pence) for unit, price in QUIET.prices["local"].prices.items()}
    table = replace(QUIET.prices["local"], prices=dear)
    contracts = tuple(
        replace(each, terms=tuple(replace(term, prices=table) for term in each.terms))
        for each in QUIET.arrangements["activity"].contracts
    )
    found = expected(arrangements=[replace(QUIET.arrangements["activity"], contracts=contracts)])
    consultations = YOUNG * CONSULTATIONS["young"] + OLD * CONSULTATIONS["old"]
    assert found.income[0, owner(QUIET, "practice"), 0] == pytest.approx(consultations * 37.5e6, rel=1e-9)


def test_cost_and_health_of_the_closed_form():
    found, hospital = expected(), owner(QUIET, "hospital")
    spells = STAYS["hill"] * 0.9 + STAYS["vale"] * 0.4
    mean_stay = 0.7 * 2.5 + 0.3 * 9
    variable = spells * (120 + 0.7 * 100 + 0.3 * 700 + 60 * mean_stay)
    servers = spells * mean_stay / 365
    semi_fixed = 350_000 * servers / (4 * 0.8)
    # By month, so in proportion to its days; a month of a year is a twelfth of its cost.
    assert found.long_run_cost[hospital, 0] == pytest.approx(400_000 + variable + semi_fixed, rel=1e-9)
    planned, followed = 1_000 / 4, np.ceil(servers / 0.8 / 4)
    by_lag = 350_000 * (3 * planned + 9 * followed) / 12
    assert found.short_run_cost[hospital, 0] == pytest.approx(400_000 + variable + by_lag, abs=pennies())
    stays = sum(STAYS.values())
    consultations = YOUNG * CONSULTATIONS["young"] + OLD * CONSULTATIONS["old"]
    qalys = stays * (-0.01 - 0.002 * mean_stay) + stays * 0.3 * 6 * 0.003 + consultations * 0.0005
    assert found.qalys.sum() == pytest.approx(qalys, rel=1e-12)


def test_measures_of_the_closed_form():
    (kept,) = digests(QUIET, ALL, [{}], EXPECTED, 0)
    found = measures_by_year(kept.activity, ["admissions", "nursed"], None, kept.survey)
    assert float(found["admissions"][0]) == pytest.approx(sum(STAYS.values()) / 2_000, rel=1e-9)
    assert float(found["nursed"][0]) == pytest.approx(0.3, rel=1e-9)


def test_levers_of_the_closed_form():
    hospital, practice = owner(QUIET, "hospital"), owner(QUIET, "practice")
    given, coded, shorter, avoided = (
        expected(point) for point in ({}, {"coding": 0.5}, {"shorter": 0.2}, {"avoid": 0.25})
    )
    spells = STAYS["hill"] * 0.9 + STAYS["vale"] * 0.4
    gained = spells * 0.7 * 0.5 * (4_390.40 - 1_646.40)
    assert (coded.income - given.income)[0, hospital, 0] == pytest.approx(gained, abs=pennies())
    assert coded.short_run_cost.tolist() == given.short_run_cost.tolist()
    mean_stay = 0.7 * 2.5 + 0.3 * 9
    saved = spells * 0.2 * mean_stay * (60 + 350_000 / 365 / 3.2)
    assert (given.long_run_cost - shorter.long_run_cost)[hospital, 0] == pytest.approx(saved, rel=1e-9)
    assert (shorter.income - given.income)[0] == pytest.approx(0.0, abs=pennies())
    assert avoided.steps[STEPS.index("care.ward"), 0] == pytest.approx(0.75 * sum(STAYS.values()), rel=1e-9)
    assert (avoided.income - given.income)[0, hospital, 0] == pytest.approx(
        -0.25 * given.income[0, hospital, 0], rel=1e-6
    )
    away = expected({"selection": 1.0})
    old_stays = {"hill": 200 * CONSULTATIONS["old"] * 0.1, "vale": 300 * CONSULTATIONS["old"] * 0.1}
    cost = old_stays["hill"] * (0.9 * 1.0976 + 0.1) + old_stays["vale"] * (0.4 * 1.0976 + 0.6)
    cost = cost * (0.7 * 1_500 + 0.3 * 4_000) + sum(old_stays.values()) * 0.3 * 6 * 110
    heads = OLD * 900 - OLD * CONSULTATIONS["old"] * 37.5
    assert (away.income - given.income)[2, practice, 0] == pytest.approx(cost - heads, abs=pennies() + 1)


@pytest.mark.parametrize("point", [{}, POINT], ids=["now", "all levers"])
def test_the_mean_of_many_replications(point):
    outcomes = [evaluate(QUIET, ALL, [point], TRIAL, replication)[0] for replication in range(60)]
    mean = expected(point)
    for name, floor in (("income", 1.0), ("long_run_cost", 1.0), ("qalys", 1e-9), ("steps", 1e-6)):
        simulated = np.array([getattr(each, name) for each in outcomes])
        error = simulated.std(axis=0, ddof=1) / np.sqrt(len(outcomes))
        far = np.abs(simulated.mean(axis=0) - getattr(mean, name)) / (error + floor)
        assert (far < 3.0).all(), (name, far.max())
    relative = np.array([each.steps for each in outcomes]).std(axis=0, ddof=1) / mean.steps / np.sqrt(len(outcomes))
    assert relative.max() < 0.02, "the replications are too few to tell"


def test_all_replications_and_samples_are_alike_and_years_too():
    first, other = expected(POINT), evaluate(QUIET, ALL, [POINT], replace(EXPECTED, seed=9, sample=0.1), 7)[0]
    assert first.income.tolist() == other.income.tolist()
    long = expected(POINT, years=3)
    assert long.steps == pytest.approx(np.repeat(first.steps, 3, axis=1), rel=1e-9)
    assert long.qalys == pytest.approx(np.repeat(first.qalys, 3, axis=1), rel=1e-12)
    assert long.income[0] == pytest.approx(np.repeat(first.income[0], 3, axis=1), abs=pennies())


def test_conservation_and_months_that_add_up():
    (kept,) = digests(QUIET, ALL, [POINT], EXPECTED, 0)
    found = expected(POINT)
    assert found.income.sum(axis=1) == pytest.approx(0.0, abs=1e-6)
    assert kept.recorded.steps.sum() == pytest.approx(kept.survey.steps.sum(), rel=1e-9)
    assert kept.recorded.midnights.sum() == pytest.approx(kept.survey.midnights.sum(), rel=1e-9)
    visits = expected_visits(kept.activity.system) * QUIET.population.counts().ravel()[:, None]
    assert kept.survey.steps.sum() * kept.activity.weight == pytest.approx(visits.sum(), rel=1e-9)
    assert len(kept.activity) == 0


def test_a_normal_stay_that_is_cut_off_at_zero():
    wards = QUIET.pathways["care"].steps
    normal = Duration("normal", 1.0, 0.5)
    steps = tuple(replace(each, duration=normal) if each.id == "care.nursing" else each for each in wards)
    system = replace(QUIET, pathways={"care": replace(QUIET.pathways["care"], steps=steps)})
    (kept,) = digests(system, ALL, [{}], EXPECTED, 0)
    nursing = kept.survey.sorts.step == STEPS.index("care.nursing")
    mean = kept.survey.midnights[nursing].sum() / kept.survey.steps[nursing].sum()
    drawn = np.maximum(np.random.default_rng(1).normal(1.0, 0.5, 10**6), 0.0)
    assert mean == pytest.approx(drawn.mean(), abs=4 * drawn.std() / 1_000)


class TestRefused:
    def test_terms_that_look_at_single_spells(self):
        paying = QUIET.arrangements["activity"]
        contracts = [each for each in paying.contracts if each.payee == "hospital"]
        rule = ReadmissionRule("unpaid", "tariff", ("spell",))
        asking = replace(contracts[0], terms=(*contracts[0].terms, rule))
        with pytest.raises(InputError, match=r"readmission_rule.*simulate instead"):
            expected(arrangements=[replace(paying, contracts=(asking,))])

    @pytest.mark.parametrize("price", [Price(1, 5, 20), Price(100, short_stay_pence=50), Price(100, addition_pence=5)])
    def test_prices_that_depend_on_the_stay(self, price):
        table = replace(QUIET.prices["local"], prices=dict(QUIET.prices["local"].prices) | {("spell", "SIMPLE"): price})
        paying = QUIET.arrangements["activity"]
        contracts = tuple(
            replace(each, terms=tuple(replace(term, prices=table) for term in each.terms)) for each in paying.contracts
        )
        with pytest.raises(InputError, match=r"prices local.*depends on the stay.*simulate instead"):
            expected(arrangements=[replace(paying, contracts=contracts)])

    def test_spells_of_several_steps(self):
        def one_after_the_other(step):
            if step.id != "care.ward":
                return step
            return replace(step, branches=tuple(replace(branch, to="care.ward") for branch in step.branches))

        steps = tuple(map(one_after_the_other, QUIET.pathways["care"].steps))
        system = replace(QUIET, pathways={"care": replace(QUIET.pathways["care"], steps=steps)})
        with pytest.raises(InputError, match=r"care.ward.*spells of one step each"):
            expected(system=system)

    @pytest.mark.parametrize(
        ("by_day", "cause"),
        [
            (replace(QUIET, timings={"flat": replace(QUIET.timings["flat"], hours=(0.0,) * 12 + (1.0,) * 12)}), "flat"),
            (replace(QUIET, services={**QUIET.services, "surgery": open_by_day("surgery")}), "surgery"),
            (replace(QUIET, services={**QUIET.services, "nurses": open_by_day("nurses")}), "nurses"),
        ],
        ids=["demand", "before", "here"],
    )
    def test_midnights_of_steps_that_begin_by_day(self, by_day, cause):
        block = arranged(QUIET, "block")
        with pytest.raises(InputError, match=rf"found a cost per day at service .*{cause}.*simulate instead"):
            expected(system=by_day)
        free = {id: replace(each, cost=replace(each.cost, per_day_pence=0)) for id, each in by_day.services.items()}
        free = replace(by_day, services=free)
        with pytest.raises(InputError, match=rf"step care.nursing: found a price by the day .*{cause}"):
            expected(system=free)
        delayed = Measure("delayed", "Delayed", "delayed", ("care.nursing",), None, None, base=("care.ward",))
        with pytest.raises(InputError, match=rf"found midnights in measure delayed, .*{cause}"):
            expected(system=replace(free, measures={"delayed": delayed}), arrangements=block)
        assert expected(system=free, arrangements=block).steps.tolist() == expected(arrangements=block).steps.tolist()

    def test_opening_hours_that_are_all_hours_change_nothing(self):
        always = tuple(OpenHours(24 * day, 24 * day + 24) for day in range(7))
        services = {id: replace(each, opening=always) for id, each in QUIET.services.items()}
        assert numbers(expected(system=replace(QUIET, services=services))) == numbers(expected())

    def test_need_and_beds_that_are_kept(self):
        with pytest.raises(InputError, match="need"):
            expected(system=replace(QUIET, need=object()))
        ward = QUIET.steps["care.ward"]
        held = replace(ward.branches[0], holds=True, delay=Duration("constant", 1.0, 0.0))
        steps = tuple(
            replace(each, branches=(held,)) if each.id == ward.id else each for each in QUIET.pathways["care"].steps
        )
        with pytest.raises(InputError, match=r"care.ward.*kept"):
            expected(system=replace(QUIET, pathways={"care": replace(QUIET.pathways["care"], steps=steps)}))
