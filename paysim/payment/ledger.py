"""Ledger: every money flow under an arrangement, in integer pence."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Ledger:
    """What each contract and term pays in each period; zero amounts are there too.

    One row a contract, term, payer, payee and period, in that order. `organisations` are all of the system's, in its
    order, whether money flows to them or not; `periods` are the months' names. `period` is the month that a payment is
    for, `due` the number of the month in which the money moves, which may be after the last one.
    """

    arrangement: str
    organisations: tuple[str, ...]
    periods: tuple[str, ...]
    period: NDArray[np.int16]
    payer: NDArray[np.str_]
    payee: NDArray[np.str_]
    contract: NDArray[np.str_]
    term: NDArray[np.str_]
    amount_pence: NDArray[np.int64]
    due: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.amount_pence)

    def received(self) -> NDArray[np.int64]:
        """Return what each organisation is paid, in pence: shape (organisations, periods)."""
        return self._by_organisation(self.payee)

    def paid(self) -> NDArray[np.int64]:
        """Return what each organisation pays, in pence: shape (organisations, periods)."""
        return self._by_organisation(self.payer)

    def balance(self) -> NDArray[np.int64]:
        """Return received minus paid, in pence: shape (organisations, periods). Every column sums to zero."""
        return self.received() - self.paid()

    def total(self) -> int:
        """Return the sum of all flows in pence; money that passes through a lead provider counts at each flow."""
        return int(self.amount_pence.sum())

    def to_frame(self) -> "pd.DataFrame":
        """Return the flows as a table: period ('2017-04'), payer, payee, contract, term, amount_pence."""
        import pandas as pd

        return pd.DataFrame(
            {
                "period": np.array(self.periods)[self.period],
                "payer": self.payer,
                "payee": self.payee,
                "contract": self.contract,
                "term": self.term,
                "amount_pence": self.amount_pence,
            }
        )

    def _by_organisation(self, party: NDArray[np.str_]) -> NDArray[np.int64]:
        table = np.zeros((len(self.organisations), len(self.periods)), dtype=np.int64)
        index = {organisation: number for number, organisation in enumerate(self.organisations)}
        rows = np.array([index[organisation] for organisation in party.tolist()], dtype=np.int64)
        np.add.at(table, (rows, self.period), self.amount_pence)
        return table
