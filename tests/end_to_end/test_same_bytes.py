"""Same input, same bytes: whatever the process, the number of workers, or the company a replication keeps."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import pytest
from command_line import run, run_afresh

import paysim
from paysim import radix_sort
from paysim.model.activity import COLUMNS
from paysim.payment import survey
from paysim.simulation import arrivals, piles
from paysim.simulation.compiled_engine import run as engine

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "configs" / "how-to" / "one_hospital.toml"


def compared(asking: Callable[..., CompletedProcess[str]], out: Path, workers: int) -> dict[str, bytes]:
    options = ["--replications", "3", "--sample", "0.2", "--workers", workers, "--out", out]
    assert asking("compare", CONFIG, *options).returncode == 0
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_two_processes_and_one_or_two_workers_write_the_same_bytes(tmp_path: Path) -> None:
    first, second = compared(run, tmp_path / "first", 1), compared(run_afresh, tmp_path / "second", 2)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_replication_alone_equals_the_same_one_of_a_batch() -> None:
    system = paysim.load(CONFIG)
    batch = paysim.compare(system, arrangements=["activity"], replications=3, sample=0.2)
    alone = paysim.settle(
        paysim.simulate(system, replication=2, sample=0.2), system.arrangements["activity"]
    ).to_frame()
    flows = batch.flows()
    in_batch = flows[flows["replication"] == 2].drop(columns=["arrangement", "replication"]).reset_index(drop=True)
    assert in_batch.equals(alone)


def test_settling_leaves_activity_as_it_was() -> None:
    system = paysim.load(CONFIG)
    activity = paysim.simulate(system, sample=0.2)
    before = {name: getattr(activity, name).copy() for name in COLUMNS}
    for arrangement in system.arrangements.values():
        paysim.settle(activity, arrangement)
    assert all(np.array_equal(before[name], getattr(activity, name)) for name in COLUMNS)


def test_work_in_small_parts_comes_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between parts of long work Python can notice Ctrl-C; here the parts are a few residents, keys, rows and pages."""
    system = paysim.load(CONFIG)

    def everything() -> tuple[bytes, ...]:
        activity = paysim.simulate(system, sample=0.2)
        ledger = paysim.settle(activity, system.arrangements["activity"])
        return *(getattr(activity, name).tobytes() for name in COLUMNS), ledger.amount_pence.tobytes()

    whole = everything()
    monkeypatch.setattr(arrivals, "_RESIDENTS_AT_A_TIME", 7)
    monkeypatch.setattr(piles, "_AT_A_TIME", 2)
    monkeypatch.setattr(radix_sort, "_KEYS_AT_A_TIME", 11)
    monkeypatch.setattr(survey, "_ROWS_AT_A_TIME", 13)
    monkeypatch.setattr(engine, "_PAGES_AT_A_TIME", 3)
    assert everything() == whole
