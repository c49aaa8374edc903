"""How the command line ends when something other than its input goes wrong: a message, an exit code, no traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import run

from paysim import cli

ROOT = Path(__file__).parents[2]
HOSPITAL = str(ROOT / "configs" / "how-to" / "one_hospital.toml")
TITLE = "From Łódź to 北京"


def left_with(problem: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Return the exit code and the message of a command line in which `problem` happens."""
    monkeypatch.setattr(cli, "app", lambda: exec(problem))
    done = run()
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_worker_that_the_kernel_ends(monkeypatch) -> None:
    killed = (
        "import os, signal\n"
        "from paysim.study.executor import workers_map\n"
        "with workers_map(2) as run: list(run(signal.raise_signal, [signal.SIGKILL] * 2))"
    )
    assert left_with(killed, monkeypatch) == (
        1,
        "paysim: a worker process was ended from outside, perhaps for want of memory; nothing was written; "
        "fewer --workers or a smaller --sample take less\n",
    )


def test_a_script_that_each_of_its_workers_would_run_again(tmp_path) -> None:
    script = tmp_path / "script.py"
    asking = "with pool_of(2) as pool:\n    print(*pool.map(abs, [-1, -2]))\n"
    script.write_text(f"from paysim.study.workers import pool_of\n{asking}")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    message = (
        "workers: found a script that asks for processes as each of them imports it; "
        'expected its work under `if __name__ == "__main__":`'
    )
    assert done.stderr.splitlines()[-1] == f"paysim.model.errors.InputError: {message}"
    assert (done.returncode, done.stdout, done.stderr.count("Traceback")) == (1, "", 1)


def test_memory_that_is_not_there(monkeypatch) -> None:
    assert left_with("bytearray(2**62)", monkeypatch) == (
        1,
        "paysim: there was not enough memory; nothing was written; fewer --workers or a smaller --sample take less\n",
    )


INTERRUPTED_IN_A_CLASS = """
class Interrupting:
    def __set_name__(self, *of):
        raise KeyboardInterrupt
class Made:
    part = Interrupting()
"""
INTERRUPTED_IN_A_CALLBACK = """
import ctypes
def interrupted():
    raise KeyboardInterrupt
ctypes.CFUNCTYPE(None)(interrupted)()
raise RuntimeError("what was to be made in the callback is not there")
"""


@pytest.mark.parametrize(
    ("raised", "code"),
    [(INTERRUPTED_IN_A_CLASS, 130), (INTERRUPTED_IN_A_CALLBACK, 130), ("raise KeyError from SystemExit(143)", 143)],
)
def test_a_signal_in_whose_place_something_else_was_raised(raised: str, code: int) -> None:
    program = f"from paysim import cli\ncli.app = lambda: exec({raised!r}, {{}})\ncli.main()"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (code, "paysim: interrupted; nothing was written\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are POSIX")
@pytest.mark.parametrize("arguments", [["check", HOSPITAL], ["check", HOSPITAL, "--json"], ["schema"], ["--help"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_seen_enough_is_no_failure(arguments: list[str], unbuffered: str) -> None:
    read, written = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "paysim", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    ended = subprocess.run(command, env=environment, stdout=written, stderr=subprocess.PIPE, text=True, check=False)
    os.close(written)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_output_that_lacks_characters_gets_others_in_their_place(encoding: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "configs" / "how-to", tmp_path, dirs_exist_ok=True)
    config = tmp_path / "named.toml"
    config.write_text(f'extends = "one_hospital.toml"\ntitle = "{TITLE}"\n', encoding="utf-8")

    def printed(*arguments: str) -> str:
        command = [sys.executable, "-m", "paysim", *arguments]
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        return subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout.decode(encoding)

    assert "??" in printed("check", str(config))
    # The strictest.
    if encoding == "ascii":
        assert json.loads(printed("check", str(config), "--json"))["title"] == TITLE
