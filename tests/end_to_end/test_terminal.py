"""What a terminal is shown, and a pipe or a file is not, whatever the environment says of colours."""

import os
import sys

import pytest
from rich.table import Table

from paysim.cli.terminal import answer_console, showing_progress


def show_progress(quiet: bool = False) -> None:
    with showing_progress(quiet) as progress:
        progress("simulating", 0, 2)
        progress("simulating", 2, 2)


@pytest.mark.parametrize("name", ["FORCE_COLOR", "TTY_COMPATIBLE"])
def test_progress_is_quiet_in_a_pipe(name, monkeypatch, capfd) -> None:
    monkeypatch.setenv(name, "1")
    show_progress()
    assert capfd.readouterr() == ("", "")


def test_answers_in_a_pipe_are_as_wide_with_colours_as_without(monkeypatch, capsys) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    def printed() -> str:
        answer_console().print(Table("words " * 16))
        return capsys.readouterr().out

    plain = printed()
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = printed()
    assert coloured.count("\n") == plain.count("\n") == 4


@pytest.mark.skipif(sys.platform == "win32", reason="terminals are POSIX")
@pytest.mark.parametrize("quiet", [False, True])
def test_progress_is_shown_on_a_terminal_unless_the_answer_is_for_machines(quiet, monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen, terminal = os.openpty()
    with open(terminal, "w", encoding="utf-8") as file, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", file)
        show_progress(quiet)
        print("end", file=file, flush=True)
        shown = os.read(screen, 2**16).decode()
    os.close(screen)
    assert ("simulating" in shown) is not quiet
