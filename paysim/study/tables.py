"""From replicates to tidy tables."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.intervals import mean_interval, with_calibration
from paysim.model.measure import Measure
from paysim.model.money import PENCE_PER_POUND
from paysim.model.system import System
from paysim.payment.measures import reference_value
from paysim.payment.neutral import NeutralAmount
from paysim.study.replication import Replicate
from paysim.study.settings import Settings


def flows_table(settings: Settings, replicates: Sequence[Replicate]) -> pd.DataFrame:
    """Return every money flow: arrangement, replication, period, payer, payee, contract, term, amount_pence."""
    return pd.concat(
        [
            _labelled(ledger.to_frame(), arrangement, replicate.replication)
            for position, arrangement in enumerate(settings.arrangements)
            for replicate in replicates
            for ledger in (replicate.ledgers[position],)
        ],
        ignore_index=True,
    )


def cash_table(settings: Settings, replicates: Sequence[Replicate]) -> pd.DataFrame:
    """Return when money moves: arrangement, replication, month, organisation, cash_pence (received less paid)."""
    return pd.concat(
        [
            _labelled(replicate.ledgers[position].cash_frame(), arrangement, replicate.replication)
            for position, arrangement in enumerate(settings.arrangements)
            for replicate in replicates
        ],
        ignore_index=True,
    )


def accounts_table(settings: Settings, replicates: Sequence[Replicate]) -> pd.DataFrame:
    """Return the accounts: arrangement, replication, period, organisation, income, cost and surplus in pence."""
    return pd.concat(
        [
            _labelled(replicate.accounts[position].to_frame(), arrangement, replicate.replication)
            for position, arrangement in enumerate(settings.arrangements)
            for replicate in replicates
        ],
        ignore_index=True,
    )


def _labelled(table: pd.DataFrame, arrangement: str, replication: int) -> pd.DataFrame:
    table.insert(0, "arrangement", arrangement)
    table.insert(1, "replication", replication)
    return table


def surplus_table(
    system: System, settings: Settings, replicates: Sequence[Replicate], amounts: Sequence[NeutralAmount]
) -> pd.DataFrame:
    """Return income, cost and surplus by organisation and arrangement, pounds a year, with 95% intervals.

    `difference` is to the first arrangement, paired replication by replication. Intervals cover both the
    replications and the calibration of budget-neutral amounts.
    """
    moved = _moved_by_calibration(settings, replicates, amounts)
    moved_apart = moved - moved[:, :1]
    # An arrangement differs from itself by nothing, however little is known of its amounts.
    moved_apart[:, 0] = 0.0
    income, cost = (
        np.array([[getattr(books, name).sum(axis=1) for books in replicate.accounts] for replicate in replicates])
        / PENCE_PER_POUND
        / settings.years
        for name in ("income_pence", "cost_pence")
    )
    surplus = income - cost
    rows = []
    for organisation, name in enumerate(system.organisations):
        for position, arrangement in enumerate(settings.arrangements):
            kept = with_calibration(
                mean_interval(surplus[:, position, organisation]),
                moved[:, position, organisation],
            )
            difference = with_calibration(
                mean_interval(surplus[:, position, organisation] - surplus[:, 0, organisation]),
                moved_apart[:, position, organisation],
            )
            rows.append(
                {
                    "organisation": name,
                    "arrangement": arrangement,
                    "income": income[:, position, organisation].mean(),
                    "cost": cost[:, position, organisation].mean(),
                    "surplus": kept.mean,
                    "surplus_low": kept.low,
                    "surplus_high": kept.high,
                    "difference": difference.mean,
                    "difference_low": difference.low,
                    "difference_high": difference.high,
                    "replications": settings.replications,
                }
            )
    return pd.DataFrame(rows)


def _moved_by_calibration(
    settings: Settings, replicates: Sequence[Replicate], amounts: Sequence[NeutralAmount]
) -> NDArray[np.float64]:
    """Return how each calibration replication alone would have moved income, pounds a year; NaN where there is one.

    Shape (calibration replications, arrangements, organisations), in any order of the first; no rows where nothing is
    budget-neutral.
    """
    moved = np.concatenate([replicate.moved_pence for replicate in replicates]) / PENCE_PER_POUND / settings.years
    for amount in amounts:
        if amount.replications < 2:
            moved[:, settings.arrangements.index(amount.arrangement)] = float("nan")
    return moved


def activity_table(system: System, settings: Settings, replicates: Sequence[Replicate]) -> pd.DataFrame:
    """Return the use of services by residents of each place: means over replications, scaled to the population."""
    weight = replicates[0].weight
    count = np.mean([replicate.use.count for replicate in replicates], axis=0)
    wait = np.mean([replicate.use.wait_days for replicate in replicates], axis=0)
    stay = np.mean([replicate.use.stay_days for replicate in replicates], axis=0)
    capacity = np.mean([replicate.use.open_server_days for replicate in replicates], axis=0)
    annual = count * weight / settings.years
    rows = [
        {
            "service": service,
            "place": place,
            "count": annual[s, p],
            "rate_per_head": annual[s, p] / residents,
            "mean_wait_days": wait[s, p] / count[s, p] if count[s, p] else float("nan"),
            "mean_stay_days": stay[s, p] / count[s, p] if count[s, p] else float("nan"),
            "utilisation": stay[s].sum() / capacity[s],
            "replications": settings.replications,
        }
        for s, service in enumerate(system.services)
        for p, (place, residents) in enumerate(zip(system.population.places, system.population.by_place(), strict=True))
    ]
    return pd.DataFrame(rows)


_RECONCILED = {
    **dict.fromkeys(("measure", "name", "kind"), "str"),
    **dict.fromkeys(("simulated", "low", "high", "reference", "difference"), "float64"),
    "absolute": "bool",
    "tolerance": "float64",
    "within_tolerance": "object",
    "replications": "int64",
    "explanation": "str",
}
"""Columns and their types, which hold also where there is no measure."""


def reconciliation_table(system: System, replicates: Sequence[Replicate]) -> pd.DataFrame:
    """Return every measure beside its published value, with a 95% interval over the replications that observed it."""
    values = np.array([replicate.measures for replicate in replicates])
    rows = [
        _reconciled(measure, reference_value(measure, system), values[:, position])
        for position, measure in enumerate(system.measures.values())
    ]
    return pd.DataFrame(rows, columns=list(_RECONCILED)).astype(_RECONCILED)


def _reconciled(measure: Measure, reference: float, values: NDArray[np.float64]) -> dict[str, object]:
    simulated = mean_interval(values)
    difference = simulated.mean - reference
    if not measure.absolute and difference:
        difference = difference / reference if reference else float("nan")
    tolerance = float("nan") if measure.tolerance is None else measure.tolerance
    compared = not np.isnan([tolerance, simulated.mean, reference]).any()
    return {
        "measure": measure.id,
        "name": measure.name,
        "kind": measure.kind,
        "simulated": simulated.mean,
        "low": simulated.low,
        "high": simulated.high,
        "reference": reference,
        "difference": difference,
        "absolute": measure.absolute,
        "tolerance": tolerance,
        "within_tolerance": bool(abs(difference) <= tolerance) if compared else None,
        "replications": int(np.count_nonzero(~np.isnan(values))),
        "explanation": measure.explanation,
    }


_NEUTRAL = {
    **dict.fromkeys(("arrangement", "contract", "term"), "str"),
    **dict.fromkeys(("annual", "per_head", "standard_error"), "float64"),
    "replications": "int64",
}
"""Columns and their types, which hold also where no amount is budget-neutral."""


def neutral_table(amounts: Sequence[NeutralAmount]) -> pd.DataFrame:
    """Return the budget-neutral amounts in pounds a year and how sure they are."""
    rows = [
        [
            amount.arrangement,
            amount.contract,
            amount.term,
            amount.annual_pence / PENCE_PER_POUND,
            float("nan") if amount.per_head_pence is None else amount.per_head_pence / PENCE_PER_POUND,
            float("nan") if amount.standard_error_pence is None else amount.standard_error_pence / PENCE_PER_POUND,
            amount.replications,
        ]
        for amount in amounts
    ]
    return pd.DataFrame(rows, columns=list(_NEUTRAL)).astype(_NEUTRAL)
