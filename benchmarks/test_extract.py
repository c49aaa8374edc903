"""Settling a synthetic extract of real admissions from CSV."""

import pytest
from extracts import write_extract
from populations import bhr

import paysim

ROWS = {"small": 100_000, "full": 1_000_000}


@pytest.mark.benchmark(group="extract")
def test_admissions_settled_from_csv(benchmark, size, say, tmp_path) -> None:
    """Admissions of BHR's two trusts, 3% of them with a bad cell: read, cleaned, priced and written."""
    rows = ROWS[size]
    expected = write_extract(tmp_path, rows)
    system = bhr()

    def settle() -> paysim.SettledExtract:
        extract = paysim.read_extract(system, tmp_path / "apc.csv", tmp_path / "apc.toml")
        settled = paysim.settle_extract(extract, system.arrangements["activity"])
        settled.to_directory(tmp_path / "out")
        return settled

    settle()
    settled = benchmark.pedantic(settle, rounds=3)
    seconds = benchmark.stats.stats.median
    say(f"{rows:,} admissions settled from CSV in {seconds:.1f} s, {seconds / rows * 1e6:.1f} µs a row")
    trusts = settled.ledger.to_frame().query("payee in ['bhrut', 'barts']")
    assert settled.left_out.left_out == expected.left_out
    assert int(trusts["amount_pence"].sum()) == expected.pence
