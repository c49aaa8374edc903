"""Settlement: 100 million rows under ten arrangements, beside the same rules in Polars and pandas."""

import in_pandas
import pytest
import settled
from processes import in_a_process_of_its_own
from tiled_log import write_log

ROWS = {"small": 2_000_000, "full": 100_000_000}
SAMPLE = {"small": 0.05, "full": 1.0}
"""The share of residents in the simulated year that the log is made of."""

FEWER_ROWS = {"small": 500_000, "full": 4_000_000}
"""What pandas gets, and everyone who settles one arrangement after the other; their times are scaled by rows."""

THREADS = 2
ROUNDS = {"small": 3, "full": 2}
MOST_GIB = 1.0
"""Memory beyond the log."""

MOST_SECONDS, TIMES_POLARS, TIMES_PANDAS, SHARE_OF_BANDWIDTH = 4.0, 5.0, 50.0, 0.6
"""What is aimed at, at full size."""


@pytest.fixture(scope="module")
def log(tmp_path_factory, size):
    """Return the folder of a log."""
    folder = tmp_path_factory.mktemp("log")
    in_a_process_of_its_own(write_log, folder, ROWS[size], SAMPLE[size])
    return folder


@pytest.mark.benchmark(group="settlement")
def test_ten_arrangements(benchmark, log, size, say) -> None:
    """A year of BHR many times over, settled under ten arrangements, to the penny what Polars and pandas find."""
    in_polars = pytest.importorskip("in_polars")
    rounds = ROUNDS[size]
    paysim = benchmark.pedantic(in_a_process_of_its_own, args=(settled.timed, log, None, THREADS, rounds), rounds=1)
    polars = in_a_process_of_its_own(in_polars.timed, log, None, rounds)
    few, few_in_polars, few_in_pandas = (
        in_a_process_of_its_own(settled.timed, log, FEWER_ROWS[size], THREADS, 1),
        in_a_process_of_its_own(in_polars.timed, log, FEWER_ROWS[size], 1),
        in_a_process_of_its_own(in_pandas.timed, log, FEWER_ROWS[size], rounds),
    )
    assert polars.values == paysim.values
    assert few_in_pandas.values == few_in_polars.values == few.values
    assert any(any(pence) for (_, _, term), pence in paysim.values.items() if term == "readmissions")
    assert paysim.beyond_gib < MOST_GIB

    a_row = paysim.seconds / paysim.rows
    times_polars = polars.seconds / paysim.seconds
    times_pandas = few_in_pandas.seconds / few.rows / a_row
    one_by_one = [found.one_by_one / few.rows / a_row for found in (few_in_polars, few_in_pandas)]
    speed, bandwidth = (paysim.bytes_read / s / 1e9 for s in (paysim.pass_seconds, paysim.sum_seconds))
    say(
        f"Settlement of {paysim.rows / 1e6:g} million rows under ten arrangements, {THREADS} threads",
        f"paysim {paysim.seconds:.2f} s, {a_row * 1e9:.1f} ns a row (at most {MOST_SECONDS:g} s for 100 million)",
        f"Polars, all its threads, the three tariffs only: {polars.seconds:.2f} s, {times_polars:.1f} times as long "
        f"(at least {TIMES_POLARS:g}); ten arrangements, each by itself: {one_by_one[0]:.0f} times",
        f"pandas, the same, from {few.rows / 1e6:g} million: {few_in_pandas.seconds / few.rows * 1e9:.0f} ns a row, "
        f"{times_pandas:.0f} times as long (at least {TIMES_PANDAS:g}); each by itself: {one_by_one[1]:.0f} times",
        f"pass over the rows: {paysim.pass_seconds:.2f} s, {speed:.1f} GB/s, {speed / bandwidth:.0%} of the "
        f"{bandwidth:.1f} GB/s of a plain sum (at least {SHARE_OF_BANDWIDTH:.0%})",
        f"of it the count of the rows {paysim.count_seconds:.2f} s, "
        f"the assembly of spells {paysim.spells_seconds:.2f} s",
        f"memory beyond the log: {paysim.beyond_gib:.2f} GiB (less than {MOST_GIB:g})",
    )
    benchmark.extra_info.update(
        rows=paysim.rows,
        seconds=paysim.seconds,
        nanoseconds_a_row=a_row * 1e9,
        times_polars=times_polars,
        times_pandas=times_pandas,
        times_polars_one_by_one=one_by_one[0],
        times_pandas_one_by_one=one_by_one[1],
        share_of_bandwidth=speed / bandwidth,
        count_seconds=paysim.count_seconds,
        beyond_gib=paysim.beyond_gib,
    )
