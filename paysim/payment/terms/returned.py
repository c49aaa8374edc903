"""What a term's function returned, checked once before a ledger takes it."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from paysim.model.terms import Term
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.seen import ByRow, Flow, Pence, Seen, share_of_each

LAST_MONTH = int(np.iinfo(np.int16).max)
"""The last month that a ledger has a number for."""


def flows_of(returned: object, term: Term, seen: Seen) -> list[Flow]:
    """Return the flows that a term's function returned in a list, or yields.

    Raises InputError for whatever is none, and for a flow without whole pence by month, between organisations that the
    system does not have, or not due a whole number of months later, and for one by row whose pence are not its rows'.
    """
    if not isinstance(returned, Iterable):
        found = f"found {type(returned).__name__} in place of flows"
        raise refusal(term, seen.contract, found, "expected a list of Flow")
    return [_taken(flow, term, seen) for flow in returned]


def _taken(flow: object, term: Term, seen: Seen) -> Flow:
    """Return a flow with an array of its own: who yields flows may go on with theirs."""
    if not isinstance(flow, Flow):
        found = f"found {type(flow).__name__} among its flows"
        raise refusal(term, seen.contract, found, "expected Flow alone")
    if problem := _problem(flow, seen):
        raise refusal(term, seen.contract, *problem)
    return replace(flow, pence=flow.pence.astype(np.int64), due=int(flow.due))


def _problem(flow: Flow, seen: Seen) -> tuple[str, str] | None:
    """Return what was found and what was expected if a flow cannot stand in a ledger, else None."""
    organisations = seen.system.organisations
    for direction, party in (("from", flow.payer), ("to", flow.payee)):
        if not isinstance(party, str) or party not in organisations:
            return f"found a flow {direction} {party!r}", f"expected one of {', '.join(organisations)}"
    if not isinstance(flow.pence, np.ndarray) or flow.pence.dtype.kind != "i" or flow.pence.shape != (seen.periods,):
        whole = f"expected whole pence: an array of integers, one for each of {seen.periods} months"
        return f"found pence as {_in_words(flow.pence)}", whole
    latest = LAST_MONTH - seen.periods
    if isinstance(flow.due, bool) or not isinstance(flow.due, int | np.integer) or not 0 <= flow.due <= latest:
        return f"found a flow due {flow.due!r} months later", f"expected a whole number of months from 0 to {latest}"
    if flow.by_row is not None and not _adds_up(flow.pence, flow.by_row, seen):
        expected = "expected the flow that seen.by_row returns as it is, or one made by seen.to_payee"
        return "found a flow by row whose pence are not those of its rows", expected
    return None


def _adds_up(pence: Pence, by_row: ByRow, seen: Seen) -> bool:
    value = seen.values.get(by_row.prices_of)
    return value is not None and np.array_equal(pence, share_of_each(value, by_row.share))


def _in_words(pence: object) -> str:
    if not isinstance(pence, np.ndarray):
        return type(pence).__name__
    return f"an array of {' x '.join(map(str, pence.shape))} {pence.dtype}"
