"""A parent that is killed can tell its workers nothing: they end by themselves, if need be in the middle of work."""

import signal
import subprocess
import sys

import pytest

_PARENT = """
import time
from paysim.study.executor import workers_map

with workers_map(2) as run:
    list(run(abs, [1, 2]))
    print("at work", flush=True)
    list(run(time.sleep, [600.0, 600.0]))
"""


@pytest.mark.parametrize("end", [signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)])
def test_workers_end_with_their_parent(end) -> None:
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "at work\n"
    parent.send_signal(end)
    # Workers hold the same output: it ends when the last of them has.
    assert parent.communicate(timeout=20) == ("", None)
