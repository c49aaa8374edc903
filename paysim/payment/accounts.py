"""Accounts: what each organisation earns, uses and keeps."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import MONTHS_PER_YEAR, year_labels
from paysim.payment.costs import Costs
from paysim.payment.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Accounts:
    """Money of each organisation and period in pence: arrays of shape (organisations, periods).

    `cost_pence` is the resources that its services used; what it pays to others is not a cost but lowers its income.
    """

    arrangement: str
    organisations: tuple[str, ...]
    periods: tuple[str, ...]
    received_pence: NDArray[np.int64] = field(repr=False)
    paid_pence: NDArray[np.int64] = field(repr=False)
    cost_pence: NDArray[np.int64] = field(repr=False)

    @property
    def income_pence(self) -> NDArray[np.int64]:
        """Received minus paid on."""
        return self.received_pence - self.paid_pence

    @property
    def surplus_pence(self) -> NDArray[np.int64]:
        """Income minus cost."""
        return self.income_pence - self.cost_pence

    def to_frame(self) -> "pd.DataFrame":
        """Return the accounts as a table: period ('2017-04'), organisation, income_pence, cost_pence, surplus_pence."""
        import pandas as pd

        organisations, periods = len(self.organisations), len(self.periods)
        return pd.DataFrame(
            {
                "period": np.repeat(np.array(self.periods), organisations),
                "organisation": np.tile(np.array(self.organisations), periods),
                "income_pence": self.income_pence.T.ravel(),
                "cost_pence": self.cost_pence.T.ravel(),
                "surplus_pence": self.surplus_pence.T.ravel(),
            }
        )

    def by_year(self, pence: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the sums of each financial year, the last as far as it goes: shape (organisations, years)."""
        starts = np.arange(0, pence.shape[1], MONTHS_PER_YEAR)
        return np.add.reduceat(pence, starts, axis=1) if len(starts) else pence

    def affordability(self) -> "pd.DataFrame":
        """Return what each organisation that pays others spends against what it receives, by financial year.

        Columns: year ('2017-18'), organisation, received_pence, paid_pence, cost_pence (of its own services) and
        left_pence: received less paid and cost, below zero where it spends more than it gets. Funders bring money in
        and receive only what is paid back to them, such as a capital charge.
        """
        import pandas as pd

        years = year_labels(self.periods)[::MONTHS_PER_YEAR]
        payers = np.flatnonzero(self.paid_pence.any(axis=1))
        received, paid, cost = (
            self.by_year(pence)[payers].T.ravel() for pence in (self.received_pence, self.paid_pence, self.cost_pence)
        )
        return pd.DataFrame(
            {
                "year": np.repeat(np.array(years, dtype=object), len(payers)),
                "organisation": np.tile(np.array(self.organisations, dtype=object)[payers], len(years)),
                "received_pence": received,
                "paid_pence": paid,
                "cost_pence": cost,
                "left_pence": received - paid - cost,
            }
        )


def accounts(ledger: Ledger, cost: Costs) -> Accounts:
    """Return the accounts of all organisations: the ledger's money beside the cost of each one's services."""
    pence = np.zeros((len(ledger.organisations), len(ledger.periods)), dtype=np.int64)
    owner = [ledger.organisations.index(organisation) for organisation in cost.organisations]
    np.add.at(pence, owner, cost.pence.T)
    return Accounts(
        arrangement=ledger.arrangement,
        organisations=ledger.organisations,
        periods=ledger.periods,
        received_pence=ledger.received(),
        paid_pence=ledger.paid(),
        cost_pence=pence,
    )
