"""Compiled code: a second start reuses it, and an edited callee in another file is never answered from the cache."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import paysim
from paysim.simulation.normal import normal_quantile

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


STARTS = """
import importlib, json, sys
from pathlib import Path
from paysim.simulation import normal

def a_start():
    fresh = importlib.reload(normal).normal_quantile
    return fresh(0.9), sum(fresh.stats.cache_hits.values())
"""
"""A small kernel, and a start of a process as far as compiled code knows: a fresh kernel finds what is in the files."""


def told(script: str, cache: Path, *arguments: str, before: Callable[[], None] | None = None) -> list[list[float]]:
    """Return what a script prints that makes `STARTS`; its process calls `before` first."""
    environment = os.environ | {"PAYSIM_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", STARTS + script, str(cache), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=before,
    )
    return json.loads(done.stdout)


BREAK = """
found, (cache, kind) = [a_start()], sys.argv[1:]
for content in (b"", b"broken", None):
    files = list(Path(cache).rglob(f"*.{kind}"))
    assert files
    for file in files:
        file.write_bytes(file.read_bytes()[:-10] if content is None else content)
    found += [a_start(), a_start()]
print(json.dumps(found))
"""


@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_what_is_kept_in_broken_files_is_compiled_anew(kind: str, tmp_path: Path) -> None:
    value = normal_quantile(0.9)
    assert told(BREAK, tmp_path, kind) == [[value, 0], *[[value, 0], [value, 1]] * 3]


FILL = """
import resource
found = [a_start()]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(json.dumps([*found, a_start(), a_start()]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_disk_without_room_for_compiled_code_spoils_no_run(tmp_path: Path) -> None:
    import resource

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    value = normal_quantile(0.9)
    assert told(FILL, tmp_path, before=full) == [[value, 0], [value, 0], [value, 1]]


def test_code_that_no_start_has_used_for_long_is_removed_and_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "kernels"
    names = ("0123456789abcdef0123", "f" * 20, "thesis", "years-of-work")
    for name in names:
        (home / name).mkdir(parents=True)
        (home / name / "file").touch()
    for name in (names[0], names[2]):
        os.utime(home / name, (0, time.time() - 31 * 86400))
    ask = "from paysim.jit import compiled_note; print(compiled_note('compiled'))"
    environment = os.environ | {"PAYSIM_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True)
    own = Path(done.stdout.strip()).parent
    assert own.parent == home
    assert {path.name for path in home.iterdir()} == {own.name, *names[1:]}
    os.utime(own, (0, 0))
    subprocess.run([sys.executable, "-c", ask], env=environment, check=True)
    assert time.time() - own.stat().st_mtime < 3600
