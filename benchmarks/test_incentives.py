"""The incentive map of BHR: every lever under every arrangement, and what pairing and reuse save."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from levers import SAMPLE, ran
from populations import bhr

import paysim

ARRANGEMENTS = ("block", "activity", "capitation", "blended", "gain_share")

REPLICATIONS = {"small": 4, "full": 10}
"""At full size as many as two cores do in four minutes."""

MOST_SECONDS = 240.0
"""What is aimed at, at full size."""

SIMULATING = "simulating and settling"


@pytest.mark.benchmark(group="incentives")
def test_incentive_map(benchmark, size, say) -> None:
    """Twelve levers, five arrangements, all organisations, one year: signs are resolved at 95%, or flagged."""
    system, replications = bhr(), REPLICATIONS[size]
    settings = {"years": 1, "replications": replications, "sample": SAMPLE[size]}
    found = benchmark.pedantic(ran, args=(paysim.incentives, system, ARRANGEMENTS), kwargs=settings, rounds=1)
    verdicts, work = found.result.verdicts(), found.result.incentives.provenance["work"]
    assert len(verdicts) == len(system.levers) * len(ARRANGEMENTS) * 2
    assert len(system.levers) == 12
    flagged = verdicts[verdicts["verdict"] == "not distinguishable"]
    assert_resolved_or_flagged(verdicts, flagged)
    assert_money(found.result.table(), system)
    changing_care = sum(lever.changes_care for lever in system.levers.values())
    assert work["simulations"] == found.tasks[SIMULATING] == replications * (1 + changing_care)

    resolved, ratio = 1 - len(flagged) / len(verdicts), work["times_as_many_replications_without_pairing"]
    say(
        f"Incentive map of BHR, {SAMPLE[size]:.0%} of residents, {replications} replications: {found.seconds:.0f} s "
        f"(at most {MOST_SECONDS:.0f} at full size)",
        f"{resolved:.0%} of {len(verdicts)} verdicts are resolved at 95%, the others flagged",
        f"{work['simulations']} simulations; {work['simulations_avoided']} avoided, since arrangements and levers that "
        "change payment alone share them",
        f"unpaired differences of real cost vary {ratio:.1f} times as much (median over levers), so as sure an answer "
        f"without pairing would take {work['simulations'] * (ratio - 1):.0f} simulations more",
    )
    benchmark.extra_info.update(
        replications=replications,
        simulations=work["simulations"],
        simulations_avoided_by_reuse=work["simulations_avoided"],
        simulations_avoided_by_pairing=work["simulations"] * (ratio - 1),
        variance_unpaired_over_paired=ratio,
        share_of_verdicts_resolved=resolved,
    )


@pytest.mark.benchmark(group="incentives")
def test_a_further_arrangement(benchmark, size, say) -> None:
    """A sixth arrangement is settled from the same simulations, and leaves the answers under the five as they are."""
    system = bhr()
    sixth = replace(system.arrangements["gain_share"], id="gain_share_again")
    system = replace(system, arrangements={**system.arrangements, sixth.id: sixth})
    settings = {"years": 1, "replications": 2, "sample": SAMPLE[size] / 2, "levers": ["length_of_stay", "coding_depth"]}
    five = ran(paysim.incentives, system, ARRANGEMENTS, **settings)
    given = (paysim.incentives, system, (*ARRANGEMENTS, sixth.id))
    six = benchmark.pedantic(ran, args=given, kwargs=settings, rounds=1)
    assert six.tasks[SIMULATING] == five.tasks[SIMULATING] == 2 * 2
    table = six.result.table()
    pd.testing.assert_frame_equal(
        table[table["arrangement"] != sixth.id].reset_index(drop=True), five.result.table(), check_exact=True
    )
    again, once = (table[table["arrangement"] == id]["mean"].to_numpy() for id in (sixth.id, "gain_share"))
    assert again.tolist() == once.tolist()
    say(f"Two levers under six arrangements take {six.seconds / five.seconds:.2f} times as long as under five")
    benchmark.extra_info["ratio"] = six.seconds / five.seconds


def assert_resolved_or_flagged(verdicts: pd.DataFrame, flagged: pd.DataFrame) -> None:
    """Assert that a verdict's intervals exclude zero, and that others say how many replications it takes to tell."""
    judged = verdicts[verdicts["verdict"].isin(["aligned", "misaligned"])]
    owner, system = (judged[f"{who}_low"] * judged[f"{who}_high"] for who in ("owner", "system"))
    assert len(judged)
    assert (owner > 0).all()
    assert (system > 0).all()
    together = judged["owner_change"] * judged["system_change"] > 0
    assert (together == (judged["verdict"] == "aligned")).all()
    assert (flagged["replications_needed"] > flagged["replications"]).all()


def assert_money(table: pd.DataFrame, system: paysim.System) -> None:
    """Assert that what one receives another pays, and that what is kept is received less spent on care and lever."""
    mean = table.set_index(["lever", "arrangement", "horizon", "organisation", "quantity"])["mean"]
    organisations = list(system.organisations)
    for lever in system.levers.values():
        spent = {horizon: mean[lever.id, "all", horizon, :, "cost"] for horizon in ("short_run", "long_run")}
        for arrangement in ARRANGEMENTS:
            income = mean[lever.id, arrangement, "both", :, "income"][organisations]
            # Pence are rounded before they are divided by the lever's step.
            penny = 0.01 * len(organisations) / lever.step
            assert abs(income.sum()) < penny
            for horizon, cost in spent.items():
                kept = income - cost[organisations]
                kept[lever.owner] -= mean[lever.id, "all", "both", lever.owner, "lever_cost"]
                surplus = mean[lever.id, arrangement, horizon, :, "surplus"][organisations]
                np.testing.assert_allclose(surplus, kept, atol=penny)
