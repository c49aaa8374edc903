"""The command line as a user meets it: exit codes, messages and files."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from command_line import run, run_afresh

import paysim
from paysim.cli.terminal import processes
from paysim.report.machine import records

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "configs" / "how-to" / "one_hospital.toml"
BAD_CONFIGS = ROOT / "tests" / "bad_configs"
QUICK = ["--replications", "2", "--sample", "0.2", "--workers", "1"]


def test_version() -> None:
    assert run_afresh("--version").stdout == f"paysim {paysim.__version__}\n"


def test_compare_writes_everything_the_issue_names(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_afresh("compare", SMALL, *QUICK, "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "Activity-based tariff" in done.stdout or "activity" in done.stdout
    assert str(out / "report.html") in done.stdout
    columns = {
        "flows": ["arrangement", "replication", "period", "payer", "payee", "contract", "term", "amount_pence"],
        "accounts": [
            "arrangement",
            "replication",
            "period",
            "organisation",
            "income_pence",
            "cost_pence",
            "surplus_pence",
        ],
    }
    for name, expected in columns.items():
        assert pq.read_table(out / f"{name}.parquet").column_names == expected
    assert {"service", "place", "count", "rate_per_head", "mean_wait_days", "mean_stay_days", "utilisation"} <= set(
        pq.read_table(out / "activity_summary.parquet").column_names
    )
    assert "sample" in (out / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "provenance.json").read_text())["settings"]["sample"] == 0.2
    pngs = {path.stem for path in (out / "figures").glob("*.png")}
    svgs = {path.stem for path in (out / "figures").glob("*.svg")}
    assert pngs == svgs
    assert {"surplus", "surplus-by-month"} <= pngs
    assert any(name.startswith("money-flow") for name in pngs)


@pytest.mark.usefixtures("undrawn")
def test_compare_as_json_gives_the_same_answer_and_nothing_else(tmp_path: Path) -> None:
    chosen = ["--arrangements", "activity,block"]
    done = run("compare", SMALL, *QUICK, *chosen, "--json", "--out", tmp_path / "out")
    answer = json.loads(done.stdout)
    accounts = pq.read_table(tmp_path / "out" / "accounts.parquet").to_pandas()
    hospital = next(
        row for row in answer["surplus"] if row["organisation"] == "hospital" and row["arrangement"] == "activity"
    )
    its = accounts[(accounts.organisation == "hospital") & (accounts.arrangement == "activity")]
    assert hospital["surplus"] == pytest.approx(its["surplus_pence"].sum() / 100 / 2, abs=0.01)
    for name in ("surplus", "risk", "neutral", "activity_summary", "reconciliation"):
        assert records(pq.read_table(tmp_path / "out" / f"{name}.parquet").to_pandas()) == answer[name] != []
    assert {row["arrangement"] for row in answer["surplus"]} == {"activity", "block"}
    # The first of them is the reference.
    assert all(row["difference"] == 0 for row in answer["surplus"] if row["arrangement"] == "activity")


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="bound to no processors")
def test_there_is_a_worker_for_each_processor_that_may_be_used() -> None:
    allowed = os.sched_getaffinity(0)
    assert processes(None) == len(allowed)
    try:
        os.sched_setaffinity(0, {min(allowed)})
        assert processes(None) == 1
    finally:
        os.sched_setaffinity(0, allowed)


def test_simulate_writes_activity_that_can_be_read_and_settled(tmp_path: Path) -> None:
    done = run_afresh("simulate", SMALL, "--sample", "0.2", "--replication", "3", "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    system = paysim.load(SMALL)
    activity = paysim.read_activity(tmp_path / "run" / "activity.parquet", system)
    assert activity.run.replication == 3
    assert len(activity) > 1000
    ledger = paysim.settle(activity, system.arrangements["activity"])
    assert ledger.balance().sum(axis=0).tolist() == [0] * 12


def test_check_shows_the_system_and_every_assumption() -> None:
    done = run("check", SMALL)
    assert done.returncode == 0
    assert "One town, one hospital" in done.stdout
    assert "Made up to exercise" in " ".join(done.stdout.split())


def test_schema_is_json() -> None:
    assert "pathway" in json.loads(run("schema").stdout)["properties"]


def test_the_schema_of_a_map_has_the_names_that_extracts_usually_use() -> None:
    schema = json.loads(run("schema", "map").stdout)
    assert "PROCODE3" in schema["$defs"]["Columns"]["properties"]["provider"]["examples"]
    assert "outpatient_first" in schema["properties"]["step"]["propertyNames"]["examples"]
    refused = run("schema", "ledger")
    message = "paysim: schema: found 'ledger'; expected one of config, map\n"
    assert (refused.returncode, refused.stderr) == (2, message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--sample", "0"], "paysim: sample: found 0.0; expected a share above 0 and at most 1"),
        (["--sample", "1.5"], "paysim: sample: found 1.5; expected a share above 0 and at most 1"),
        (["--years", "0"], "paysim: years: found 0; expected a whole number from 1 to 100"),
        (["--replications", "0"], "paysim: replications: found 0; expected a whole number from 1 to 1,000,000"),
        (["--seed", "-1"], "paysim: seed: found -1; expected a whole number from 0 to 9,223,372,036,854,775,807"),
        (["--workers", "0"], "paysim: --workers: found 0; expected a whole number from 1 to 1,024"),
        (
            ["--workers", "3000000000"],
            "paysim: --workers: found 3000000000; expected a whole number from 1 to 1,024",
        ),
        (["--arrangements", "blok"], "paysim: arrangements: found 'blok'; expected one of activity, block, capitation"),
        (["--engine", "quantum"], "paysim: engine: found 'quantum'; expected one of compiled, simpy"),
    ],
)
def test_a_bad_option_is_refused_before_anything_is_written(options: list[str], message: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("compare", SMALL, *options, "--out", out)
    assert (done.returncode, done.stderr) == (2, message + "\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "config", sorted(BAD_CONFIGS.glob("*.toml"), key=lambda path: path.name), ids=lambda path: path.stem
)
def test_a_bad_config_ends_with_its_message_exit_code_2_and_nothing_on_disk(config: Path, tmp_path: Path) -> None:
    if config.stem == "base":
        pytest.skip("the good config that the broken ones extend")
    done = run("compare", config.name, "--out", tmp_path / "out", cwd=BAD_CONFIGS)
    lines = config.read_text(encoding="utf-8", errors="replace").splitlines()
    expected = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    assert done.returncode == 2
    assert done.stderr.splitlines() == [f"paysim: {line}" for line in expected]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_result_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = run_afresh("compare", SMALL, *QUICK, "--out", tmp_path)
    assert done.returncode == 2
    assert "expected a new or empty folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_leaves_nothing_behind_and_no_traceback(workers: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "paysim", "compare", str(ROOT / "configs" / "bhr.toml")]
    options = ["--replications", "200", "--workers", workers, "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [*command, *options],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests that run in the background ignore interrupts, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        time.sleep(5)
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, stderr) == (130, "paysim: interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []
