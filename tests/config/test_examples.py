"""The examples: small, listed, and each of them with the feature that it is there to show."""

import re
from pathlib import Path

import pytest

from paysim.config import load
from paysim.simulation.traffic import expected_visits

FOLDER = Path(__file__).parents[2] / "configs" / "examples"
EXAMPLES = sorted(file for file in FOLDER.glob("*.toml") if file.name != "base.toml")
LONGEST = 60
EMERGENCY_ADMISSIONS_A_HEAD = 0.1082
"""England's of 2017-18, by any way in: Health Foundation, 6.02 million."""


def listed() -> dict[str, list[str]]:
    """Return the keys that each example shows, as its README says."""
    rows = re.findall(r"^\| `(\S+\.toml)` \|.*\| (.*) \|$", (FOLDER / "README.md").read_text(), re.M)
    return {name: re.findall(r"`\[?(\w+)\]?`", keys) for name, keys in rows}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_shows_its_feature(file: Path) -> None:
    text = file.read_text()
    assert len(text.splitlines()) <= LONGEST
    system = load(file)
    tables = "".join(table.read_text() for table in FOLDER.glob("tables/*.csv") if table.name in text)
    assert all(key in text + tables for key in listed()[file.name])
    assert system.title != load(FOLDER / "base.toml").title
    assert system.study.arrangements == ("block", "activity")


def test_every_example_is_listed() -> None:
    assert sorted(listed()) == [file.name for file in EXAMPLES]


def test_every_table_is_used() -> None:
    text = "".join(file.read_text() for file in FOLDER.glob("*.toml"))
    assert [table.name for table in FOLDER.glob("tables/*.csv") if f"tables/{table.name}" not in text] == []


def test_fewer_are_admitted_from_the_emergency_department_than_in_all() -> None:
    system = load(FOLDER / "base.toml")
    admitted = expected_visits(system)[:, system.step_ids.index("emergency.ward")]
    assert (admitted > 0).all()
    assert (admitted < EMERGENCY_ADMISSIONS_A_HEAD).all()
