"""Tidy tables of incentives: fixed columns, one value a row and column."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from paysim.incentives.marginal import Change, Verdict
from paysim.incentives.outcome import Outcome
from paysim.study.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


def changes_table(changes: Sequence[Change]) -> "pd.DataFrame":
    """Return all changes per unit of the lever and per counted step avoided, with 95% intervals.

    `arrangement` is 'all' and `horizon` 'both' where it is the same whichever. `step` is the lever's step: times it,
    a mean is the change over one step. `replications` are those that had a value.
    """
    import pandas as pd

    rows = [
        (
            change.lever,
            change.arrangement,
            change.horizon,
            change.party,
            change.quantity,
            change.unit,
            *change.interval(),
            *change.event_interval(),
            change.step,
            change.replications,
        )
        for change in changes
    ]
    columns = ["lever", "arrangement", "horizon", "organisation", "quantity", "unit", "mean", "low", "high"]
    columns += ["per_event_mean", "per_event_low", "per_event_high", "step", "replications"]
    return pd.DataFrame(rows, columns=columns)


def verdicts_table(verdicts: Sequence[Verdict]) -> "pd.DataFrame":
    """Return the verdicts; changes in pounds a year per unit of the lever, organisations separated by commas."""
    import pandas as pd

    rows = [
        (
            each.lever,
            each.arrangement,
            each.horizon,
            each.owner,
            each.verdict,
            *each.owner_change,
            *each.system_change,
            ",".join(each.gainers),
            ",".join(each.losers),
            each.replications_needed,
            each.replications,
        )
        for each in verdicts
    ]
    columns = ["lever", "arrangement", "horizon", "owner", "verdict", "owner_change", "owner_low", "owner_high"]
    columns += ["system_change", "system_low", "system_high", "gainers", "losers", "replications_needed"]
    return pd.DataFrame(rows, columns=[*columns, "replications"])


def work_done(settings: Settings, outcomes: Sequence[Sequence[Outcome]], simulations: int) -> dict[str, object]:
    """Return what was simulated and settled, and what pairing and reuse have saved.

    Without reuse every lever, arrangement and replication takes two runs. Without pairing the variance of a difference
    is the sum of both runs' variances: so many times more replications would be as sure of the system's real cost
    (the median over levers; None from a single replication or without any variance).
    """
    points = len(outcomes[0])
    settled = settings.replications * points * len(settings.arrangements)
    apart = 2 * settings.replications * (points - 1) * len(settings.arrangements)
    return {
        "points_settled": settled,
        "simulations": simulations,
        "simulations_without_reuse": apart,
        "simulations_avoided": apart - simulations,
        "times_as_many_replications_without_pairing": _gained_by_pairing(outcomes),
    }


def _gained_by_pairing(outcomes: Sequence[Sequence[Outcome]]) -> float | None:
    if len(outcomes) < 2:
        return None
    cost = np.array([[each.short_run_cost.sum() for each in replication] for replication in outcomes])
    base, levers = cost[:, :1], cost[:, 1:]
    apart, paired = base.var(axis=0, ddof=1) + levers.var(axis=0, ddof=1), (levers - base).var(axis=0, ddof=1)
    # A lever that hardly moves costs would count as if pairing had gained without end.
    moved = paired > 1e-12 * apart
    ratio = float(np.median(apart[moved] / paired[moved])) if moved.any() else math.nan
    return None if math.isnan(ratio) else ratio
