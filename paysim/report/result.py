"""What `paysim.compare` gives back: tidy tables, and a folder with the report and the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from paysim.config import system_of
from paysim.model.system import System
from paysim.report.figures import pictures, write_figures
from paysim.report.html import write_report
from paysim.study.compare import compare as compare_arrangements
from paysim.study.comparison import Comparison
from paysim.study.executor import Progress, silent
from paysim.study.settings import settings_for
from paysim.study.store import write_table
from paysim.study.whole import whole_folder

if TYPE_CHECKING:
    import pandas as pd

_TABLES = ("flows", "accounts", "surplus", "activity_summary", "reconciliation", "neutral", "risk", "cash")


@dataclass(frozen=True, eq=False)
class Result:
    """A comparison of payment arrangements; every table is a pandas DataFrame of one value a row and column.

    Tables are copies: what is done to them changes no result.
    """

    comparison: Comparison

    def accounts(self) -> "pd.DataFrame":
        """Return the accounts: arrangement, replication, period, organisation, income, cost and surplus in pence.

        Income is money received less money paid on; cost is the resources used; surplus is income less cost.
        """
        return self.comparison.accounts.copy()

    def flows(self) -> "pd.DataFrame":
        """Return every money flow: arrangement, replication, period, payer, payee, contract, term, amount_pence."""
        return self.comparison.flows.copy()

    def surplus(self) -> "pd.DataFrame":
        """Return income, cost and surplus by organisation and arrangement, in pounds a year with 95% intervals.

        `difference` is paired to the first arrangement, replication by replication.
        """
        return self.comparison.surplus.copy()

    def risk(self) -> "pd.DataFrame":
        """Return the risk carried: standard deviation and 5th percentile of a year's surplus, in pounds.

        By organisation and arrangement, over replications, with the mean surplus. Few outcomes say little: of fewer
        than 20 years of replications the 5th percentile is near the worst that was seen.
        """
        return self.comparison.risk.copy()

    def cash(self) -> "pd.DataFrame":
        """Return when money moves: arrangement, replication, month, organisation and cash received less paid in pence.

        What is settled after the year moves after it, so months may go on beyond the last period.
        """
        return self.comparison.cash.copy()

    def activity_summary(self) -> "pd.DataFrame":
        """Return counts, rates per head, waits, stays (days) and utilisation by service and place."""
        return self.comparison.activity_summary.copy()

    def reconciliation(self) -> "pd.DataFrame":
        """Return every measure of the config beside its published value."""
        return self.comparison.reconciliation.copy()

    def neutral(self) -> "pd.DataFrame":
        """Return the budget-neutral amounts that were set, in pounds a year, and how surely each is known."""
        return self.comparison.neutral.copy()

    def to_directory(self, folder: str | Path, *, workers: int = 1) -> None:
        """Write all tables (Parquet), figures, report.html and provenance.json.

        Figures are drawn by so many `workers`, processes that change nothing but the time. The folder appears whole or
        not at all. Raises InputError if it holds anything but an earlier result of the same kind.
        """
        with whole_folder(folder, "compare", self.comparison.provenance) as draft:
            for name in _TABLES:
                write_table(getattr(self.comparison, name), draft / f"{name}.parquet")
            drawn = pictures(self.comparison, workers)
            write_figures(drawn, draft / "figures")
            write_report(self.comparison, drawn, draft / "report.html")


def compare(
    system: System | str | Path,
    *,
    arrangements: Sequence[str] | None = None,
    years: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    sample: float | None = None,
    engine: str | None = None,
    workers: int = 1,
    progress: Progress = silent,
) -> Result:
    """Return a paired comparison of payment arrangements over the same simulated activity.

    `system` is a System or the path of its config; what is not given comes from the config's [study]. Each replication
    is simulated once and settled under every arrangement; budget-neutral amounts are set first, on replications of
    their own. The result does not depend on `workers`, the number of processes; more than one start fresh
    interpreters, so a script that asks for them needs the usual `if __name__ == "__main__":`.

    Raises InputError for a config or a setting that cannot be used.
    """
    system = system_of(system)
    settings = settings_for(
        system,
        arrangements=arrangements,
        years=years,
        replications=replications,
        seed=seed,
        sample=sample,
        engine=engine,
    )
    return Result(compare_arrangements(system, settings, workers=workers, progress=progress))
