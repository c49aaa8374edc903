"""All of London: a year of its residents through all pathways, settled under its three arrangements."""

import pytest
from london import second_year, seconds_of
from processes import in_a_process_of_its_own

SAMPLE = {"small": 0.02, "full": 1.0}


@pytest.mark.benchmark(group="London")
def test_a_year_of_london(benchmark, size, say) -> None:
    """One year after its warm-up, every step kept, settled under three arrangements on one core."""
    sample = SAMPLE[size]
    run = benchmark.pedantic(in_a_process_of_its_own, args=(second_year, sample), rounds=1)
    say(
        f"London, {sample:.0%} of residents: {run.rows / 1e6:.1f} million rows",
        f"simulated in {run.simulated:.1f} s, settled in {run.settled:.1f} s, "
        f"{(run.simulated + run.settled) / run.rows * 1e9:.0f} ns a row, peak {run.peak_gib:.2f} GiB",
    )
    benchmark.extra_info.update(run._asdict())
    assert run.rows == pytest.approx(run.expected, rel=0.02)
    assert run.peak_gib < 8


@pytest.mark.benchmark(group="London")
def test_two_replications_at_once(benchmark, size, say) -> None:
    """Two replications on two cores take little longer than one."""
    sample = SAMPLE[size] / 2
    one = seconds_of(1, sample)
    two = benchmark.pedantic(seconds_of, args=(2, sample), rounds=1)
    say(f"London, {sample:.0%} of residents: two replications at once take {two / one:.2f} times as long as one")
    benchmark.extra_info["ratio"] = two / one
