"""Terms of a config's own are known in every process that a command starts."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOWN = Path(__file__).parents[2] / "configs" / "how-to"
TERM = """
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

import paysim
from paysim.model.terms import Term


@dataclass(frozen=True)
class Present(Term):
    KIND: ClassVar[str] = "present"


def present(term, seen):
    return [seen.to_payee(np.full(seen.periods, 100))]


paysim.register_term(Present, present)
"""
CONFIG = """
extends = "one_hospital_with_levers.toml"
own_terms = ["present.py"]

[arrangement.present]
name = "Tariff and a present"
extends = "activity"
[arrangement.present.contract.present]
payer = "treasury"
payee = "hospital"
scope = { services = [] }
terms = [{ kind = "present" }]
"""
QUICK = ["--replications", "2", "--sample", "0.1", "--arrangements", "activity,present", "--workers", "2"]


@pytest.fixture
def town(tmp_path: Path) -> Path:
    shutil.copytree(TOWN, tmp_path, dirs_exist_ok=True)
    (tmp_path / "present.py").write_text(TERM, encoding="utf-8")
    (tmp_path / "town.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("command", ["compare", "incentives"])
def test_a_study_with_own_terms_on_two_processes(town: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "paysim", command, "town.toml", *QUICK],
        cwd=town,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (town / "out" / "report.html").exists()
