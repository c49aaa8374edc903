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


FORKED = """
extends = "one_hospital.toml"
[pathway.emergency.step.attendance]
next = [{ to = "assessment", probability = 0.3 }]
[pathway.emergency.step.assessment]
name = "Assessment"
service = "wards"
duration = { hours = 6 }
admitted = true
next = [{ to = "ward", probability = 0.5, delay = { days = 0 } }, { to = "frailty", probability = 0.5 }]
[pathway.emergency.step.frailty]
name = "Frailty ward"
service = "wards"
duration = { days = 3 }
admitted = true
next = [{ to = "rehabilitation" }]
[pathway.emergency.step.rehabilitation]
name = "Rehabilitation after the frailty ward"
service = "other_wards"
duration = { days = 9 }
admitted = true
"""


def forked(folder: Path, text: str = FORKED) -> System:
    """Return the town with an assessment before the ward, and another ward beside it without a currency."""
    shutil.copytree(SMALL.parent, folder, dirs_exist_ok=True)
    (folder / "forked.toml").write_text(text)
    return paysim.load(folder / "forked.toml")


def test_a_ward_beside_one_that_has_a_price_is_told(tmp_path: Path) -> None:
    assert unpriced(forked(tmp_path)) == (
        "No tariff pays for 2 steps that have no currency: emergency.frailty, emergency.rehabilitation.",
    )


def test_beds_of_another_provider_are_no_part_of_the_spell(tmp_path: Path) -> None:
    priced = FORKED.replace('name = "Frailty ward"', 'name = "Frailty ward"\ncurrency = "non_elective"\ncode = "AA22C"')
    (told,) = unpriced(forked(tmp_path, priced))
    assert told == "No tariff pays for 1 step that has no currency: emergency.rehabilitation."


def test_a_stay_that_begins_days_after_another_is_no_part_of_its_spell(tmp_path: Path) -> None:
    later = FORKED.replace("delay = { days = 0 }", "delay = { days = 2 }")
    (told,) = unpriced(forked(tmp_path, later))
    assert told.startswith("No tariff pays for 3 steps that have no currency: emergency.assessment, emergency.frailty")


def narrowed(**scope: object) -> System:
    """Return the town whose hospitals' tariffs have a narrower scope, with no currency for care in hospital."""
    contracts = tuple(
        replace(contract, scope=replace(contract.scope, **scope)) if contract.id.startswith("acute") else contract
        for contract in TOWN.arrangements["activity"].contracts
    )
    system = forgetting("emergency.attendance", "emergency.ward")
    return replace(system, arrangements={"activity": replace(TOWN.arrangements["activity"], contracts=contracts)})


def test_only_care_within_the_scope_of_a_tariff_is_told() -> None:
    assert unpriced(narrowed(pathways=("general_practice",)))[0].startswith("No step has currency")
    (told, *_) = unpriced(narrowed(services=("emergency_department",)))
    assert told == "No tariff pays for 1 step that has no currency: emergency.attendance."


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
