"""What a sample makes of the beds that a lever sets is told wherever it makes too many or too few of them."""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from games import lever

import paysim
from paysim.cli import main
from paysim.incentives.sampled import off_in_sample
from paysim.model.curve import Polynomial
from paysim.model.lever import CapacityEffect
from paysim.model.system import System
from paysim.report.response.result import respond

EXAMPLES = Path(__file__).parents[2] / "configs" / "examples"
BEDS = """
extends = "base.toml"
[lever.beds]
name = "More beds"
owner = "hospital"
unit = "steps of two beds"
range = [0.0, 4.0]
step = 1.0
effects = [{ kind = "capacity", service = "wards", per_unit = 2 }]
cost = { per_unit = 2_000 }
"""
TOLD = (
    "One step of More beds sets +2 beds in Wards, but a sample of 13% of residents makes 0.0 of them, because servers"
    " are whole there too: what is said of this lever is off, and its intervals do not tell. The smallest sample that"
    " would do is 46%."
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "beds.toml").write_text(BEDS, encoding="utf-8")
    return tmp_path / "beds.toml"


def with_beds(per_unit: float, capacity: int = 42) -> System:
    """Return the example with so many beds, and a lever that sets so many more with each step."""
    base = paysim.load(EXAMPLES / "base.toml")
    wards = replace(base.services["wards"], capacity=capacity)
    beds = replace(
        lever("beds", "hospital", 0.0, 4.0, now=1.0), effects=(CapacityEffect("wards", Polynomial(per_unit)),), step=1.0
    )
    return replace(base, services={**base.services, "wards": wards}, levers={"beds": beds})


def test_incentives_tell_of_beds_that_a_sample_does_not_have(config, tmp_path, capsys, monkeypatch) -> None:
    def said(*options: str) -> str:
        run = ["incentives", str(config), "--arrangements", "activity", "--replications", "2", "--workers", "1"]
        monkeypatch.setattr(sys, "argv", ["paysim", *run, "--out", str(tmp_path / "out"), *options])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 0
        return capsys.readouterr().out

    assert " ".join(said("--sample", "0.13").split()).count(TOLD) == 1
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").count(TOLD) == 1
    assert json.loads(said("--sample", "0.13", "--json"))["warnings"] == [TOLD]
    assert json.loads(said("--sample", "0.5", "--json"))["warnings"] == []


def test_responses_and_designs_tell_of_them_too(config: Path) -> None:
    small = {"replications": 2, "sample": 0.13}
    assert TOLD in respond(config, "activity", years=1, **small).warnings()
    free = {"all.hospital.tariff.price_growth": (0.0, 0.1)}
    assert TOLD in paysim.design(config, "activity", free, candidates=3, tolerance=float("inf"), **small).answer()
    assert TOLD not in respond(config, "activity", years=1, engine="expected", **small).warnings()


@pytest.mark.parametrize(
    ("per_unit", "capacity", "sample", "found"),
    [
        (2, 42, 1.0, None),
        (2, 42, 0.5, None),
        (2, 42, 0.1, (2, 0.0, 0.46)),
        (2, 40, 0.1, (2, 10.0, 0.46)),
        (2, 42, 0.6, (2, 1 / 0.6, 0.46)),
        (-2, 42, 0.1, (-2, -10.0, 0.46)),
        (10, 42, 0.1, None),
        (10, 42, 0.15, (10, 1 / 0.15, 0.1)),
        (300, 1_000, 0.01, None),
        (0.4, 42, 0.1, (0.4, 0.0, None)),
        (0.4, 42, 1.0, (0.4, 0.0, None)),
        (0.5, 42, 1.0, (0.5, 1.0, None)),
    ],
)
def test_a_step_may_be_off_by_a_tenth(per_unit, capacity, sample, found) -> None:
    system = with_beds(per_unit, capacity)
    told = [
        (each.servers, pytest.approx(each.simulated), each.enough)
        for each in off_in_sample(system, system.levers.values(), sample)
    ]
    assert told == ([] if found is None else [found])
