"""A shipped config gives the figures that it gave when they were last looked at.

Regenerate with `python tests/golden/test_golden.py` and read the difference before committing it.
"""

from pathlib import Path

import pytest

import paysim

FOLDER = Path(__file__).parent
CONFIGS = sorted((FOLDER.parents[1] / "configs").glob("*.toml"))


def golden_text(config: Path) -> str:
    """Return the accounts of a small comparison by organisation and arrangement, and the count of every service."""
    result = paysim.compare(config, years=1, replications=2, sample=0.002, seed=1)
    accounts = result.accounts().groupby(["arrangement", "replication", "organisation"], sort=True)
    money = accounts[["income_pence", "cost_pence", "surplus_pence"]].sum()
    activity = result.activity_summary().groupby("service", sort=True)["count"].sum().round(3)
    return money.to_csv(lineterminator="\n") + activity.to_csv(lineterminator="\n")


def golden_file(config: Path) -> Path:
    return FOLDER / f"{config.stem}.csv"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_shipped_config_gives_its_golden_result(config: Path) -> None:
    assert golden_text(config) == golden_file(config).read_text(encoding="utf-8")


if __name__ == "__main__":
    for path in CONFIGS:
        golden_file(path).write_text(golden_text(path), encoding="utf-8")
        print(golden_file(path))
