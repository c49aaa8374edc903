"""The first start on a machine compiles once, says so, and never stands in the way of the study itself."""

from dataclasses import replace
from pathlib import Path

import pytest

import paysim
from paysim.study import first_start
from paysim.study.first_start import COMPILING, compile_ahead
from paysim.study.settings import settings_for

SMALL = Path(__file__).parents[1] / "systems" / "one_hospital.toml"


def said(system: paysim.System, settings=None) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    compile_ahead(system, settings or settings_for(system), lambda *report: told.append(report))
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
