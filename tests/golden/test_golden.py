"""A shipped config gives the figures that it gave when they were last looked at.

Regenerate with `python tests/golden/test_golden.py` and read the difference before committing it.
"""

from pathlib import Path

import pytest

import paysim

FOLDER = Path(__file__).parent
CONFIGS = sorted((FOLDER.parents[1] / "configs").glob("*.toml"))


def small_run(config: Path) -> paysim.Result:
    return paysim.compare(config, years=1, replications=2, sample=0.002, seed=1)


def golden_text(result: paysim.Result) -> str:
    """Return the accounts of a small comparison by organisation and arrangement, and the count of every service."""
    accounts = result.accounts().groupby(["arrangement", "replication", "organisation"], sort=True)
    money = accounts[["income_pence", "cost_pence", "surplus_pence"]].sum()
    activity = result.activity_summary().groupby("service", sort=True)["count"].sum().round(3)
    return money.to_csv(lineterminator="\n") + activity.to_csv(lineterminator="\n")


def golden_file(config: Path) -> Path:
    return FOLDER / f"{config.stem}.csv"


@pytest.mark.parametrize("config", CONFIGS, ids=lambda path: path.stem)
def test_shipped_config_gives_its_golden_result_and_what_is_paid_is_received(config: Path) -> None:
    result = small_run(config)
    assert golden_text(result) == golden_file(config).read_text(encoding="utf-8")
    income = result.accounts().groupby(["arrangement", "replication", "period"])["income_pence"].sum()
    assert (income == 0).all()


if __name__ == "__main__":
    for path in CONFIGS:
        golden_file(path).write_text(golden_text(small_run(path)), encoding="utf-8")
        print(golden_file(path))
