"""Check names the steps that no tariff pays for as they have no currency, and the currencies that no step has."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from command_line import run

import paysim
from paysim.model.system import System
from paysim.model.terms import Block
from paysim.report.unpriced import unpriced

CONFIGS = Path(__file__).parents[2] / "configs"
SMALL = CONFIGS / "how-to" / "one_hospital.toml"
TOWN = paysim.load(SMALL)


def forgetting(*steps: str) -> System:
    """Return the town with steps whose currency was forgotten."""
    pathways = {
        pathway.id: replace(
            pathway,
            steps=tuple(replace(step, currency=None) if step.id in steps else step for step in pathway.steps),
        )
        for pathway in TOWN.pathways.values()
    }
    return replace(TOWN, pathways=pathways)


def test_a_forgotten_currency_is_told_with_the_prices_that_it_leaves_idle() -> None:
    assert unpriced(forgetting("general_practice.consultation")) == (
        "No tariff pays for 1 step that has no currency: general_practice.consultation.",
        "No step has currency 'consultation', so nothing is paid by its prices (1 in 'national').",
    )


def test_what_the_price_of_a_spell_covers_is_not_told() -> None:
    assert TOWN.steps["emergency.awaiting_care"].currency is None
    assert unpriced(TOWN) == ()
    steps, *_ = unpriced(forgetting("emergency.ward"))
    assert steps == "No tariff pays for 2 steps that have no currency: emergency.ward, emergency.awaiting_care."


def test_only_the_first_of_many_steps_are_named() -> None:
    told = unpriced(forgetting(*TOWN.steps))[0]
    assert told.startswith("No tariff pays for 4 steps that have no currency: general_practice.consultation, ")
    assert told.endswith(" and 1 more.")


def test_what_stands_in_for_another_step_is_not_told() -> None:
    for example in ("not_attending", "leaving_before_seen"):
        assert unpriced(paysim.load(CONFIGS / "examples" / f"{example}.toml")) == ()


def test_steps_that_amounts_pay_for_are_not_told() -> None:
    forgetful = forgetting("emergency.ward")
    amount = Block(id="standing", annual=(100,), growth=(0.0,))
    mixed = {
        id: replace(arrangement, contracts=tuple(replace(c, terms=(*c.terms, amount)) for c in arrangement.contracts))
        for id, arrangement in TOWN.arrangements.items()
    }
    assert not any("No tariff" in told for told in unpriced(replace(forgetful, arrangements=mixed)))
    block = {"block": TOWN.arrangements["block"]}
    assert not any("No tariff" in told for told in unpriced(replace(forgetful, arrangements=block)))


def test_check_says_it_to_people_and_to_machines(tmp_path: Path) -> None:
    shutil.copytree(SMALL.parent, tmp_path, dirs_exist_ok=True)
    config = tmp_path / "idle.toml"
    config.write_text('extends = "one_hospital.toml"\n[currency.call]\nname = "Telephone call"\ncounted = "step"\n')
    said, told = run("check", config).stdout, json.loads(run("check", config, "--json").stdout)
    assert said.rstrip().endswith("No step has currency 'call'.")
    assert told["unpriced"] == ["No step has currency 'call'."]
