"""Ledger: every money flow under an arrangement, in integer pence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import labels_from
from paysim.payment.terms.seen import Paid

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Ledger:
    """What each contract and term pays in each period; zero amounts are there too.

    One row a contract, term, flow and period, in that order; a term may make several flows. `organisations` are all of
    the system's, in its order, whether money flows to them or not; `periods` are the months' names. `period` is the
    month that a payment is for, `due` the number of the month in which the money moves, which may be after the last
    one. `by_row` are those of the flows that pay row by row. `origin` tells what activity it pays for, see
    `Activity.origin`; empty where that is not known.
    """

    arrangement: str
    organisations: tuple[str, ...]
    periods: tuple[str, ...]
    period: NDArray[np.int16] = field(repr=False)
    payer: NDArray[np.str_] = field(repr=False)
    payee: NDArray[np.str_] = field(repr=False)
    contract: NDArray[np.str_] = field(repr=False)
    term: NDArray[np.str_] = field(repr=False)
    amount_pence: NDArray[np.int64] = field(repr=False)
    due: NDArray[np.int16] = field(repr=False)
    by_row: tuple[Paid, ...] = field(default=(), repr=False)
    origin: Mapping[str, object] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.amount_pence)

    def received(self) -> NDArray[np.int64]:
        """Return what each organisation is paid, in pence: shape (organisations, periods)."""
        return self._by_organisation(self.payee, self.period, len(self.periods))

    def paid(self) -> NDArray[np.int64]:
        """Return what each organisation pays, in pence: shape (organisations, periods)."""
        return self._by_organisation(self.payer, self.period, len(self.periods))

    def balance(self) -> NDArray[np.int64]:
        """Return received minus paid, in pence: shape (organisations, periods). Every column sums to zero."""
        return self.received() - self.paid()

    def cash(self) -> NDArray[np.int64]:
        """Return received minus paid by the month in which money moves, in pence: shape (organisations, months).

        The months go on after the last period to the last in which anything is due. Every column sums to zero.
        """
        months = len(self.months())
        return self._by_organisation(self.payee, self.due, months) - self._by_organisation(self.payer, self.due, months)

    def months(self) -> tuple[str, ...]:
        """Return the names of the months of `cash`: the periods, and those after them in which something is due."""
        if not self.periods:
            return ()
        return labels_from(self.periods[0], max(len(self.periods), int(self.due.max(initial=-1)) + 1))

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

    def cash_frame(self) -> "pd.DataFrame":
        """Return `cash` as a table: month ('2018-06'), organisation, cash_pence."""
        import pandas as pd

        organisations, months = len(self.organisations), self.months()
        return pd.DataFrame(
            {
                "month": np.repeat(np.array(months), organisations),
                "organisation": np.tile(np.array(self.organisations), len(months)),
                "cash_pence": self.cash().T.ravel(),
            }
        )

    def by_organisation(self) -> "pd.DataFrame":
        """Return both sides of every flow: period, due, organisation, contract, term and received, paid and net pence.

        One row for each period and each organisation that a contract's term moves money to or from, and `due`, the
        month in which it moves. `net_pence`, received less paid, sums to zero over the organisations of each period,
        contract and term, and over those of each month due.
        """
        import pandas as pd

        nothing = np.zeros_like(self.amount_pence)
        sides = [(self.payee, self.amount_pence, nothing), (self.payer, nothing, self.amount_pence)]
        keys = ["number", "month", "organisation", "contract", "term"]
        entries = pd.concat(
            [
                pd.DataFrame(
                    {
                        "number": self.period,
                        "month": self.due,
                        "organisation": pd.Categorical(party, categories=self.organisations),
                        "contract": self.contract,
                        "term": self.term,
                        "received_pence": received,
                        "paid_pence": paid,
                    }
                )
                for party, received, paid in sides
            ]
        )
        table = entries.groupby(keys, sort=True, observed=True).sum().reset_index()
        table.insert(0, "period", np.array(self.periods)[table.pop("number")])
        table.insert(1, "due", np.array(self.months())[table.pop("month")])
        return table.assign(
            organisation=table["organisation"].astype(str), net_pence=table["received_pence"] - table["paid_pence"]
        )

    def _by_organisation(self, party: NDArray[np.str_], month: NDArray[np.int16], months: int) -> NDArray[np.int64]:
        table = np.zeros((len(self.organisations), months), dtype=np.int64)
        index = {organisation: number for number, organisation in enumerate(self.organisations)}
        rows = np.array([index[organisation] for organisation in party.tolist()], dtype=np.int64)
        np.add.at(table, (rows, month), self.amount_pence)
        return table
