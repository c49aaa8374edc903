"""Every config in tests/bad_configs is refused with exactly the message that its first lines expect."""

from pathlib import Path

import pytest

from paysim.config import load
from paysim.model.errors import InputError

FOLDER = Path(__file__).parents[1] / "bad_configs"
CASES = sorted(file.name for file in FOLDER.glob("*.toml") if file.name != "base.toml")
MARK = "# expect: "


def expected_message(case: str) -> str:
    lines = (FOLDER / case).read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(line.removeprefix(MARK) for line in lines if line.startswith(MARK))


@pytest.mark.parametrize("case", CASES)
def test_a_bad_config_is_refused_with_the_expected_message(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(InputError) as refusal:
        load(case)
    assert str(refusal.value) == expected_message(case)
    assert expected_message(case)


def test_the_base_of_the_bad_configs_is_good() -> None:
    assert load(FOLDER / "base.toml").population.total == 6900


def test_every_table_of_the_bad_configs_is_used() -> None:
    texts = "".join(file.read_text(encoding="latin-1") for file in FOLDER.glob("*.toml"))
    unused = [table.name for table in (FOLDER / "tables").glob("*.csv") if f"tables/{table.name}" not in texts]
    assert not unused
    assert len(CASES) >= 35
