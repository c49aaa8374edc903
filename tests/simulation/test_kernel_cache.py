"""Compiled code: a second start reuses it, and an edited callee in another file is never answered from the cache."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import paysim

ASK = """
from paysim.simulation.durations import LOGNORMAL, sample
print(sample(LOGNORMAL, 0.0, 1.0, 0.9), sum(sample.stats.cache_hits.values()))
"""


def answer(root: Path, cache: Path) -> tuple[float, int]:
    """Return a lognormal quantile from the package under `root`, and how often compiled code was found ready."""
    environment = os.environ | {"PYTHONPATH": str(root), "PAYSIM_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=root, capture_output=True, text=True, check=True
    )
    value, hits = done.stdout.split()
    return float(value), int(hits)


def test_a_second_start_reuses_compiled_code_and_an_edited_callee_is_compiled_anew(tmp_path: Path) -> None:
    shutil.copytree(Path(paysim.__file__).parent, tmp_path / "paysim", ignore=shutil.ignore_patterns("__pycache__"))
    first, hits = answer(tmp_path, tmp_path / "cache")
    assert hits == 0
    assert answer(tmp_path, tmp_path / "cache") == (first, 1)
    callee = tmp_path / "paysim" / "simulation" / "normal.py"
    text = callee.read_text(encoding="utf-8")
    median = text.replace("    q = p - 0.5\n", "    q = 0.0 * p\n")
    assert median != text
    callee.write_text(median, encoding="utf-8")
    edited, hits = answer(tmp_path, tmp_path / "cache")
    assert (edited, hits) == (1.0, 0)
    callee.write_text(text, encoding="utf-8")
    assert answer(tmp_path, tmp_path / "cache") == (first, 1)
