"""Starting up: what a user waits for before anything is simulated."""

import subprocess
import sys

import pytest


def import_seconds(statement: str) -> float:
    """Return the cumulative time of an import by `python -X importtime`, in seconds."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", statement], capture_output=True, text=True, check=True
    )
    line = next(line for line in reversed(done.stderr.splitlines()) if line.split("|")[-1].strip() == "paysim")
    return int(line.split("|")[1]) / 1e6


@pytest.mark.benchmark(group="startup")
def test_import(benchmark) -> None:
    """`import paysim` loads nothing but its own face."""
    seconds = benchmark.pedantic(import_seconds, args=("import paysim",), rounds=5)
    benchmark.extra_info["importtime_seconds"] = seconds
    assert seconds < 0.25
