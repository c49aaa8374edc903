"""What kernels look prices up in, for any number of terms at once, and how they do."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.jit import inlined
from paysim.model.system import System
from paysim.payment.arithmetic import spell_pence
from paysim.payment.classes import Classes, in_scope
from paysim.payment.prices import UNPRICED, Priced
from paysim.payment.scopes import periods_within, steps_within


class PriceTables(NamedTuple):
    """Prices, factors and scopes by the number of the term that has them.

    The terms that cover a service and class of residents stand in `covering`, from the first of their two `offsets` to
    before the second. `rates` are by currency, code and `table`, which is by term; `pays` says of each table which
    currencies it pays for. `factor` is by term and financial year, `in_pathway` by term and step, `in_period` by term
    and period.
    """

    offsets: NDArray[np.int64]
    covering: NDArray[np.int64]
    table: NDArray[np.int64]
    rates: NDArray[np.int64]
    pays: NDArray[np.bool_]
    factor: NDArray[np.int64]
    in_pathway: NDArray[np.bool_]
    in_period: NDArray[np.bool_]


def price_tables(system: System, classes: Classes, priced: Sequence[Priced], periods: int) -> PriceTables:
    """Return the tables of some terms, one at least."""
    # Contracts share their rates: each is stacked once.
    tables = {id(each.rates): each.rates for each in priced}
    numbers = {key: number for number, key in enumerate(tables)}
    return PriceTables(
        *_covering(system, classes, priced),
        table=np.array([numbers[id(each.rates)] for each in priced], dtype=np.int64),
        rates=np.stack([rates.side_by_side() for rates in tables.values()], axis=2),
        pays=np.stack([rates.pays() for rates in tables.values()]),
        factor=np.array([each.factors for each in priced], dtype=np.int64),
        in_pathway=np.stack([steps_within(system, each.contract.scope) for each in priced]),
        in_period=np.stack([periods_within(each.contract.scope, periods) for each in priced]),
    )


def _covering(
    system: System, classes: Classes, priced: Sequence[Priced]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which terms cover each service and class, as offsets (services, classes, 2) into a list."""
    services = {service: index for index, service in enumerate(system.service_ids)}
    cells: list[list[int]] = [[] for _ in range(len(services) * len(classes))]
    for index, each in enumerate(priced):
        inside = np.flatnonzero(in_scope(classes, system.population, each.contract.scope)).tolist()
        for service in dict.fromkeys(each.contract.scope.services):
            for group in inside:
                cells[services[service] * len(classes) + group].append(index)
    starts = np.cumsum([0] + [len(cell) for cell in cells])
    table = np.stack([starts[:-1], starts[1:]], axis=1).reshape(len(services), len(classes), 2)
    return table.astype(np.int64), np.array([index for cell in cells for index in cell], dtype=np.int64)


@inlined
def price_of_spell(
    rates: NDArray[np.int64], currency: int, code: int, table: int, length_of_stay: int, factor: int
) -> int:
    """Return what a spell is paid by a table of rates, UNPRICED where it lists no price."""
    pence, short_stay, trim_point, long_stay, addition = rates[currency, code, table]
    if pence == UNPRICED:
        return UNPRICED
    return spell_pence(pence, short_stay, trim_point, long_stay, addition, length_of_stay, factor)
