"""Settlement: the same activity paid for under any number of arrangements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import ceil

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import period_labels
from paysim.model.contract import Arrangement, Contract
from paysim.model.errors import InputError
from paysim.model.money import scale_up
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.payment.checks import refuse_overflow, rows_by_service_and_place
from paysim.payment.costs import costs
from paysim.payment.ledger import Ledger
from paysim.payment.lookups import lookups_for
from paysim.payment.prices import rates_of
from paysim.payment.pricing import Priced, value
from paysim.payment.terms import PAYMENT
from paysim.payment.terms.seen import Paid, Pence, Seen


@dataclass(frozen=True, eq=False)
class _Asked:
    """A term that has prices, and the contract that it stands in."""

    contract: Contract
    term: Term
    priced: Priced


def settle(activity: Activity, arrangement: Arrangement) -> Ledger:
    """Return every money flow that an arrangement makes of an activity; see `settle_many`."""
    return settle_many(activity, [arrangement])[0]


def settle_many(activity: Activity, arrangements: Sequence[Arrangement]) -> tuple[Ledger, ...]:
    """Return the ledger of each arrangement, from one pass over the activity's rows.

    A step is paid in the period of its end, a spell in that of its discharge, whole. What depends on activity is
    added up in pence, multiplied by the activity's weight and rounded once a contract, term and period; blocks and
    capitation are for the whole population and are not scaled.

    Raises InputError where activity lies outside every contract of an arrangement, lacks a price, or does not belong
    to the system, where an amount is still to be set, and where a sum might not fit into 64 bits.
    """
    lookups = lookups_for(activity)
    rows = rows_by_service_and_place(activity, lookups)
    for arrangement in arrangements:
        _refuse_uncovered(activity.system, arrangement, rows)
    asked = [_asked(activity.system, arrangement) for arrangement in arrangements]
    sample = value(activity, lookups, [each.priced for each in chain(*asked)])
    refuse_overflow(ceil(abs(sample).max(initial=0) * activity.weight), 1, "activity weight")
    values = iter(scale_up(sample, activity.weight))
    cost = cache(lambda: _cost_of_services(activity))
    return tuple(
        _ledger(activity, arrangement, {(each.contract.id, each.term.id): next(values) for each in of_it}, cost)
        for arrangement, of_it in zip(arrangements, asked, strict=True)
    )


def _asked(system: System, arrangement: Arrangement) -> list[_Asked]:
    """Return the arrangement's terms that have prices."""
    return [
        _Asked(contract, term, Priced(contract, rates, factors))
        for contract in arrangement.contracts
        for term, rates, factors in rates_of(system, contract)
    ]


def _cost_of_services(activity: Activity) -> Mapping[str, Pence]:
    cost = costs(activity)
    return dict(zip(cost.services, cost.pence.T, strict=True))


def _refuse_uncovered(system: System, arrangement: Arrangement, rows: NDArray[np.int64]) -> None:
    """Raise InputError where activity lies outside the scope of every contract."""
    uncovered = rows.copy()
    services, places = list(system.service_ids), list(system.population.places)
    for contract in arrangement.contracts:
        scope = contract.scope
        uncovered[np.ix_([services.index(s) for s in scope.services], [places.index(p) for p in scope.places])] = 0
    if uncovered.any():
        service, place = np.argwhere(uncovered)[0]
        raise InputError(
            "",
            f"arrangement {arrangement.id}",
            f"found {uncovered.sum()} of {rows.sum()} rows of activity outside the scope of its contracts, such as "
            f"{uncovered[service, place]} at service {services[service]} for residents of {places[place]}",
            "expected contracts that cover every service and place with activity",
        )


def _ledger(
    activity: Activity,
    arrangement: Arrangement,
    values: Mapping[tuple[str, str], Pence],
    cost: Callable[[], Mapping[str, Pence]],
) -> Ledger:
    """Return the ledger of one arrangement: its terms evaluated one after the other."""
    system, periods = activity.system, activity.periods
    paid: list[Paid] = []
    for contract in arrangement.contracts:
        own = {term.id: values[contract.id, term.id] for term in contract.terms if (contract.id, term.id) in values}
        for term in contract.terms:
            seen = Seen(system, contract, periods, own, tuple(paid), activity, cost)
            paid.extend(Paid(contract.id, term.id, flow) for flow in PAYMENT[type(term)](term, seen))
    amounts = np.array([each.flow.pence for each in paid], dtype=np.int64).reshape(len(paid), periods)
    refuse_overflow(sum(map(abs, amounts.ravel().tolist())), 1, f"arrangement {arrangement.id}")
    due = np.array([each.flow.due for each in paid], dtype=np.int16)
    return Ledger(
        arrangement=arrangement.id,
        organisations=tuple(system.organisations),
        periods=period_labels(system.start, periods),
        period=np.tile(np.arange(periods, dtype=np.int16), len(paid)),
        payer=_repeated([each.flow.payer for each in paid], periods),
        payee=_repeated([each.flow.payee for each in paid], periods),
        contract=_repeated([each.contract for each in paid], periods),
        term=_repeated([each.term for each in paid], periods),
        amount_pence=amounts.ravel(),
        due=np.tile(np.arange(periods, dtype=np.int16), len(paid)) + np.repeat(due, periods),
    )


def _repeated(labels: list[str], times: int) -> NDArray[np.str_]:
    return np.repeat(np.array(labels, dtype=np.str_), times)
