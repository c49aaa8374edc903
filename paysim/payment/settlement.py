"""Settlement: the same activity paid for under any number of arrangements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import period_labels
from paysim.model.contract import Arrangement, Contract, Term
from paysim.model.errors import InputError
from paysim.model.money import scale_up
from paysim.model.system import System
from paysim.payment.checks import refuse_overflow, rows_by_service_and_place
from paysim.payment.ledger import Ledger
from paysim.payment.lookups import lookups_for
from paysim.payment.prices import Rates, rates_of
from paysim.payment.pricing import Valuation, value
from paysim.payment.terms import PAYMENT, PRICED
from paysim.payment.terms.situation import Situation
from paysim.payment.terms.tariff import in_millionths


@dataclass(frozen=True, eq=False)
class _Flow:
    """One term of one contract, and what must be known of the activity to pay it."""

    contract: Contract
    term: Term
    valuation: Valuation | None


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
    flows = _flows(activity.system, arrangements)
    valuations = [flow.valuation for flow in chain(*flows) if flow.valuation]
    sample = value(activity, lookups, valuations)
    refuse_overflow(ceil(abs(sample).max(initial=0) * activity.weight), 1, "activity weight")
    values = iter(scale_up(sample, activity.weight))
    return tuple(_ledger(activity, *pair, values) for pair in zip(arrangements, flows, strict=True))


def _flows(system: System, arrangements: Sequence[Arrangement]) -> list[list[_Flow]]:
    """Return the flows of each arrangement; contracts with the same price tables share their rates."""
    known: dict[tuple[int, ...], tuple[Rates | None, ...]] = {}

    def rates(contract: Contract) -> tuple[Rates | None, ...]:
        tables = tuple(id(term.prices) if isinstance(term, PRICED) else 0 for term in contract.terms)
        if tables not in known:
            known[tables] = rates_of(system, contract)
        return known[tables]

    return [
        [
            _Flow(contract, term, _valuation(system, contract, term, of_term))
            for contract in arrangement.contracts
            for term, of_term in zip(contract.terms, rates(contract), strict=True)
        ]
        for arrangement in arrangements
    ]


def _valuation(system: System, contract: Contract, term: Term, rates: Rates | None) -> Valuation | None:
    if rates is None or not isinstance(term, PRICED):
        return None
    factor = system.organisations[contract.payee].market_forces_factor if term.market_forces_factor else 1.0
    return Valuation(contract, rates, in_millionths(factor))


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
    activity: Activity, arrangement: Arrangement, flows: Sequence[_Flow], values: Iterator[NDArray[np.int64]]
) -> Ledger:
    """Return the ledger of one arrangement; takes one of `values` for each flow that has a valuation."""
    system, periods = activity.system, activity.periods
    amounts = np.zeros((len(flows), periods), dtype=np.int64)
    for number, flow in enumerate(flows):
        situation = Situation(system, flow.contract, periods, next(values) if flow.valuation else None)
        amounts[number] = PAYMENT[type(flow.term)](flow.term, situation)
    refuse_overflow(sum(map(abs, amounts.ravel().tolist())), 1, f"arrangement {arrangement.id}")
    return Ledger(
        arrangement=arrangement.id,
        organisations=tuple(system.organisations),
        periods=period_labels(system.start, periods),
        period=np.tile(np.arange(periods, dtype=np.int16), len(flows)),
        payer=_repeated([flow.contract.payer for flow in flows], periods),
        payee=_repeated([flow.contract.payee for flow in flows], periods),
        contract=_repeated([flow.contract.id for flow in flows], periods),
        term=_repeated([flow.term.id for flow in flows], periods),
        amount_pence=amounts.ravel(),
    )


def _repeated(labels: list[str], times: int) -> NDArray[np.str_]:
    return np.repeat(np.array(labels, dtype=np.str_), times)
