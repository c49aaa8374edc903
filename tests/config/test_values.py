"""Small rules of the form: durations, opening hours, contracts, defaults, the fingerprint."""

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from paysim.config import load
from paysim.config.resolve.durations import duration
from paysim.config.schema.numbers import Duration as WrittenDuration
from paysim.model.calendar import period_labels
from paysim.model.errors import InputError
from paysim.model.pathway import Duration
from paysim.model.service import CostStructure, OpenHours
from paysim.model.system import StudyDefaults, System
from paysim.model.terms import Block
from paysim.simulation.running import Running

Variant = Callable[[str], System]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"minutes": 720}, Duration("constant", 0.5, 0.0)),
        ({"hours": 12, "cv": 0.5}, Duration("lognormal", 0.5, 0.5)),
        ({"weeks": 2, "distribution": "constant"}, Duration("constant", 14.0, 0.0)),
        ({"days": 2, "distribution": "exponential"}, Duration("exponential", 2.0, 1.0)),
        ({"days": 2, "distribution": "normal", "cv": 0.25}, Duration("normal", 2.0, 0.25)),
        ({"days": 2, "distribution": "uniform", "cv": 0.5}, Duration("uniform", 2.0, 0.5)),
        ({"days": 2, "distribution": "lognormal", "cv": 1.5}, Duration("lognormal", 2.0, 1.5)),
        ({"days": 0, "cv": 1.5}, Duration("constant", 0.0, 0.0)),
        ({"days": 2, "cv": 0}, Duration("constant", 2.0, 0.0)),
    ],
)
def test_durations(written: dict[str, object], meant: Duration) -> None:
    assert duration(WrittenDuration.model_validate(written)) == meant


def test_opening_hours_that_touch_are_one_span(variant: Variant) -> None:
    system = variant(
        """
        [service.surgery]
        opening = [
          { days = ["sun", "mon"], from = "00:00", until = "24:00" },
          { days = ["tue"], from = "00:00", until = "12:30" },
          { days = ["tue"], from = "13:00", until = "17:00" },
        ]
        """
    )
    assert system.services["surgery"].opening == (
        OpenHours(0.0, 36.5),
        OpenHours(37.0, 41.0),
        OpenHours(144.0, 168.0),
    )


@pytest.mark.parametrize("year", [1900, 9898])
def test_the_first_and_the_last_year_leave_room_for_a_warm_up_and_for_the_longest_run(
    variant: Variant, year: int
) -> None:
    system = variant(f"start = {year}-04-01\n[study]\nyears = 100\nwarm_up_days = 3653")
    assert Running(system, years=100, seed=1, sample=0.01).months == 1200
    assert period_labels(system.start, 1200)[-1] == f"{year + 100}-03"


def test_defaults(folder: Path) -> None:
    system = load(folder / "base.toml")
    assert system.study == StudyDefaults(("activity", "block"), 1, 10, 1, 1.0, 30, 10)
    assert system.services["surgery"].cost == CostStructure()
    assert system.services["surgery"].discipline == "fifo"
    assert system.organisations["hospital"].market_forces_factor == 1.0


def test_a_system_without_arrangements_is_a_system(folder: Path) -> None:
    text = (folder / "base.toml").read_text().partition("[arrangement.activity]")[0]
    (folder / "unpaid.toml").write_text(text)
    assert load(folder / "unpaid.toml").arrangements == {}


def test_the_ids_of_contracts_and_terms(variant: Variant) -> None:
    system = variant(
        """
        [organisation.vale_ccg]
        name = "Vale CCG"
        kind = "commissioner"
        [arrangement.split]
        name = "Split"
        [arrangement.split.contract.single]
        payer = "ccg"
        payee = ["hospital"]
        terms = [
          { kind = "block", annual = 1 },
          { kind = "block", annual = 2 },
          { kind = "capitation", id = "block_3", annual_per_head = 3 },
          { kind = "block", annual = 4 },
        ]
        [arrangement.split.contract.by_payer]
        payer = { by_place = { vale = "vale_ccg", hill = "ccg" } }
        payee = "practice"
        terms = [{ kind = "block", annual = 1 }]
        """
    )
    single, vale, hill = system.arrangements["split"].contracts
    assert (single.id, single.scope.places) == ("single", ("hill", "vale"))
    assert [term.id for term in single.terms] == ["block", "block_2", "block_3", "block_4"]
    assert [(contract.id, contract.payer, contract.scope.places) for contract in (vale, hill)] == [
        ("by_payer.vale", "vale_ccg", ("vale",)),
        ("by_payer.hill", "ccg", ("hill",)),
    ]


def test_payees_by_place_and_scopes(variant: Variant) -> None:
    system = variant(
        """
        [organisation.lead_vale]
        name = "Lead provider of Vale"
        kind = "provider"
        [arrangement.block.contract.lead]
        payer = "ccg"
        payee = { by_place = { vale = "lead_vale" } }
        scope = { services = ["wards"] }
        terms = [{ kind = "block", annual = 100 }]
        """
    )
    lead = system.arrangements["block"].contracts[-1]
    assert (lead.id, lead.payee) == ("lead", "lead_vale")
    assert (lead.scope.services, lead.scope.places) == (("wards",), ("vale",))
    assert lead.terms == (Block("block", 10_000),)


def test_a_price_without_code_holds_for_all_codes(variant: Variant, folder: Path) -> None:
    (folder / "tables" / "own.csv").write_text("currency,code,price\nconsultation,,37\nnon_elective,,900\n")
    system = variant('[prices.national]\nfile = "tables/own.csv"')
    assert system.prices["national"].prices["non_elective", ""].pence == 90_000


def test_a_step_that_a_scenario_switches_off_is_still_connected(variant: Variant) -> None:
    system = variant('[pathway.emergency.step.ward]\nnext = [{ to = "convalescence", probability = 0 }]')
    assert system.steps["emergency.ward"].branches[0].probability.max() == 0


def test_activity_that_never_occurs_need_not_be_paid(variant: Variant) -> None:
    system = variant(
        """
        [pathway.general_practice.step.consultation]
        next = [{ to = "emergency.ward", probability = 0 }]
        [arrangement.activity.contract.all]
        payee = "practice"
        [arrangement.block.contract.all]
        payee = "practice"
        """
    )
    assert [contract.payee for contract in system.arrangements["activity"].contracts] == ["practice"]


def test_a_fingerprint_knows_content_and_not_place(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "copy"
    shutil.copytree(folder, elsewhere)
    fingerprint = load(folder / "base.toml").fingerprint
    assert load(elsewhere / "base.toml").fingerprint == fingerprint
    with (elsewhere / "tables" / "rates.csv").open("a") as table:
        table.write("\n")
    assert load(elsewhere / "base.toml").fingerprint != fingerprint
    (folder / "variant.toml").write_text('extends = "base.toml"\nquestion = "Another?"\n')
    assert load(folder / "variant.toml").fingerprint != fingerprint


def test_a_refusal_survives_the_way_between_processes() -> None:
    other = InputError("a.toml", "x", "found 1", "expected 2")
    refusal = InputError("a.toml", "y.z", "found 3", "expected 4", [other])
    copy = pickle.loads(pickle.dumps(refusal))
    assert str(copy) == str(refusal) == "a.toml: y.z: found 3; expected 4\na.toml: x: found 1; expected 2"
    assert (copy.file, copy.key_path, copy.found, copy.expected) == ("a.toml", "y.z", "found 3", "expected 4")


def test_delayed_transfers_are_steps_over_bed_days(variant: Variant) -> None:
    delayed = variant(
        """
        [measure.delayed]
        name = "Delayed transfers of care"
        kind = "delayed"
        steps = ["emergency.convalescence"]
        base = ["emergency.ward"]
        target = 0.05
        """
    ).measures["delayed"]
    assert (delayed.kind, delayed.steps, delayed.base) == (
        "delayed",
        ("emergency.convalescence",),
        ("emergency.ward",),
    )
