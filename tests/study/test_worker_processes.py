"""Worker processes: they know what was imported ahead, and end with what they were for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from paysim.study.executor import workers_map
from paysim.study.workers import import_ahead, pool_of

ASK = """
import sys
from paysim.study.workers import import_ahead, pool_of

if __name__ == "__main__":
    import_ahead({count}, ["colorsys"])
    with pool_of(2) as pool:
        print(list(pool.map(eval, ["'colorsys' in __import__('sys').modules"] * 4)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere workers begin afresh")
@pytest.mark.parametrize(("count", "known"), [(2, True), (1, False)])
def test_workers_know_what_was_imported_ahead(tmp_path: Path, count: int, known: bool) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK.format(count=count))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([known] * 4)
    assert done.stderr == ""


def test_what_cannot_be_imported_ahead_is_left_to_the_workers() -> None:
    import_ahead(2, ["a_module_that_nobody_has"])
    with workers_map(2) as run:
        assert list(run(int, ["7", "8"])) == [7, 8]


def test_one_is_this_process() -> None:
    with workers_map(1) as run:
        assert run is map


def test_they_end_with_what_they_were_started_for() -> None:
    with pytest.raises(ZeroDivisionError), pool_of(2) as pool:
        raise ZeroDivisionError
    with pytest.raises(RuntimeError):
        pool.submit(int)
