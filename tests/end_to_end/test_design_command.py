"""`paysim design` as a user meets it: a table, a folder, JSON, and refusals with exit code 2."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_line import run, run_afresh

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "tests" / "incentives" / "systems" / "shared_savings.toml"
TEAM = "savings.gain_loss_share.shares.team"
ASKED = ["design", str(SHARED), "--arrangement", "shared"]
QUICK = ["--than", "activity", "--levers", "avoid", "--candidates", "8", "--engine", "expected", "--workers", "1"]


def test_a_design_is_told_in_words_and_tables_and_written_to_a_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_afresh(*ASKED, "--free", f"{TEAM}=0:0.8", *QUICK, "--tolerance", "0.01", "--out", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the nearest to the joint optimum that keeps to all limits" in " ".join(done.stdout.split())
    assert "What partners keep" in done.stdout
    table = pq.read_table(out / "candidates.parquet")
    assert table.column_names[:3] == ["candidate", TEAM, "gap"]
    assert 1 <= table.num_rows <= 8
    assert {path.name for path in (out / "figures").iterdir()} == {
        f"{name}.{kind}" for name in ("gap", "frontier") for kind in ("png", "svg")
    }
    answer = json.loads((out / "design.json").read_text())
    winner = table.filter(table["feasible"]).to_pandas().sort_values("gap").iloc[0]
    assert answer["parameters"] == {TEAM: winner[TEAM]}
    assert answer["feasible"]
    assert json.loads((out / "provenance.json").read_text())["design"]["tolerance"] == 0.01


@pytest.mark.usefixtures("undrawn")
def test_an_infeasible_design_is_an_answer_also_for_machines(tmp_path: Path) -> None:
    done = run(*ASKED, "--free", f"{TEAM}=0:0.8", *QUICK, "--floor", "1e6", "--out", tmp_path / "out", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert not answer["feasible"]
    assert all(margin["missed"] and margin["pounds"] < 0 for margin in answer["binding"])
    assert {"limit": "floor", "organisation": "infirmary"}.items() <= answer["binding"][0].items()


def test_help_lists_what_can_be_free(tmp_path: Path) -> None:
    done = run(*ASKED, "--free", "help")
    assert done.returncode == 0
    assert TEAM in done.stdout
    assert "£690,000.00" in done.stdout


@pytest.mark.parametrize(
    ("free", "words"),
    [
        (f"{TEAM}=0.5", "expected PARAM=LO:HI"),
        (f"{TEAM}=0.6:0.2", "reversed range"),
        ("savings.gain_loss_share.shares.teams=0:1", f"lacks; expected one of {TEAM}"),
        (f"{TEAM}=0:1.5", "expected values from 0 to 1"),
    ],
)
def test_what_cannot_be_free_ends_with_exit_code_2(tmp_path: Path, free: str, words: str) -> None:
    done = run(*ASKED, "--free", free, *QUICK, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
