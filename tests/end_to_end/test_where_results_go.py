"""Where results cannot go is told before the work, and a run that is told to end leaves nothing where they would."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import run

CONFIGS = Path(__file__).parents[2] / "configs"
BASE = str(CONFIGS / "examples" / "base.toml")
BHR = str(CONFIGS / "bhr.toml")

SWALLOWED = """
import ctypes, os, signal, sys, time
import paysim.cli

signal.signal(signal.SIGINT, signal.default_int_handler)
called_back = ctypes.CFUNCTYPE(None)(lambda: os.kill(os.getpid(), int(sys.argv[1])))

def work():
    called_back()
    for _ in range(300):
        time.sleep(0.1)

paysim.cli.app = work
paysim.cli.main()
"""


@pytest.mark.parametrize(
    "asked",
    [
        ["compare", BASE],
        ["simulate", BASE],
        ["calibrate", BHR],
    ],
    ids=lambda asked: asked[0],
)
def test_a_place_that_cannot_be_written_to_is_bad_input(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = run(*asked, "--out", "file/out", cwd=tmp_path)
    message = (
        "paysim: file/out: found no way to write there: Not a directory; expected a place that can be written to\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "asked",
    [
        ["compare", BASE],
        ["incentives", BASE],
        ["respond", BASE, "--arrangement", "block"],
        ["design", BASE, "--arrangement", "block", "--free", "care.block.annual=1:2"],
        ["simulate", BASE, "--out", "out"],
        ["settle", BASE, "--activity", "activity.parquet", "--arrangement", "block"],
    ],
    ids=lambda asked: asked[0],
)
def test_a_command_does_not_replace_the_result_of_another(asked: list[str], tmp_path: Path) -> None:
    command, earlier = asked[0], "incentives" if asked[0] == "compare" else "compare"
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("a day of computing")
    provenance = json.dumps({"paysim": "0.1.0", "command": earlier, "files": ["report.html"]})
    (out / "provenance.json").write_text(provenance)
    done = run(*asked, cwd=tmp_path)
    message = (
        f"paysim: out: found a result of paysim {earlier}; expected another folder for that of paysim {command},"
        f" such as --out {command}\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert {path.name: path.read_text() for path in out.iterdir()} == {
        "report.html": "a day of computing",
        "provenance.json": provenance,
    }


def test_calibrate_replaces_an_earlier_table_only(tmp_path: Path) -> None:
    config, table = tmp_path / "config.toml", tmp_path / "demand.csv"
    config.write_text("title = 'Days of work'")
    refused = run("calibrate", BHR, "--out", config)
    message = f"paysim: {config}: found a file that is no demand table; expected an earlier one, or none\n"
    assert (refused.returncode, refused.stderr, config.read_text()) == (2, message, "title = 'Days of work'")
    first, written = run("calibrate", BHR, "--out", table), table.read_bytes()
    table.write_bytes(b"\n".join(written.splitlines()[:5]))
    again = run("calibrate", BHR, "--out", table)
    assert (first.returncode, again.returncode, table.read_bytes()) == (0, 0, written)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize(
    ("at_start", "sent", "code"),
    [
        (signal.SIG_DFL, ["SIGTERM"], 143),
        (signal.SIG_DFL, ["SIGHUP"], 129),
        (signal.SIG_IGN, ["SIGHUP", "SIGTERM"], 143),
    ],
    ids=["told to end", "its terminal is gone", "it is to outlive its terminal"],
)
def test_a_run_that_is_told_to_end_leaves_nothing_behind(
    at_start: signal.Handlers, sent: list[str], code: int, tmp_path: Path
) -> None:
    long = ["simulate", BHR, "--years", "100", "--sample", "0.02"]
    process = subprocess.Popen(
        [sys.executable, "-m", "paysim", *long, "--out", "out"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, at_start),
    )
    try:
        until = time.monotonic() + 120
        while not list(tmp_path.rglob(".activity.parquet-*")):
            assert time.monotonic() < until
            time.sleep(0.05)
        for name in sent:
            process.send_signal(getattr(signal, name))
        _, stderr = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, stderr) == (code, "paysim: interrupted; nothing was written\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_compilation_calls_back_is_not_lost(number: signal.Signals) -> None:
    command = [sys.executable, "-c", SWALLOWED, str(int(number))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (128 + number, "paysim: interrupted; nothing was written\n")
