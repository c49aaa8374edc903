"""The answer of `compare`: the same activity paid under several arrangements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from paysim.model.system import System
from paysim.study.settings import Settings

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Comparison:
    """Tidy tables of a comparison; money in whole pence in `flows` and `accounts`, in pounds a year elsewhere.

    - `flows`: arrangement, replication, period, payer, payee, contract, term, amount_pence.
    - `accounts`: arrangement, replication, period, organisation, income_pence (received less paid on), cost_pence
      (resources used), surplus_pence.
    - `surplus`: organisation, arrangement, income, cost, surplus with its 95% interval, and the paired difference to
      the first arrangement with its own.
    - `activity_summary`: service, place, count a year, rate per head, mean wait and stay in days, utilisation.
    - `reconciliation`: measure, simulated value with interval, reference, difference, tolerance, within_tolerance.
    - `neutral`: the budget-neutral amounts and the calibration replications behind them.
    - `risk`: organisation, arrangement, mean surplus, its standard deviation and 5th percentile in a year.
    - `cash`: arrangement, replication, month, organisation, cash_pence received less paid in the month that it moves.
    """

    system: System
    settings: Settings
    flows: "pd.DataFrame" = field(repr=False)
    accounts: "pd.DataFrame" = field(repr=False)
    surplus: "pd.DataFrame" = field(repr=False)
    activity_summary: "pd.DataFrame" = field(repr=False)
    reconciliation: "pd.DataFrame" = field(repr=False)
    neutral: "pd.DataFrame" = field(repr=False)
    risk: "pd.DataFrame" = field(repr=False)
    cash: "pd.DataFrame" = field(repr=False)
    provenance: Mapping[str, object] = field(repr=False)
