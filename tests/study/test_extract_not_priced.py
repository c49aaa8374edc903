"""Rows of steps without a currency are told where the arrangement pays for them by prices alone."""

from dataclasses import replace
from pathlib import Path

import pytest
from written_extracts import ADMITTED, PENCE, SPELL, TOWN, paid, settled, spells

import paysim
from paysim.payment.without_currency import rows_not_priced
from paysim.report.settled import files_statement, not_priced_statement, settled_as_json
from paysim.study.extract import read_written

WARD = TOWN.steps["emergency.ward"]
EMERGENCY = TOWN.pathways["emergency"]
STEPS = tuple(replace(step, currency=None) if step is WARD else step for step in EMERGENCY.steps)
FORGETFUL = replace(TOWN, pathways={**TOWN.pathways, "emergency": replace(EMERGENCY, steps=STEPS)})
AWAITING = ADMITTED.replace('"emergency.ward" }', '"emergency.ward", elective = "emergency.awaiting_care" }')


def test_rows_that_no_tariff_pays_for_are_counted_and_are_not_said_to_be_paid_by_totals(tmp_path):
    result = settled(tmp_path, spells(2), system=FORGETFUL)
    assert result.not_priced == {"emergency.ward": 2}
    said = "Among the settled are 2 rows that no tariff pays for, as the step has no currency: emergency.ward."
    assert not_priced_statement(result) == said
    assert settled_as_json(result)["rows_without_currency"] == {"emergency.ward": 2}
    why = "Payments, row by row: none, since no tariff pays for a step without a currency"
    assert why in files_statement(result, Path("out"))


def test_rows_beside_priced_ones_are_counted_alone(tmp_path):
    rows = [*spells(3), {**SPELL, "PROVSPNOPS": "S9", "TOKEN_PERSON_ID": "P9", "ADMIMETH": "11"}]
    result = settled(tmp_path, rows, AWAITING)
    assert result.not_priced == {"emergency.awaiting_care": 1}
    assert "is 1 row that" in not_priced_statement(result)
    assert paid(result, "hospital") == 3 * PENCE


def test_rows_that_totals_pay_for_are_not_told(tmp_path):
    result = settled(tmp_path, spells(2), system=FORGETFUL, arrangement="block")
    assert result.not_priced == {}
    assert not_priced_statement(result) == ""
    assert "settles totals" in files_statement(result, Path("out"))


def test_steps_that_the_price_of_a_spell_covers_are_not_told(tmp_path):
    activity = paysim.simulate(TOWN, sample=0.2, seed=1)
    waiting = TOWN.step_ids.index("emergency.awaiting_care")
    assert (activity.step == waiting).any()
    paysim.write_activity(activity, tmp_path / "activity.parquet")
    result = paysim.settle_extract(read_written(TOWN, tmp_path / "activity.parquet"), TOWN.arrangements["activity"])
    assert result.not_priced == {}


@pytest.mark.parametrize(
    ("scope", "rows"),
    [
        ({}, 2),
        ({"places": ("vale",)}, 0),
        ({"services": ("other_wards",)}, 0),
        ({"pathways": ("general_practice",)}, 0),
        ({"periods": (0, 1)}, 2),
        ({"periods": (1, 12)}, 0),
    ],
)
def test_rows_outside_the_scope_of_the_tariff_are_not_counted(tmp_path, scope, rows):
    activity = settled(tmp_path, spells(2), system=FORGETFUL).activity
    arrangement = FORGETFUL.arrangements["activity"]
    contracts = tuple(replace(each, scope=replace(each.scope, **scope)) for each in arrangement.contracts)
    only = tuple(each for each in contracts if each.payee == "hospital" and each.payer == "hill_ccg")
    assert sum(rows_not_priced(activity, replace(arrangement, contracts=only)).values()) == rows


def test_rows_in_place_of_others_are_not_counted():
    system = paysim.load(Path(__file__).parents[2] / "configs" / "examples" / "not_attending.toml")
    activity = paysim.simulate(system, sample=0.05)
    assert (activity.step == system.step_ids.index("outpatients.missed")).any()
    assert rows_not_priced(activity, system.arrangements["activity"]) == {}
