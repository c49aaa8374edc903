"""The comparison's tables reshaped for pictures and prose: who is who, spreads, monthly bands, yearly flows."""

import pandas as pd

from paysim.model.money import PENCE_PER_POUND
from paysim.model.organisation import Organisation
from paysim.report.comparison import Comparison

ENOUGH_FOR_PERCENTILES = 20
"""Replications from which a 5th and a 95th percentile lie inside the range of what was seen."""


def providers(comparison: Comparison) -> list[Organisation]:
    """Return the organisations that provide care, councils included, in the order of the config.

    An organisation that neither spends nor receives anything in the comparison is left out, here and in `payers`.
    """
    return [o for o in _active(comparison) if o.kind in ("provider", "council")]


def payers(comparison: Comparison) -> list[Organisation]:
    """Return the commissioners and funders, in the order of the config."""
    return [o for o in _active(comparison) if o.kind in ("commissioner", "funder")]


def _active(comparison: Comparison) -> list[Organisation]:
    table = comparison.surplus
    moved = set(table.loc[(table["income"] != 0) | (table["cost"] != 0), "organisation"])
    return [o for o in comparison.system.organisations.values() if o.id in moved]


def surplus_rows(comparison: Comparison) -> pd.DataFrame:
    """Return `comparison.surplus` indexed by (organisation, arrangement)."""
    return comparison.surplus.set_index(["organisation", "arrangement"])


def surplus_by_replication(comparison: Comparison) -> pd.DataFrame:
    """Return each replication's surplus in pounds a year: columns arrangement, organisation, replication, surplus."""
    keys = ["arrangement", "organisation", "replication"]
    totals = comparison.accounts.groupby(keys, sort=True, observed=True)["surplus_pence"].sum()
    return (totals / PENCE_PER_POUND / comparison.settings.years).rename("surplus").reset_index()


def surplus_spread(comparison: Comparison) -> pd.DataFrame:
    """Return the standard deviation of the yearly surplus over replications, in pounds.

    Rows are organisations, columns arrangements; NaN where there is a single replication.
    """
    runs = surplus_by_replication(comparison)
    return runs.groupby(["organisation", "arrangement"], observed=True)["surplus"].std().unstack("arrangement")


def monthly_bands(comparison: Comparison) -> pd.DataFrame:
    """Return the monthly surplus over replications in pounds: organisation, arrangement, period, low, median, high.

    Low and high are the 5th and 95th percentile, or the least and the greatest where replications are few.
    """
    few = comparison.settings.replications < ENOUGH_FOR_PERCENTILES
    groups = comparison.accounts.groupby(["organisation", "arrangement", "period"], sort=True, observed=True)
    surplus = groups["surplus_pence"]
    low, high = (surplus.min(), surplus.max()) if few else (surplus.quantile(0.05), surplus.quantile(0.95))
    bands = pd.DataFrame({"low": low, "median": surplus.median(), "high": high}) / PENCE_PER_POUND
    return bands.reset_index()


def yearly_flows(comparison: Comparison) -> pd.DataFrame:
    """Return what each payer pays each payee, in pounds a year: arrangement, payer, payee, mean, low, high.

    The mean is over replications; low and high are the least and the greatest of them. A flow that a replication
    does not have counts as nothing.
    """
    settings = comparison.settings
    keys = ["arrangement", "payer", "payee"]
    totals = comparison.flows.groupby([*keys, "replication"], sort=True, observed=True)["amount_pence"].sum()
    table = totals.unstack("replication", fill_value=0) / PENCE_PER_POUND / settings.years
    rows = pd.DataFrame({"mean": table.mean(axis=1), "low": table.min(axis=1), "high": table.max(axis=1)})
    return rows[(rows["low"] != 0) | (rows["high"] != 0)].reset_index()
