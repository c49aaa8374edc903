"""The first start on a machine compiles once, says so, and never stands in the way of the study itself."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import paysim
from paysim.study import first_start
from paysim.study.first_start import COMPILING, compile_ahead, compile_levers_ahead
from paysim.study.settings import settings_for

TESTS = Path(__file__).parents[1]
SMALL = TESTS.parent / "configs" / "how-to" / "one_hospital.toml"
WITH_LEVERS, SHARED = (TESTS / "incentives" / "systems" / f"{name}.toml" for name in ("quiet_town", "shared_savings"))

STUDIES_OF_LEVERS = {
    "incentives": lambda progress: paysim.incentives(WITH_LEVERS, replications=2, progress=progress),
    "respond": lambda progress: paysim.respond(WITH_LEVERS, "activity", years=2, replications=2, progress=progress),
    "design": lambda progress: paysim.design(
        SHARED,
        "shared",
        {"savings.gain_loss_share.shares.team": (0.0, 0.8)},
        levers=["avoid"],
        candidates=2,
        replications=2,
        progress=progress,
    ),
}


def said(system: paysim.System, settings=None, compile=compile_ahead) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    compile(system, settings or settings_for(system), lambda *report: told.append(report))
    return told


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(first_start, "compiled_note", lambda engine: tmp_path / engine)
    return tmp_path / "compiled"


def test_only_the_first_start_compiles_and_says_so(note: Path) -> None:
    system = paysim.load(SMALL)
    assert said(system) == [(COMPILING, 0, 1), (COMPILING, 1, 1)]
    assert note.exists()
    assert said(system) == []
    assert said(system, settings_for(system, engine="simpy")) == [(COMPILING, 0, 1), (COMPILING, 1, 1)]


def test_what_is_wrong_is_left_to_the_study_to_tell(note: Path) -> None:
    system = paysim.load(SMALL)
    unpaid = {id: replace(arrangement, contracts=()) for id, arrangement in system.arrangements.items()}
    assert said(replace(system, arrangements=unpaid)) == [(COMPILING, 0, 1), (COMPILING, 1, 1)]
    assert not note.exists()


def test_nothing_is_compiled_ahead_where_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_start, "compiled_note", lambda engine: None)
    assert said(paysim.load(SMALL)) == []


def test_compare_tells_of_it_before_anything_else(note: Path) -> None:
    told: list[str] = []
    paysim.compare(SMALL, replications=1, sample=0.05, progress=lambda what, done, total: told.append(what))
    assert told[0] == COMPILING
    assert list(dict.fromkeys(told)) == [COMPILING, "setting budget-neutral amounts", "simulating and settling"]


def test_levers_need_more_than_a_comparison_does(note: Path) -> None:
    system = paysim.load(WITH_LEVERS)
    assert said(system) == [(COMPILING, 0, 1), (COMPILING, 1, 1)]
    assert said(system, compile=compile_levers_ahead) == [(COMPILING, 0, 1), (COMPILING, 1, 1)]
    assert said(system, compile=compile_levers_ahead) == []


@pytest.mark.parametrize("study", STUDIES_OF_LEVERS)
def test_studies_of_levers_tell_of_it_before_anything_else(note: Path, study: str) -> None:
    told: list[str] = []
    STUDIES_OF_LEVERS[study](lambda what, done, total: told.append(what))
    assert told[0] == COMPILING
    assert told.count(COMPILING) == 2


KERNELS = """
import sys
from pathlib import Path
import paysim
from paysim.study import first_start
from paysim.study.settings import settings_for

def kernels():
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("paysim")]
    found = [value for module in modules for value in vars(module).values() if hasattr(value, "signatures")]
    return {(each.py_func.__qualname__, str(types)) for each in found for types in each.signatures}

config, folder = sys.argv[1:]
first_start.compiled_note = lambda what: Path(folder, what)
system = paysim.load(config)
first_start.compile_levers_ahead(system, settings_for(system), lambda *report: None)
ahead = kernels()
for run in (
    lambda: paysim.incentives(system, replications=2),
    lambda: paysim.respond(system, "activity", years=2, replications=2),
):
    run()
    print(len(ahead), *sorted(kernels() - ahead))
"""
"""Says how many kernels are compiled, or loaded, ahead, and which ones a study compiles, or loads, besides."""


def test_studies_of_levers_compile_nothing_more(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KERNELS, str(WITH_LEVERS), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ahead, *besides = done.stdout.split()
    assert int(ahead) > 10
    assert besides == [ahead]
