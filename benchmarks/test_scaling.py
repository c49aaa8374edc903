"""How time grows with residents and with simulated years, on BHR at other sizes."""

import os
from collections.abc import Sequence

import numpy as np
import pytest
from populations import bhr_of, expected_steps
from processes import in_a_process_of_its_own
from timed import Timed, timed_year, timed_years, years_timed

MILLIONS = {"small": (0.03, 0.1, 0.3), "full": (0.1, 0.3, 1, 3, 9)}
ROUNDS = {"small": 3, "full": 1}
RESIDENTS_FOR_YEARS = {"small": 20_000, "full": 150_000}
STEEPEST = {"small": 1.25, "full": 1.05}
"""The largest log-log slope. Small runs take fractions of a second on a machine that others use as well."""

SLOWEST_END = {"small": 0.8, "full": 0.95}
"""The least that the last tenth of a run may do in a second, over what its first tenth did."""

BYTES_A_STEP = 110
"""Memory to allow for a step: 30 bytes in Activity, as many while chunks are joined, the episode that it began with."""


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Return the slope of a straight line through the logarithms."""
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def free_gib() -> float:
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


@pytest.mark.benchmark(group="scaling: residents")
def test_residents(benchmark, size, say) -> None:
    """Time grows in proportion to residents; sizes that would not fit in memory are left out, and said to be."""
    rate = expected_steps(bhr_of(100_000)) / 100_000 * 2
    sizes = [round(millions * 1e6) for millions in MILLIONS[size]]
    fitting = [residents for residents in sizes if residents * rate * BYTES_A_STEP / 2**30 < free_gib()]

    def years() -> list[Timed]:
        return [in_a_process_of_its_own(timed_year, residents, ROUNDS[size]) for residents in fitting]

    runs = benchmark.pedantic(years, rounds=1)
    say(
        "BHR, one year after a warm-up of one",
        f"{'residents':>12}{'seconds':>10}{'million steps/s':>18}{'peak GiB':>10}",
        *(
            f"{residents:12,}{run.seconds:10.2f}{2 * run.steps / run.seconds / 1e6:18.2f}{run.peak_gib:10.2f}"
            for residents, run in zip(fitting, runs, strict=True)
        ),
        *(f"{residents:12,} left out: not enough memory" for residents in sizes if residents not in fitting),
        f"log-log slope of seconds: {slope(fitting, [run.seconds for run in runs]):.3f}",
    )
    benchmark.extra_info["slope"] = slope(fitting, [run.seconds for run in runs])
    for run in runs:
        assert run.steps == pytest.approx(run.expected, rel=0.05)
    assert benchmark.extra_info["slope"] < STEEPEST[size]


@pytest.mark.benchmark(group="scaling: years")
def test_first_and_last_tenth(benchmark, size, say) -> None:
    """The last of ten years is simulated as quickly as the first."""
    residents = RESIDENTS_FOR_YEARS[size]
    speeds = benchmark.pedantic(in_a_process_of_its_own, args=(timed_years, residents, 10), rounds=1)
    say(
        f"BHR with {residents:,} residents: million steps a second in each of ten years",
        " ".join(f"{speed / 1e6:.2f}" for speed in speeds),
        f"last over first: {speeds[-1] / speeds[0]:.3f}",
    )
    benchmark.extra_info["last_over_first"] = speeds[-1] / speeds[0]
    assert speeds[-1] / speeds[0] > SLOWEST_END[size]


@pytest.mark.benchmark(group="scaling: years")
def test_years(benchmark, size, say) -> None:
    """Time grows in proportion to simulated years."""
    residents, years = RESIDENTS_FOR_YEARS[size], (1, 2, 4, 8)
    seconds = benchmark.pedantic(in_a_process_of_its_own, args=(years_timed, residents, years), rounds=1)
    say(
        f"BHR with {residents:,} residents: seconds for {', '.join(map(str, years))} years",
        " ".join(f"{second:.3f}" for second in seconds),
        f"log-log slope of seconds: {slope(years, seconds):.3f}",
    )
    benchmark.extra_info["slope"] = slope(years, seconds)
    assert benchmark.extra_info["slope"] < STEEPEST[size]
