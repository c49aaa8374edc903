"""What single rows were paid: the part of a ledger that pays row by row, row by row."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import years_of
from paysim.model.contract import Arrangement
from paysim.model.money import scale_up
from paysim.payment.by_row import VALUE, values_by_row
from paysim.payment.ledger import Ledger
from paysim.payment.prices import Priced, priced_terms
from paysim.payment.survey import Survey
from paysim.payment.terms.seen import WHOLE, ByRow, Paid, Pence, share_of_each


@dataclass(frozen=True, eq=False)
class PaidRows:
    """What each row was paid by each of some `flows`: `flow` is a number of theirs, `row` one in the activity.

    Over the rows of a flow and `period` the pence add up to those of the flow. A spell of several rows stands with its
    last one, and has the code that it is priced by.
    """

    flows: tuple[Paid, ...]
    flow: NDArray[np.int32]
    row: NDArray[np.int64]
    code: NDArray[np.int16]
    period: NDArray[np.int16]
    pence: NDArray[np.int64]


def paid_rows(activity: Activity, survey: Survey, arrangement: Arrangement, ledger: Ledger) -> PaidRows:
    """Return what an arrangement's ledger paid for each row, flow after flow, as far as it pays row by row.

    Where a flow pays a share, or is scaled up from a sample, rows are rounded by the running total of their month, in
    the order of the activity: so they add up to what the flow pays, which is rounded once.
    """
    priced = _asked_about(activity, arrangement, ledger)
    values = np.concatenate([np.empty(0, VALUE), *values_by_row(activity, survey, list(priced.values()))])
    order = np.lexsort((values["row"], values["period"], values["term"]))
    starts = np.searchsorted(values["term"][order], np.arange(len(priced) + 1))
    of_term = {place: order[slice(*span)] for place, span in zip(priced, pairwise(starts), strict=True)}
    chosen = [of_term[_valued_under(paid)] for paid in ledger.by_row]
    shares = [
        _in_turn(values["pence"][at], values["period"][at], activity.weight, _by_row(paid).share)
        for paid, at in zip(ledger.by_row, chosen, strict=True)
    ]
    paid_for = values[np.concatenate([np.empty(0, np.int64), *chosen])]
    return PaidRows(
        flows=ledger.by_row,
        flow=np.repeat(np.arange(len(chosen), dtype=np.int32), [len(at) for at in chosen]),
        row=paid_for["row"],
        code=paid_for["code"],
        period=paid_for["period"],
        pence=np.concatenate([np.empty(0, np.int64), *shares]),
    )


def _by_row(paid: Paid) -> ByRow:
    assert paid.flow.by_row is not None
    return paid.flow.by_row


def _valued_under(paid: Paid) -> tuple[str, str]:
    """Return the contract and the term whose prices a flow pays by."""
    return paid.contract, _by_row(paid).prices_of


def _asked_about(activity: Activity, arrangement: Arrangement, ledger: Ledger) -> dict[tuple[str, str], Priced]:
    """Return the terms whose prices a ledger pays by, by contract and term."""
    wanted = {_valued_under(paid) for paid in ledger.by_row}
    priced = priced_terms(activity.system, arrangement.contracts, years_of(activity.periods))
    places = [(each.contract.id, each.term.id) for each in priced]
    return {place: each for place, each in zip(places, priced, strict=True) if place in wanted}


def _in_turn(pence: Pence, period: NDArray[np.int16], weight: float, share: Fraction) -> Pence:
    """Return what is paid for each value: the difference that it makes to its month's total so far, which is rounded.

    Values come month by month.
    """
    if weight == 1.0 and share == WHOLE:
        return pence
    total = np.cumsum(pence)
    first = np.flatnonzero(np.diff(period, prepend=-1))
    before = np.repeat(total[first] - pence[first], np.diff(first, append=len(pence)))
    paid = share_of_each(scale_up(total - before, weight), share)
    found = np.diff(paid, prepend=0)
    found[first] = paid[first]
    return found
