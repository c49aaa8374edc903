"""QALYs of activity against a plain loop, switched off one by one, and those of levers."""

from dataclasses import replace

import numpy as np
import pytest
from generated import activities
from hypothesis import given, settings
from hypothesis import strategies as st
from quiet import TRIAL, quiet_town
from town import STEPS, activity, town

from paysim.incentives.evaluate import evaluate
from paysim.incentives.health import activity_qalys, lever_qalys
from paysim.model.curve import NOTHING
from paysim.model.health import Health, HealthEffect
from paysim.payment.lookups import lookups_for

settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")

QUIET = quiet_town()
TOWN = town()

WORTH = st.floats(-1.0, 1.0, allow_subnormal=False)
EFFECTS = st.lists(
    st.builds(
        HealthEffect,
        st.uuids().map(str),
        st.just("An effect"),
        st.lists(st.sampled_from(list(STEPS)), min_size=1, unique=True).map(tuple),
        WORTH,
        WORTH,
        WORTH,
    ),
    max_size=4,
)


def with_effects(effects, system=TOWN):
    return replace(system, health=Health(20_000.0, 0.035, tuple(effects)))


def qalys(system, rows, weight=1.0, years=1):
    whole = activity(system, rows, years=years, weight=weight)
    return activity_qalys(whole, lookups_for(whole))


@given(activities(), EFFECTS, st.sampled_from([1.0, 3.7]))
def test_qalys_by_hand(rows, effects, weight):
    system = with_effects(effects)
    labels, population = system.population.profile_labels(), system.population
    expected = np.zeros((5, 1))
    for row in rows:
        cell = int(population.cell_of(np.array([row.resident]))[0])
        quintile = labels[population.profile[cell]][2]
        for effect in effects:
            if row.step in effect.steps:
                stay, wait = float(np.float32(row.stay)), float(np.float32(row.wait))
                each = effect.per_step + effect.per_day_waited * wait + effect.per_day * stay
                expected[quintile - 1, 0] += weight * each
    assert qalys(system, rows, weight) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(activities(), EFFECTS)
def test_effects_add_up_so_each_can_be_switched_off(rows, effects):
    apart = sum((qalys(with_effects([effect]), rows) for effect in effects), np.zeros((5, 1)))
    assert qalys(with_effects(effects), rows) == pytest.approx(apart, rel=1e-9, abs=1e-9)


@given(activities(), EFFECTS, st.floats(-3.0, 3.0, allow_subnormal=False))
def test_qalys_are_in_proportion_to_what_a_unit_is_worth(rows, effects, factor):
    scaled = [
        replace(
            each,
            per_step=factor * each.per_step,
            per_day_waited=factor * each.per_day_waited,
            per_day=factor * each.per_day,
        )
        for each in effects
    ]
    expected = factor * qalys(with_effects(effects), rows)
    assert qalys(with_effects(scaled), rows) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_step_counts_in_the_year_of_its_end():
    trial = replace(TRIAL, years=3)
    (found,) = evaluate(QUIET, [], [{}], trial, 0)
    per_consultation = replace(
        QUIET, health=replace(QUIET.health, effects=(HealthEffect("c", "C", ("care.ward",), 1.0),))
    )
    (counted,) = evaluate(per_consultation, [], [{}], trial, 0)
    ward = list(QUIET.step_ids).index("care.ward")
    assert found.qalys.shape == counted.qalys.shape == (5, 3)
    assert counted.qalys.sum(axis=0) == pytest.approx(counted.steps[ward])
    assert not counted.qalys[3].any(), "nobody lives in the fourth quintile"


def test_what_a_lever_does_for_some_residents_is_theirs():
    counts = QUIET.population.counts()
    hill = np.zeros_like(counts, dtype=float)
    hill[0] = 1.0
    avoid = QUIET.levers["avoid"]
    (diverts,) = avoid.effects

    def health(*effects):
        system = replace(QUIET, levers={"avoid": replace(avoid, effects=effects)})
        return lever_qalys(system, {"avoid": 0.25}, 1)[:, 0]

    of_hill = replace(diverts, residents=hill)
    everybody = health(diverts)
    assert health(of_hill)[4] < everybody[4], "the fifth quintile lives in Vale but for a few"
    assert health(of_hill).sum() == pytest.approx(everybody.sum()) == pytest.approx(1.0)
    in_hill = health(of_hill) * counts[0].sum() + health(replace(diverts, residents=1 - hill)) * counts[1].sum()
    assert in_hill == pytest.approx(everybody * counts.sum())
    assert health(of_hill, diverts) == pytest.approx(everybody)
    assert health(of_hill, replace(diverts, residents=1 - hill)) == pytest.approx(everybody)


def test_what_levers_do_beyond_activity_goes_to_residents_alike():
    found = lever_qalys(QUIET, {"avoid": 0.25}, 2)
    assert found == pytest.approx(np.repeat([[900 / 2000], [150 / 2000], [300 / 2000], [0], [650 / 2000]], 2, axis=1))
    without, with_lever = evaluate(QUIET, [], [{}, {"avoid": 0.25}], TRIAL, 0)
    of_activity = replace(QUIET, levers={"avoid": replace(QUIET.levers["avoid"], health=NOTHING)})
    (alone,) = evaluate(of_activity, [], [{"avoid": 0.25}], TRIAL, 0)
    assert with_lever.qalys - alone.qalys == pytest.approx(lever_qalys(QUIET, {"avoid": 0.25}, 1))
    assert not lever_qalys(QUIET, {}, 1).any()
    assert without.qalys.sum() < with_lever.qalys.sum()
