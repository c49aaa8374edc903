"""Contract design on BHR: a gain share of two parameters, from one set of simulations."""

import pytest
from levers import SAMPLE, ran
from populations import bhr

import paysim

FREE = {
    "savings_*.gain_loss_share.shares.nelft": (0.0, 0.5),
    "savings_*.gain_loss_share.gain_cap": (0.0, 0.2),
}

REPLICATIONS = {"small": 2, "full": 4}
CANDIDATES = {"small": 8, "full": 120}

MOST_SECONDS = 900.0
"""What is aimed at, at full size."""


@pytest.mark.benchmark(group="design")
def test_a_gain_share_of_two_parameters(benchmark, size, say) -> None:
    """However many contracts are tried, nothing is simulated for them; the best that keeps to all limits wins."""
    system, replications, most = bhr(), REPLICATIONS[size], CANDIDATES[size]
    settings = {"replications": replications, "sample": SAMPLE[size], "candidates": most}
    found = benchmark.pedantic(ran, args=(paysim.design, system, "gain_share", FREE), kwargs=settings, rounds=1)
    tried, winner = found.result.candidates(), found.result.winner()
    assert 0 < len(tried) <= most
    for name, (low, high) in FREE.items():
        assert low <= winner[name] <= high
        assert tried[name].between(low, high).all()
    assert (tried["gap"] > -1.0).all()
    feasible = tried[tried["feasible"]]
    assert found.result.feasible == bool(len(feasible))
    # Without one that keeps to all limits, the one that misses them least.
    best = feasible["gap"].min() if len(feasible) else tried.loc[tried["missing"].idxmin(), "gap"]
    assert found.result.gap == pytest.approx(best)
    points = found.result.designed.rules.design.points
    assert found.tasks["simulating levers"] == replications * len(points)
    assert found.tasks["simulating the winner"] == replications
    say(
        f"Contract design on BHR, {SAMPLE[size]:.0%} of residents, {len(FREE)} parameters, {replications} "
        f"replications: {found.seconds:.0f} s (at most {MOST_SECONDS:.0f} at full size)",
        f"{len(tried)} contracts, settled at {len(points)} points each, from {replications * len(points)} digests",
    )
    benchmark.extra_info.update(
        replications=replications,
        contracts=len(tried),
        settlements=len(tried) * replications * len(points),
        points_simulated=replications * len(points),
    )
