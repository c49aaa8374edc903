"""The comparison's tables as typed values: what figures, prose and terminal tables are written from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.intervals import Interval, mean_interval
from paysim.model.measure import MeasureKind
from paysim.model.money import PENCE_PER_POUND
from paysim.model.organisation import Organisation
from paysim.study.comparison import Comparison

ENOUGH_FOR_PERCENTILES = 20
"""Outcomes from which a 5th and a 95th percentile lie inside the range of what was seen."""

_UNKNOWN = (float("nan"), float("nan"))
"""Ends of an interval that is not known."""

MOST_DRAWN = 24
"""Organisations that a figure has room for."""


@dataclass(frozen=True, slots=True)
class Position:
    """One organisation's year under one arrangement, in pounds; `difference` is to the first arrangement."""

    organisation: Organisation
    arrangement: str
    income: float
    cost: float
    surplus: Interval
    difference: Interval


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One measure beside its published value; `reference` and `tolerance` are None where there are none."""

    measure: str
    name: str
    kind: MeasureKind
    simulated: Interval
    reference: float | None
    difference: float
    absolute: bool
    tolerance: float | None
    within: bool | None
    explanation: str


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyBand:
    """One organisation's surplus month by month under one arrangement, in pounds: shape (periods,) each.

    `low` and `high` are the 5th and 95th percentile of the replications, or the least and the greatest where there
    are few.
    """

    periods: tuple[str, ...]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Risk:
    """How far chance moves a year's surplus, in pounds; NaN but for the mean from a single replication."""

    surplus: float
    standard_deviation: float
    fifth_percentile: float


@dataclass(frozen=True, slots=True)
class YearlyFlow:
    """What a payer pays a payee under an arrangement, in pounds a year."""

    arrangement: str
    payer: str
    payee: str
    amount: Interval


def rows(table: pd.DataFrame) -> Iterator[Any]:
    """Return the table's rows as named tuples; what the columns hold is documented where the table is made."""
    return cast(Iterator[Any], table.itertuples(index=False))


def scaled(interval: Interval, factor: float) -> Interval:
    """Return the interval times a factor."""
    return Interval(*(value * factor for value in interval))


def positions(comparison: Comparison) -> dict[tuple[str, str], Position]:
    """Return every organisation's position under every arrangement, by (organisation, arrangement)."""
    organisations = comparison.system.organisations
    return {
        (row.organisation, row.arrangement): Position(
            organisations[row.organisation],
            row.arrangement,
            row.income,
            row.cost,
            Interval(row.surplus, row.surplus_low, row.surplus_high),
            Interval(row.difference, row.difference_low, row.difference_high),
        )
        for row in rows(comparison.surplus)
    }


def providers(comparison: Comparison) -> list[Organisation]:
    """Return the organisations that provide care, in the order of the config: providers, councils, whoever has cost.

    An organisation that neither spends nor receives anything in the comparison is left out, here and in `payers`.
    """
    costly = _costly(comparison)
    return [o for o in _active(comparison) if o.kind in ("provider", "council") or o.id in costly]


def payers(comparison: Comparison) -> list[Organisation]:
    """Return the commissioners and funders that do not provide care, too, in the order of the config."""
    costly = _costly(comparison)
    return [o for o in _active(comparison) if o.kind in ("commissioner", "funder") and o.id not in costly]


def _costly(comparison: Comparison) -> set[str]:
    return {id for (id, _), position in positions(comparison).items() if position.cost}


def largest(comparison: Comparison, organisations: list[Organisation]) -> list[Organisation]:
    """Return those of the organisations that a figure has room for, in the order given: they move the most money.

    That is what one receives, what it pays or what its care costs, whichever is most. Income would not do: what a
    commissioner receives less what it pays is near nothing.
    """
    if len(organisations) <= MOST_DRAWN:
        return organisations
    moved = dict.fromkeys((o.id for o in organisations), 0.0)
    for (id, _), position in positions(comparison).items():
        if id in moved:
            moved[id] = max(moved[id], position.cost)
    for sums in (received(comparison), _by_end(comparison, "payer")):
        for (id, _), pounds in sums.items():
            if id in moved:
                moved[id] = max(moved[id], float(pounds.mean()))
    drawn = sorted(moved, key=lambda id: -moved[id])[:MOST_DRAWN]
    return [o for o in organisations if o.id in drawn]


def _active(comparison: Comparison) -> list[Organisation]:
    moved = {id for (id, _), position in positions(comparison).items() if position.income or position.cost}
    return [o for o in comparison.system.organisations.values() if o.id in moved]


def reconciled(comparison: Comparison) -> list[Reconciled]:
    """Return the measures in the order of the config."""
    return [
        Reconciled(
            row.measure,
            row.name,
            row.kind,
            Interval(row.simulated, row.low, row.high),
            None if pd.isna(row.reference) else row.reference,
            row.difference,
            bool(row.absolute),
            None if pd.isna(row.tolerance) else row.tolerance,
            None if pd.isna(row.within_tolerance) else bool(row.within_tolerance),
            row.explanation,
        )
        for row in rows(comparison.reconciliation)
    ]


def runs(comparison: Comparison) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return every replication's surplus in pounds a year by (organisation, arrangement): shape (replications,)."""
    keys = ["organisation", "arrangement", "replication"]
    yearly = comparison.accounts.groupby(keys, sort=True, observed=True)["surplus_pence"].sum()
    pounds = yearly.unstack("replication") / PENCE_PER_POUND / comparison.settings.years
    return {cast(tuple[str, str], key): values.to_numpy(dtype=np.float64) for key, values in pounds.iterrows()}


def received(comparison: Comparison) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return what each organisation receives in pounds a year by (organisation, arrangement): shape (replications,).

    Whoever receives nothing under an arrangement is left out.
    """
    return _by_end(comparison, "payee")


def _by_end(comparison: Comparison, end: Literal["payer", "payee"]) -> dict[tuple[str, str], NDArray[np.float64]]:
    totals = comparison.flows.groupby([end, "arrangement", "replication"], observed=True)["amount_pence"].sum()
    pounds = totals.unstack("replication", fill_value=0) / PENCE_PER_POUND / comparison.settings.years
    return {cast(tuple[str, str], key): values.to_numpy(dtype=np.float64) for key, values in pounds.iterrows()}


def spreads(comparison: Comparison) -> dict[tuple[str, str], float]:
    """Return the standard deviation of a year's surplus in pounds; NaN from a single replication."""
    return {key: risk.standard_deviation for key, risk in risks(comparison).items()}


def risks(comparison: Comparison) -> dict[tuple[str, str], Risk]:
    """Return the risk that every organisation carries under every arrangement, by (organisation, arrangement)."""
    return {
        (row.organisation, row.arrangement): Risk(row.surplus, row.standard_deviation, row.fifth_percentile)
        for row in rows(comparison.risk)
    }


def monthly_bands(comparison: Comparison) -> dict[tuple[str, str], MonthlyBand]:
    """Return the monthly surplus bands by (organisation, arrangement)."""
    outer = 0.05 if comparison.settings.replications >= ENOUGH_FOR_PERCENTILES else 0.0
    keys = ["organisation", "arrangement", "period"]
    surplus = comparison.accounts.groupby(keys, sort=True, observed=True)["surplus_pence"]
    quantiles = surplus.quantile(np.array([outer, 0.5, 1 - outer])).unstack() / PENCE_PER_POUND
    return {
        cast(tuple[str, str], key): MonthlyBand(
            tuple(group.index.get_level_values("period")), *group.to_numpy(dtype=np.float64).T
        )
        for key, group in quantiles.groupby(level=["organisation", "arrangement"])
    }


def yearly_flows(comparison: Comparison) -> list[YearlyFlow]:
    """Return who pays whom, with 95% intervals over replications; a replication without the flow counts as nothing.

    A flow that holds a budget-neutral amount has none: replications say nothing of how surely that amount is known.
    """
    keys = ["arrangement", "payer", "payee"]
    totals = comparison.flows.groupby([*keys, "replication"], sort=True, observed=True)["amount_pence"].sum()
    pounds = totals.unstack("replication", fill_value=0) / PENCE_PER_POUND / comparison.settings.years
    by_ends = {cast(tuple[str, str, str], key): row.to_numpy(dtype=np.float64) for key, row in pounds.iterrows()}
    neutral = _holding_neutral_amounts(comparison)
    return [
        YearlyFlow(*ends, Interval(float(values.mean()), *_UNKNOWN) if ends in neutral else mean_interval(values))
        for ends, values in by_ends.items()
        if values.any()
    ]


def _holding_neutral_amounts(comparison: Comparison) -> set[tuple[str, str, str]]:
    """Return the arrangement, payer and payee of each flow that holds a budget-neutral amount."""
    by = ["arrangement", "contract", "term"]
    paid = comparison.flows[[*by, "payer", "payee"]].drop_duplicates().merge(comparison.neutral[by], on=by)
    return set(zip(paid["arrangement"], paid["payer"], paid["payee"], strict=True))
