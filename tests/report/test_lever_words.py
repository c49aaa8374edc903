"""Levers, health and objectives in words, on the terminal and for machines."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import paysim
from paysim.model.curve import BelowThreshold, Polynomial
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    Lever,
    RecodeEffect,
    ReferAwayEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.objective import Objective
from paysim.model.pathway import IMMEDIATELY
from paysim.report.lever_words import cost_words, effect_words, objective_words
from paysim.report.machine import system_as_json
from paysim.report.tables import system_summary

SYSTEM = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"

LEVERS = """
[source.trial]
citation = "A trial"
year = "2017-18"
status = "cited"
[lever.at_home]
name = "Hospital at home"
owner = "hospital"
unit = "share [of] admissions"
range = [0.0, 0.3]
per = { name = "ward stay avoided", steps = ["emergency.ward"] }
effects = [
  { kind = "divert", step = "emergency.attendance", away = "emergency.ward", per_unit = 1.0, source = "trial" },
]
cost = { per_unit = 200_000, per_unit_squared = 1_000_000 }
health = { per_unit = 10 }
[health]
pounds_per_qaly = 20_000
discount_rate = 0.035
[health.effect.bed_rest]
name = "Harm of days in bed"
steps = ["emergency.ward"]
per_day = -0.0005
per_step = 0.1
[objective.hospital]
health_weight = 0.5
"""


@pytest.fixture(scope="module")
def system():
    return paysim.load(SYSTEM)


@pytest.fixture(scope="module")
def with_levers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("levers")
    shutil.copy(SYSTEM, folder)
    shutil.copytree(SYSTEM.with_suffix(""), folder / SYSTEM.stem)
    (folder / "levers.toml").write_text(f'extends = "{SYSTEM.name}"\n{LEVERS}', encoding="utf-8")
    return paysim.load(folder / "levers.toml")


def lever(*effects, low=0.0, high=0.5, now=0.0, cost=None):
    return Lever("x", "X", "hospital", "share", low, high, now, 0.1, effects, cost or Polynomial())


def older(system):
    bands = [band for band, *_ in system.population.profile_labels()]
    inside = np.array([band == "65+" for band in bands], dtype=np.float64)
    return np.tile(inside, (len(system.places), 1))


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (DemandEffect("general_practice", Polynomial(-0.5)), "demand of General practice: -25.0% at 0.5"),
        (
            DivertEffect("emergency.attendance", "emergency.ward", None, IMMEDIATELY, Polynomial(1.0)),
            "from Attendance out of the pathway, not to Ward stay: 50.0% at 0.5",
        ),
        (
            DivertEffect(
                "emergency.attendance", "emergency.ward", "general_practice.consultation", IMMEDIATELY, Polynomial(1.0)
            ),
            "from Attendance to Consultation, not to Ward stay: 50.0% at 0.5",
        ),
        (StayEffect(("emergency.ward",), Polynomial(0.0, -0.4)), "stay in Ward stay: -10.0% at 0.5"),
        (
            DelayEffect("emergency.ward", "emergency.ward", Polynomial(0.5)),
            "delay between Ward stay and Ward stay: +25.0% at 0.5",
        ),
        (CapacityEffect("wards", Polynomial(10.0)), "capacity of Wards (beds): +5.0 at 0.5"),
        (UnitCostEffect("wards", Polynomial(-10.0)), "variable cost of a step at Wards: -£5.00 at 0.5"),
        (ChoiceEffect("acute", 0, Polynomial(0.1)), "share who choose Wards: +5.0 points at 0.5"),
        (
            RecodeEffect(("emergency.ward",), "AA22C", "LA04S", Polynomial(0.4)),
            "Ward stay recorded as LA04S, not AA22C: 20.0% at 0.5",
        ),
    ],
)
def test_what_effects_change_in_words(system, effect, words):
    assert effect_words(effect, lever(effect), system) == words


def test_both_ends_are_told_where_something_changes_at_both(system):
    effect = DemandEffect("general_practice", BelowThreshold(weighted=False))
    two_sided = lever(effect, low=0.0, high=1.0, now=0.5)
    assert effect_words(effect, two_sided, system) == "demand of General practice: -100.0% at 0, +60.7% at 1"
    assert cost_words(lever(low=-1.0, high=1.0, cost=Polynomial(50.0, 1_000.0))) == [
        "cost a year: £950 at -1, £1,050 at 1"
    ]


def test_some_residents_are_told_by_their_share(system):
    counts = system.population.counts()
    share = (older(system) * counts).sum() / counts.sum()
    demand = DemandEffect("general_practice", Polynomial(-0.5), older(system))
    away = ReferAwayEffect(older(system), "block", Polynomial(1.0))
    assert f"({share:.1%} of residents): -25.0%" in effect_words(demand, lever(demand), system)
    name = system.arrangements["block"].name
    assert effect_words(away, lever(away), system) == (
        f"off the list, paid by {name} ({share:.1%} of residents): 50.0% at 0.5"
    )


def test_objectives_in_words():
    assert objective_words(Objective("x")) == "1 surplus + 0 health, best response, short run"
    everything = Objective("x", 0.5, 2.0, 1e-7, 10_000.0, "rule_of_thumb", "long_run")
    assert objective_words(everything) == (
        "0.5 surplus + 2 health, rule of thumb, long run, risk aversion 1e-07 a pound, adjustment £10,000 a range"
    )


def test_the_summary_tells_of_levers_health_and_objectives(with_levers):
    stream = io.StringIO()
    Console(file=stream, width=100, color_system=None).print(system_summary(with_levers))
    text = " ".join(stream.getvalue().split())
    for words in (
        "at_home: Hospital at home (The hospital) 0 to 0.3, now 0: share [of] admissions",
        "not to Ward stay: 30.0% at 0.3 cost a year: £150,000 at 0.3 health a year: 3.0 QALYs at 0.3",
        "also for one ward stay avoided evidence: 1 cited, 4 assumed",
        "£20,000 a QALY, discounted by 3.5% a year",
        "QALYs +0.1 a step, -0.0005 a day: Ward stay",
        "The hospital: 1 surplus + 0.5 health",
    ):
        assert words in text


def test_the_summary_tells_what_owners_do_who_have_no_objective_or_are_passive(with_levers):
    stream = io.StringIO()
    passive = {"hospital": Objective("hospital", rule="passive")}
    for objectives in ({}, passive):
        Console(file=stream, width=100, color_system=None).print(
            system_summary(replace(with_levers, objectives=objectives))
        )
    text = " ".join(stream.getvalue().split())
    assert "The hospital: 1 surplus + 0 health, best response, short run (by default)" in text
    assert "The hospital: passive, leaves its levers alone" in text


def test_a_system_without_levers_says_nothing_of_them(system):
    stream = io.StringIO()
    Console(file=stream, width=100, color_system=None).print(system_summary(system))
    assert not {"Levers", "Health", "Objectives"} & set(stream.getvalue().split())
    answer = system_as_json(system)
    assert (answer["levers"], answer["health"], answer["objectives"]) == ({}, None, {})


def test_json_holds_levers_health_and_objectives(with_levers):
    answer = json.loads(json.dumps(system_as_json(with_levers), allow_nan=False))
    at_home = answer["levers"]["at_home"]
    assert (at_home["owner"], at_home["range"], at_home["now"]) == ("hospital", [0.0, 0.3], 0.0)
    assert at_home["cost"] == {"per_unit": 200_000.0, "per_unit_squared": 1_000_000.0}
    assert at_home["per"] == {"name": "ward stay avoided", "steps": ["emergency.ward"]}
    assert at_home["evidence"] == {"cited": 1, "derived": 0, "assumed": 4}
    assert answer["health"]["effects"]["bed_rest"]["per_day"] == -0.0005
    assert answer["objectives"]["hospital"]["health_weight"] == 0.5
