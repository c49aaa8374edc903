"""What cannot fit into memory is refused before it starts, with what would fit; fewer processes run where they must."""

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command_line import run

import paysim
from paysim.study import compare as comparing
from paysim.study import memory
from paysim.study.memory import available_bytes, expected_bytes, replications_that_fit
from paysim.study.settings import settings_for

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "configs" / "how-to" / "one_hospital.toml"
GIB = 2**30


@pytest.fixture(scope="module")
def system() -> paysim.System:
    return paysim.load(SMALL)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A megabyte of memory, of which the town would need more."""
    monkeypatch.setattr(memory, "available_bytes", lambda: 1e6)


def refusal(call) -> str:
    with pytest.raises(paysim.InputError) as refused:
        call()
    return str(refused.value)


def test_what_is_too_large_is_refused_with_what_would_fit(system, narrow) -> None:
    def run(sample: float) -> paysim.Activity:
        return paysim.simulate(system, years=2, sample=sample)

    message = refusal(lambda: run(1.0))
    before, after = message.split("expected at most ")
    assert before == (
        "sample: found 1, with which a 2-year replication takes about 0.0 GiB of memory, and 0.0 GiB are available; "
    )
    run(float(after))
    assert "expected at most" in refusal(lambda: run(float(after) + 0.002))


def test_a_run_that_is_taken_as_it_goes_on_needs_memory_for_no_more_than_a_year(system, monkeypatch) -> None:
    year, run = (expected_bytes(system, settings_for(system, years=years)) for years in (1, 20))
    assert 2 * year < run
    monkeypatch.setattr(memory, "available_bytes", lambda: 1.1 * year)
    running = paysim.begin(system, years=20)
    running.advance()
    assert len(running.take_activity()) > 0
    assert "with which a 20-year replication takes" in refusal(lambda: paysim.simulate(system, years=20))
    monkeypatch.setattr(memory, "available_bytes", lambda: 0.9 * year)
    assert "with which a 1-year replication takes" in refusal(lambda: paysim.begin(system, years=20))


def test_compare_and_simulate_refuse_before_anything_runs(system, narrow, monkeypatch) -> None:
    monkeypatch.setattr(comparing, "compile_ahead", None)
    monkeypatch.setattr(comparing, "workers_map", None)
    assert "GiB are available" in refusal(lambda: paysim.compare(system, workers=2))
    assert "GiB are available" in refusal(lambda: paysim.simulate(system))


@pytest.mark.parametrize("command", ["compare", "simulate"])
def test_the_command_line_ends_with_2_and_nothing_on_disk(command, narrow, tmp_path) -> None:
    done = run(command, SMALL, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.startswith("paysim: sample: found 1, with which a 1-year replication takes about")
    assert list(tmp_path.iterdir()) == []


def test_a_population_too_large_to_number_fits_in_no_sample(system, monkeypatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 24.0 * system.population.total)
    assert refusal(lambda: paysim.begin(system, sample=0.5)).endswith("expected a smaller population")


def test_fewer_processes_run_where_memory_holds_fewer(system, monkeypatch) -> None:
    settings = settings_for(system, sample=0.5)
    each = expected_bytes(system, settings) + 3e8
    for available, fit in ((2.9 * each, 2), (0.5 * each, 1), (float("inf"), 1024)):
        monkeypatch.setattr(memory, "available_bytes", lambda available=available: available)
        assert replications_that_fit(system, settings) == fit


def test_the_estimate_is_about_what_a_run_takes(system) -> None:
    larger = replace(system.population, residents=system.population.residents * 10)
    town = replace(
        system,
        population=larger,
        services={
            id: replace(service, capacity=10 * service.capacity, waiting_room=None)
            for id, service in system.services.items()
        },
    )
    paysim.simulate(system, sample=0.1)
    tracemalloc.start()
    activity = paysim.simulate(town, years=2)
    taken = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(activity) > 500_000
    assert 0.5 < expected_bytes(town, settings_for(town, years=2)) / taken < 1.5


def test_the_machine_has_some_memory() -> None:
    assert GIB / 8 < available_bytes() < 2**60


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Linux machine with 8 GiB available, in files that a test may add to."""
    for name, file in (("_MEMINFO", "meminfo"), ("_CGROUP", "cgroup"), ("_CONTROL_GROUPS", "groups")):
        monkeypatch.setattr(memory, name, tmp_path / file)
    (tmp_path / "meminfo").write_text(f"MemTotal: {16 * 2**20} kB\nMemAvailable: {8 * 2**20} kB\n")
    return tmp_path


def control_group(folder: Path, **files: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(f"{content}\n")


def test_the_kernel_tells_what_is_available(machine) -> None:
    assert available_bytes() == 8 * GIB
    (machine / "cgroup").write_text("0::/user.slice/paysim.scope\n")
    assert available_bytes() == 8 * GIB


def test_a_control_group_may_leave_less_and_its_page_cache_does_not_count(machine) -> None:
    (machine / "cgroup").write_text("0::/batch/job\n")
    unlimited = {"memory__max": "max", "memory__current": 7 * GIB, "memory__stat": "anon 5\ninactive_file 0"}
    control_group(machine / "groups" / "batch" / "job", **unlimited)
    assert available_bytes() == 8 * GIB
    held = {"memory__max": 4 * GIB, "memory__current": 3 * GIB, "memory__stat": f"anon 5\ninactive_file {GIB}"}
    control_group(machine / "groups" / "batch", **held)
    assert available_bytes() == 2 * GIB


def test_a_control_group_of_version_1_as_well(machine) -> None:
    (machine / "cgroup").write_text("5:cpu,cpuacct:/\n4:memory:/docker/0123\n0::/\n")
    held = {
        "memory__limit_in_bytes": 2 * GIB,
        "memory__usage_in_bytes": GIB,
        "memory__stat": "total_inactive_file 0",
    }
    control_group(machine / "groups" / "memory", **held)
    assert available_bytes() == GIB


def test_elsewhere_it_is_all_the_memory_there_is_or_unknown(machine, monkeypatch) -> None:
    (machine / "meminfo").unlink()
    monkeypatch.setattr(memory.os, "sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__, raising=False)
    assert available_bytes() == 4_096_000
    monkeypatch.delattr(memory.os, "sysconf")
    assert np.isinf(available_bytes())
