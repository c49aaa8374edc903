"""The models are whole systems, and every one of them is solved by a test here."""

from pathlib import Path

import pytest
from theory_models import FOLDER, model

MODELS = sorted(file.stem for file in FOLDER.glob("*.toml") if file.stem != "base")
TESTS = [file.read_text() for file in Path(__file__).parent.glob("test_*.py") if file != Path(__file__)]
TESTS += [file.read_text() for file in Path(__file__).parents[1].glob("practices.py")]


@pytest.mark.parametrize("name", MODELS)
def test_it_is_a_system_that_a_test_solves(name):
    system = model(name)
    assert system.arrangements
    assert any(f'model("{name}")' in text for text in TESTS)


@pytest.mark.parametrize("name", MODELS)
def test_whatever_owns_a_lever_has_an_objective(name):
    system = model(name)
    assert {lever.owner for lever in system.levers.values()} == set(system.objectives)


def test_the_readme_lists_them():
    text = (FOLDER / "README.md").read_text()
    assert [name for name in MODELS if f"`{name}.toml`" not in text] == []
