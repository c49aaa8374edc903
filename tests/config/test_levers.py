"""Levers, health and objectives come out as they are written, and unwritten values are spelt out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paysim.config import load
from paysim.model.curve import NOTHING, BelowThreshold, Polynomial
from paysim.model.health import NO_HEALTH, Health, HealthEffect
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    Effect,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.objective import Objective
from paysim.model.pathway import IMMEDIATELY, Duration
from paysim.model.system import System

Variant = Callable[[str], System]

LEVER = """
[lever.less]
name = "Less of it"
owner = "practice"
unit = "share"
range = [0.0, 0.5]
cost = {}
"""

WITH_A_CHOICE = """
[pathway.emergency.step.ward]
service = { choice = "acute", options = { near = "wards", far = "wards" } }
next = [{ to = "convalescence", probability = 0.1, delay = { days = 2 } }]
"""


def effect(variant: Variant, written: str) -> Effect:
    (only,) = variant(f"{WITH_A_CHOICE}{LEVER}effects = [{{ {written} }}]").levers["less"].effects
    return only


def test_a_config_without_them_has_none(folder: Path) -> None:
    system = load(folder / "base.toml")
    assert (system.levers, system.health, system.objectives) == ({}, NO_HEALTH, {})


def test_a_lever_with_everything(variant: Variant) -> None:
    lever = variant(
        """
        [lever.less]
        name = "Less of it"
        owner = "practice"
        unit = "share"
        range = [-0.5, 1.0]
        now = 0.25
        step = 0.05
        per = { name = "admission avoided", steps = ["emergency.ward"] }
        effects = [{ kind = "demand", pathway = "general_practice", per_unit = -0.5, per_unit_squared = 0.1 }]
        cost = { per_unit = 1_000, per_unit_squared = 2_000 }
        effort = { per_unit = -5 }
        health = { per_unit_squared = 3.5 }
        """
    ).levers["less"]
    assert (lever.id, lever.name, lever.owner, lever.unit) == ("less", "Less of it", "practice", "share")
    assert (lever.low, lever.high, lever.now, lever.step) == (-0.5, 1.0, 0.25, 0.05)
    assert (lever.counted, lever.counted_name) == (("emergency.ward",), "admission avoided")
    assert (lever.cost, lever.effort, lever.health) == (
        Polynomial(1_000, 2_000),
        Polynomial(-5.0, 0.0),
        Polynomial(0.0, 3.5),
    )
    assert lever.changes_care


def test_what_a_lever_leaves_out(variant: Variant) -> None:
    lever = variant(f"{LEVER}health = {{ per_unit = 1 }}").levers["less"]
    assert (lever.now, lever.step) == (0.0, 0.05)
    assert (lever.cost, lever.effort, lever.effects, lever.counted, lever.counted_name) == (
        NOTHING,
        NOTHING,
        (),
        (),
        "",
    )
    assert not lever.changes_care


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('kind = "stay", steps = ["emergency.ward"]', StayEffect(("emergency.ward",), Polynomial(2.0))),
        (
            'kind = "delay", step = "emergency.ward", to = "emergency.convalescence"',
            DelayEffect("emergency.ward", "emergency.convalescence", Polynomial(2.0)),
        ),
        ('kind = "capacity", service = "wards"', CapacityEffect("wards", Polynomial(2.0))),
        ('kind = "unit_cost", service = "surgery"', UnitCostEffect("surgery", Polynomial(2.0))),
        (
            'kind = "recode", steps = ["emergency.ward"], code = "LA04S", recorded_as = "AA22C"',
            RecodeEffect(("emergency.ward",), "LA04S", "AA22C", Polynomial(2.0)),
        ),
    ],
)
def test_effects_as_written(variant: Variant, written: str, meant: Effect) -> None:
    assert effect(variant, f"{written}, per_unit = 2") == meant


def test_effects_on_some_residents(variant: Variant) -> None:
    older = np.repeat([0.0, 0.0, 1.0], 10)
    demand = effect(
        variant, 'kind = "demand", pathway = "general_practice", per_unit = 0.5, residents = { ages = ["65+"] }'
    )
    assert isinstance(demand, DemandEffect)
    assert (demand.pathway, demand.curve) == ("general_practice", Polynomial(0.5))
    assert demand.residents is not None
    assert demand.residents.tolist() == [older.tolist()] * 2
    divert = effect(
        variant,
        'kind = "divert", step = "emergency.ward", away = "emergency.convalescence", per_unit = 1, '
        'to = "general_practice.consultation", delay = { days = 3, cv = 0.5 }, residents = { places = ["vale"] }',
    )
    assert isinstance(divert, DivertEffect)
    assert (divert.step, divert.away, divert.to, divert.delay) == (
        "emergency.ward",
        "emergency.convalescence",
        "general_practice.consultation",
        Duration("lognormal", 3.0, 0.5),
    )
    assert divert.residents is not None
    assert divert.residents.tolist() == [[0.0] * 30, [1.0] * 30]
    away = effect(
        variant,
        'kind = "refer_away", per_unit = 1, instead = "block", residents = { ages = ["65+"], places = ["hill"] }',
    )
    assert isinstance(away, ReferAwayEffect)
    assert away.residents.tolist() == [older.tolist(), [0.0] * 30]
    assert away.instead == "block"


def test_who_goes_nowhere_leaves_at_once(variant: Variant) -> None:
    divert = effect(
        variant, 'kind = "divert", step = "emergency.ward", away = "emergency.convalescence", per_unit_squared = 2'
    )
    assert isinstance(divert, DivertEffect)
    assert (divert.to, divert.delay, divert.residents) == (None, IMMEDIATELY, None)
    assert divert.curve == Polynomial(0.0, 2.0)


def test_an_option_is_numbered_in_its_choice(variant: Variant) -> None:
    choice = effect(variant, 'kind = "choice", choice = "acute", option = "far", per_unit = 0')
    assert isinstance(choice, ChoiceEffect)
    assert (choice.choice, choice.option) == ("acute", 1)


@pytest.mark.parametrize(("named", "weighted"), [("below_threshold", False), ("severity_below_threshold", True)])
def test_thresholds(variant: Variant, named: str, weighted: bool) -> None:
    lever = variant(
        f"""
        {LEVER}
        now = 0.5
        effects = [{{ kind = "demand", pathway = "general_practice", curve = "{named}" }}]
        """
    ).levers["less"]
    assert lever.effects[0].curve == BelowThreshold(weighted)


def test_health_leaves_out_what_is_off(variant: Variant) -> None:
    system = variant(
        """
        [health]
        pounds_per_qaly = 20_000
        discount_rate = 0.035
        [health.effect.visit]
        name = "A visit"
        steps = ["general_practice.consultation"]
        per_step = 0.001
        [health.effect.harm]
        name = "Harm in hospital"
        steps = ["emergency.ward"]
        per_day = -0.01
        on = false
        [health.effect.wait]
        name = "Waiting"
        steps = ["emergency.convalescence", "emergency.ward"]
        per_day_waited = -0.002
        """
    )
    assert system.health == Health(
        20_000.0,
        0.035,
        (
            HealthEffect("visit", "A visit", ("general_practice.consultation",), per_step=0.001),
            HealthEffect("wait", "Waiting", ("emergency.convalescence", "emergency.ward"), per_day_waited=-0.002),
        ),
    )
    assert "health.effect.harm.per_day" in {parameter.path for parameter in system.parameters}


def test_objectives(variant: Variant) -> None:
    health = "[health]\npounds_per_qaly = 1\ndiscount_rate = 0\n"
    system = variant(
        f"""
        {health}{LEVER}health = {{ per_unit = 1 }}
        [objective.practice]
        [objective.ccg]
        rule = "passive"
        surplus_weight = 0.5
        health_weight = 1.5
        risk_aversion = 1e-7
        adjustment_cost = 10_000
        horizon = "long_run"
        """
    )
    assert system.objectives == {
        "practice": Objective("practice", 1.0, 0.0, 0.0, 0.0, "best_response", "short_run"),
        "ccg": Objective("ccg", 0.5, 1.5, 1e-7, 10_000.0, "passive", "long_run"),
    }


def test_numbers_without_source_are_assumptions(variant: Variant) -> None:
    system = variant(
        f"""
        [source.trial]
        citation = "A trial"
        year = "2017-18"
        status = "cited"
        {LEVER}
        effects = [
          {{ kind = "capacity", service = "wards", per_unit = 4, source = "trial" }},
          {{ kind = "capacity", service = "surgery", per_unit = 2 }},
        ]
        """
    )
    statuses = {parameter.path: parameter.status for parameter in system.parameters}
    assert statuses["lever.less.effects[0].per_unit"] == "cited"
    assert statuses["lever.less.effects[1].per_unit"] == "assumed"
    assert statuses["lever.less.range"] == "assumed"


def test_levers_are_part_of_the_fingerprint(variant: Variant, folder: Path) -> None:
    with_lever = variant(f"{LEVER}health = {{ per_unit = 1 }}").fingerprint
    assert with_lever != variant(f"{LEVER}health = {{ per_unit = 2 }}").fingerprint
    assert with_lever != load(folder / "base.toml").fingerprint


def test_levers_may_be_rows(variant: Variant, folder: Path) -> None:
    (folder / "levers.csv").write_text("id,name,owner,unit,cost.per_unit\nfirst,First,practice,share,5\n")
    lever = variant(
        """
        [lever]
        file = "levers.csv"
        by = "id"
        [lever.first]
        range = [0, 1]
        health = { per_unit = 1 }
        """
    ).levers["first"]
    assert (lever.owner, lever.cost, lever.high) == ("practice", Polynomial(5.0), 1.0)
