"""Response on BHR: five years in which four organisations set twelve levers, where they come to rest, what is best."""

import pandas as pd
import pytest
from levers import SAMPLE, ran
from populations import bhr

import paysim
from paysim.incentives.evaluate import alike_in_care
from paysim.incentives.response.objective import strategic_levers
from paysim.incentives.response.points import design_points

REPLICATIONS = {"small": 2, "full": 4}
"""At full size four take two idle cores about six minutes, more than a third of it for pairs of levers."""

MOST_SECONDS = 300.0
"""What is aimed at, at full size."""

YEARS = 5


@pytest.mark.benchmark(group="respond")
def test_five_years_of_response(benchmark, size, say) -> None:
    """Four strategic organisations under capitation; every penny that is kept was received and not spent."""
    system, replications = bhr(), REPLICATIONS[size]
    settings = {"years": YEARS, "replications": replications, "sample": SAMPLE[size]}
    found = benchmark.pedantic(ran, args=(paysim.respond, system, "capitation"), kwargs=settings, rounds=1)
    equilibria, path = found.result.equilibria(), found.result.path()
    assert len(set(equilibria["owner"])) == 4
    for end in equilibria.itertuples():
        lever = system.levers[end.lever]
        assert lever.low <= end.intensity <= lever.high
    assert path["year"].nunique() == YEARS
    assert_money(path, system)
    # The surface's points, by replication: those that leave care as it is share the first simulation.
    care = design_points(system, strategic_levers(system))
    assert found.tasks["simulating levers"] == replications * len(alike_in_care(system, care.points))
    assert found.tasks["going through the years"] == 2 * replications
    say(
        f"Response on BHR, {SAMPLE[size]:.0%} of residents, {YEARS} years, {replications} replications: "
        f"{found.seconds:.0f} s (at most {MOST_SECONDS:.0f} at full size)",
        f"{len(care.points)} points of {len(care.levers)} levers from {found.tasks['simulating levers']} simulations",
    )
    benchmark.extra_info.update(replications=replications, tasks=found.tasks)


def assert_money(path: pd.DataFrame, system: paysim.System) -> None:
    """Assert that what one receives another pays, and that what is kept is received less spent on care and levers."""
    everybody = path[path["organisation"].isin(list(system.organisations)) & (path["unit"] == "pounds a year")]
    money = everybody.pivot(index=["year", "organisation"], columns="quantity", values="mean")
    assert len(money) == YEARS * len(system.organisations)
    assert money["income"].groupby("year").sum().to_numpy() == pytest.approx(0.0, abs=1.0)
    for horizon in ("short_run", "long_run"):
        kept = money["income"] - money[f"cost_{horizon}"] - money["lever_cost"]
        assert money[f"surplus_{horizon}"].to_numpy() == pytest.approx(kept.to_numpy(), abs=1.0)
