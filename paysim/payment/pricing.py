"""What activity comes to at a contract's prices, for any number of contracts in one pass over the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.contract import Contract
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.payment.checks import refuse_overflow
from paysim.payment.lookups import DAY, NONE, STEP, Lookups, place_at
from paysim.payment.prices import UNPRICED, Rates
from paysim.payment.spells import Spells, assemble_spells
from paysim.payment.terms.tariff import MILLIONTHS, day_pence, spell_pence, step_pence

_ROWS_AT_A_TIME = 1 << 23
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""


@dataclass(frozen=True, eq=False)
class Valuation:
    """The question what the activity in a contract's scope comes to at these rates.

    `market_forces_factor` is in millionths.
    """

    contract: Contract
    rates: Rates
    market_forces_factor: int


def value(activity: Activity, lookups: Lookups, valuations: Sequence[Valuation]) -> NDArray[np.int64]:
    """Return the answers in pence: shape (valuations, periods), before scaling to the population.

    A step counts in the period of its end, a spell in that of its discharge. Raises InputError where a rate is
    missing that the activity calls for, or a sum might not fit into 64 bits.
    """
    values = np.zeros((len(valuations), activity.periods), dtype=np.int64)
    if not valuations or not len(activity):
        return values
    spells = assemble_spells(activity, lookups)
    # Contracts share price tables: each is stacked once.
    tables = list({id(valuation.rates): valuation.rates for valuation in valuations}.values())
    numbers = {id(rates): number for number, rates in enumerate(tables)}
    table = np.array([numbers[id(valuation.rates)] for valuation in valuations], dtype=np.int64)
    _refuse_overflow(activity, spells, valuations, tables, table)
    offsets, covering = _valuations_by_cell(activity.system, valuations)
    pence = np.stack([rates.pence for rates in tables])
    factor = np.array([v.market_forces_factor for v in valuations], dtype=np.int64)
    unpriced_row, unpriced_spell = np.full((2, len(valuations)), NONE, dtype=np.int64)
    for first in range(0, len(activity), _ROWS_AT_A_TIME):
        _value_steps(
            first,
            min(first + _ROWS_AT_A_TIME, len(activity)),
            activity.resident,
            activity.step,
            activity.service,
            activity.code,
            activity.start,
            activity.stay,
            lookups.place_of_block,
            lookups.place_of_resident,
            lookups.currency_of_step,
            lookups.counted_of_step,
            lookups.period_of_day,
            offsets,
            covering,
            table,
            pence,
            factor,
            values,
            unpriced_row,
        )
    _value_spells(
        spells.place,
        spells.service,
        spells.currency,
        spells.code,
        spells.discharge,
        spells.length_of_stay,
        lookups.period_of_day,
        offsets,
        covering,
        table,
        pence,
        np.stack([rates.trim_point for rates in tables]),
        np.stack([rates.long_stay for rates in tables]),
        factor,
        values,
        unpriced_spell,
    )
    for index, valuation in enumerate(valuations):
        if (row := unpriced_row[index]) != NONE:
            _refuse_unpriced(activity, valuation, lookups.currency_of_step[activity.step[row]], activity.code[row])
        if (row := unpriced_spell[index]) != NONE:
            _refuse_unpriced(activity, valuation, spells.currency[row], spells.code[row])
    return values


def _valuations_by_cell(system: System, valuations: Sequence[Valuation]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which valuations cover each service and place, as offsets (services, places + 1) into a list."""
    services = {service: index for index, service in enumerate(system.service_ids)}
    places = {place: index for index, place in enumerate(system.population.places)}
    cells: list[list[int]] = [[] for _ in range(len(services) * len(places))]
    for index, valuation in enumerate(valuations):
        scope = valuation.contract.scope
        for service in set(scope.services):
            for place in set(scope.places):
                cells[services[service] * len(places) + places[place]].append(index)
    starts = np.cumsum([0] + [len(cell) for cell in cells])
    table = np.stack([starts[:-1], starts[1:]], axis=1).reshape(len(services), len(places), 2)
    return table.astype(np.int64), np.array([index for cell in cells for index in cell], dtype=np.int64)


def _refuse_overflow(
    activity: Activity,
    spells: Spells,
    valuations: Sequence[Valuation],
    tables: Sequence[Rates],
    table: NDArray[np.int64],
) -> None:
    longest = int(activity.stay.max()) + 1 + int(spells.length_of_stay.max(initial=0))
    units = len(activity) + len(spells)
    largest_of_table = [rates.largest(longest) for rates in tables]
    for valuation, number in zip(valuations, table.tolist(), strict=True):
        largest = largest_of_table[number] * valuation.market_forces_factor
        what = f"contract {valuation.contract.id}"
        refuse_overflow(2 * (largest + MILLIONTHS), 1, what)
        refuse_overflow(largest // MILLIONTHS + 1, units, what)


def _refuse_unpriced(activity: Activity, valuation: Valuation, currency: int, code: int) -> None:
    system = activity.system
    name = list(system.currencies)[currency]
    recorded = f"code {system.codes[code]}" if code != NONE else "no code"
    raise InputError(
        "",
        f"contract {valuation.contract.id}",
        f"found activity in currency {name} with {recorded}, which none of its terms pays for",
        "expected a price in its price tables, or a term without prices",
    )


@kernel
def _value_steps(
    first: int,
    last: int,
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    place_of_block: NDArray[np.int16],
    place_of_resident: NDArray[np.int16],
    currency_of_step: NDArray[np.int16],
    counted_of_step: NDArray[np.int8],
    period_of_day: NDArray[np.int16],
    offsets: NDArray[np.int64],
    covering: NDArray[np.int64],
    table: NDArray[np.int64],
    pence: NDArray[np.int64],
    factor: NDArray[np.int64],
    values: NDArray[np.int64],
    unpriced: NDArray[np.int64],
) -> None:
    """Add the value of every row from `first` to before `last` that is paid by the step or day.

    A row without price is left, by valuation, in `unpriced`.
    """
    for row in range(first, last):
        counted = counted_of_step[step[row]]
        if counted != STEP and counted != DAY:
            continue
        place = place_at(resident[row], place_of_block, place_of_resident)
        currency = currency_of_step[step[row]]
        end_day = int(np.floor(start[row] + stay[row]))
        midnights = end_day - int(np.floor(start[row]))
        for at in range(offsets[service[row], place, 0], offsets[service[row], place, 1]):
            valuation = covering[at]
            # Code -1 (no code) is the last column.
            price = pence[table[valuation], currency, code[row]]
            if price == UNPRICED:
                unpriced[valuation] = row
            elif counted == STEP:
                values[valuation, period_of_day[end_day]] += step_pence(price, factor[valuation])
            else:
                values[valuation, period_of_day[end_day]] += day_pence(price, midnights, factor[valuation])


@kernel
def _value_spells(
    place: NDArray[np.int16],
    service: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    discharge: NDArray[np.float64],
    length_of_stay: NDArray[np.int64],
    period_of_day: NDArray[np.int16],
    offsets: NDArray[np.int64],
    covering: NDArray[np.int64],
    table: NDArray[np.int64],
    pence: NDArray[np.int64],
    trim_point: NDArray[np.int64],
    long_stay: NDArray[np.int64],
    factor: NDArray[np.int64],
    values: NDArray[np.int64],
    unpriced: NDArray[np.int64],
) -> None:
    """Add the value of every spell that has a currency; leave a spell without price, by valuation, in `unpriced`."""
    for spell in range(len(place)):
        if currency[spell] == NONE:
            continue
        period = period_of_day[int(np.floor(discharge[spell]))]
        for at in range(offsets[service[spell], place[spell], 0], offsets[service[spell], place[spell], 1]):
            valuation = covering[at]
            unit = (table[valuation], currency[spell], code[spell])
            if pence[unit] == UNPRICED:
                unpriced[valuation] = spell
            else:
                values[valuation, period] += spell_pence(
                    pence[unit], trim_point[unit], long_stay[unit], length_of_stay[spell], factor[valuation]
                )
