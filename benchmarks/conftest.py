"""How large the benchmarks are, and a place for tables that are printed after them."""

import os

import pytest

SIZE = os.environ.get("PAYSIM_BENCHMARK_SIZE", "small")
"""`small` takes about four minutes altogether, `full` about three quarters of an hour."""

_LINES = pytest.StashKey[list[str]]()


def pytest_xdist_auto_num_workers(config):
    """Return that nothing runs beside a benchmark."""
    return 0


def pytest_configure(config):
    if SIZE not in ("small", "full"):
        raise pytest.UsageError(f"PAYSIM_BENCHMARK_SIZE is {SIZE!r}; expected 'small' or 'full'")
    config.stash[_LINES] = []


@pytest.fixture(scope="session")
def size() -> str:
    """Return 'small' or 'full'."""
    return SIZE


@pytest.fixture(scope="session")
def say(request):
    """Return a function that prints lines after the run, below the tables of pytest-benchmark."""
    return lambda *lines: request.config.stash[_LINES].extend([*lines, ""])


def pytest_terminal_summary(terminalreporter, config):
    if lines := config.stash[_LINES]:
        terminalreporter.section("what was measured")
        for line in lines:
            terminalreporter.write_line(line)
