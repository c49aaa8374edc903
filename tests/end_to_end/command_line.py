"""The command line as tests ask it: in their own process or, where its start or end is what they test, in another."""

import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

import pytest

from paysim import cli

HERE = Path()


def run(*arguments: object, cwd: Path = HERE) -> CompletedProcess[str]:
    """Return what `paysim` with these arguments says and leaves with, in this process: another would first import."""
    command = ["paysim", *map(str, arguments)]
    with (
        patch.object(sys, "argv", command),
        patch.object(sys, "unraisablehook", sys.unraisablehook),
        chdir(cwd),
        redirect_stdout(StringIO()) as answer,
        redirect_stderr(StringIO()) as problems,
        pytest.raises(SystemExit) as left,
    ):
        cli.main()
    return CompletedProcess(command, left.value.code or 0, answer.getvalue(), problems.getvalue())


def run_afresh(*arguments: object, cwd: Path = HERE) -> CompletedProcess[str]:
    """Return what `paysim` with these arguments says and leaves with, in a process of its own."""
    command = [sys.executable, "-m", "paysim", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
