"""Ctrl-C leaves with 130, even where Python would rather end by the interrupt itself."""

import subprocess
import sys
from pathlib import Path

import pytest

_IN_CODE_MADE_OF_TEXT = """
import signal
import threading
import paysim.cli

signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Thread(target=threading.Event().wait, daemon=True).start()
paysim.cli.app = lambda: exec("raise KeyboardInterrupt")
paysim.cli.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_an_interrupt_leaves_with_its_code(tmp_path: Path) -> None:
    (tmp_path / "interrupted.py").write_text(_IN_CODE_MADE_OF_TEXT)
    # A module asked for by name, as in `python -m paysim`, is where it makes a difference.
    command = [sys.executable, "-m", "interrupted"]
    left = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (left.returncode, left.stderr) == (130, "paysim: interrupted; nothing was written\n")
