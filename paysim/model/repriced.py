"""A system with other prices: in its price tables, and in the terms that pay by them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from paysim.model.errors import InputError, refuse_other
from paysim.model.price import PriceTable
from paysim.model.system import System
from paysim.model.terms import Term


def with_prices(system: System, *tables: PriceTable) -> System:
    """Return the system with these price tables in place of those of their ids, also in all terms that pay by them.

    Raises InputError for a table of an id that the system has no prices of.
    """
    refuse_other("system", system, System, "expected a System, as load returns it")
    for table in tables:
        refuse_other("prices", table, PriceTable, "expected a PriceTable, as system.prices has them")
        if table.id not in system.prices:
            raise InputError("", "prices", f"found {table.id!r}", f"expected one of {', '.join(system.prices)}")
    others = {table.id: table for table in tables}
    arrangements = {
        id: replace(
            arrangement,
            contracts=tuple(
                replace(contract, terms=tuple(_with_prices(term, others) for term in contract.terms))
                for contract in arrangement.contracts
            ),
        )
        for id, arrangement in system.arrangements.items()
    }
    return replace(system, prices={**system.prices, **others}, arrangements=arrangements)


def _with_prices(term: Term, others: Mapping[str, PriceTable]) -> Term:
    changes: dict[str, Any] = {
        name: others[table.id] for name, table in term.price_tables().items() if table.id in others
    }
    return replace(term, **changes) if changes else term
