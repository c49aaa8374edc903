"""What single rows of activity come to at the prices of any number of terms."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.payment.classes import class_at
from paysim.payment.lookups import DAY, NONE, STEP
from paysim.payment.price_tables import PriceTables, price_of_spell, price_tables
from paysim.payment.prices import UNPRICED, Priced, a_unit
from paysim.payment.readmissions import readmitted, rule_for
from paysim.payment.spells import spells_of_piece
from paysim.payment.survey import Survey

_ROWS_AT_A_TIME = 1 << 20


VALUE = np.dtype([("row", "int64"), ("pence", "int64"), ("term", "int32"), ("code", "int16"), ("period", "int16")])
"""What a row comes to under a term: `pence`, not scaled and never 0.

`row` is a number in the activity and `term` one in the sequence that was asked about; `period` is the month that
counts. A spell stands with its last row, in the month of its discharge, and has the code that it is priced by.
"""

Values = NDArray[np.void]


def values_by_row(activity: Activity, survey: Survey, priced: Sequence[Priced]) -> Iterator[Values]:
    """Yield what rows come to under each term, some of the rows at a time.

    It adds up to what `paysim.payment.pricing.value` gives by period, which refuses what cannot be priced.
    """
    if not priced or not len(activity):
        return
    tables = price_tables(activity.system, survey.classes, priced, activity.periods)
    yield from _of_steps(activity, survey, priced, tables)
    yield from _of_spells(activity, survey, priced, tables)


def _of_steps(activity: Activity, survey: Survey, priced: Sequence[Priced], tables: PriceTables) -> Iterator[Values]:
    """Yield what is paid by the step or day."""
    # Terms share their rates, and most of their factors.
    keys = [(id(each.rates), each.factors, each.valuation.readmissions is None) for each in priced]
    distinct = dict(zip(keys, priced, strict=True))
    years = range(tables.factor.shape[1])
    unit = np.stack([[a_unit(each, year) for year in years] for each in distinct.values()])
    numbers = {key: number for number, key in enumerate(distinct)}
    unit_of_term = np.array([numbers[key] for key in keys], dtype=np.int64)
    for first in range(0, len(activity), _ROWS_AT_A_TIME):
        rows = slice(first, first + _ROWS_AT_A_TIME)
        values = _room(survey, tables, activity.service[rows], activity.resident[rows])
        number = _value_steps(
            first,
            activity.resident[rows],
            activity.step[rows],
            activity.service[rows],
            activity.code[rows],
            activity.start[rows],
            activity.stay[rows],
            survey.classes.of_block,
            survey.classes.of_resident,
            survey.lookups.currency_of_step,
            survey.lookups.counted_of_step,
            survey.lookups.period_of_day,
            tables.offsets,
            tables.covering,
            unit,
            unit_of_term,
            tables.in_pathway,
            tables.in_period,
            values,
        )
        yield values[:number].copy()


def _of_spells(activity: Activity, survey: Survey, priced: Sequence[Priced], tables: PriceTables) -> Iterator[Values]:
    """Yield what is paid by the spell, for some of the residents at a time."""
    # Most terms ask nothing: all spells count.
    asked = tuple(dict.fromkeys([None, *(each.valuation.readmissions for each in priced)]))
    rules = {number: rule_for(activity.system, each) for number, each in enumerate(asked) if each is not None}
    question = np.array([asked.index(each.valuation.readmissions) for each in priced], dtype=np.int64)
    for piece in range(len(survey.admitted)):
        spells = spells_of_piece(survey.lookups, survey.admitted, piece)
        counts = np.ones((len(asked), len(spells)), dtype=np.bool_)
        for number, rule in rules.items():
            counts[number] = readmitted(spells, rule)
        values = _room(survey, tables, spells.service, spells.resident)
        number = _value_spells(
            spells.last_row,
            spells.resident,
            spells.step,
            spells.service,
            spells.currency,
            spells.code,
            spells.discharge,
            spells.adjusted_length_of_stay,
            counts,
            question,
            survey.classes.of_block,
            survey.classes.of_resident,
            survey.lookups.period_of_day,
            tables.offsets,
            tables.covering,
            tables.table,
            tables.rates,
            tables.factor,
            tables.in_pathway,
            tables.in_period,
            values,
        )
        yield values[:number].copy()


def _room(survey: Survey, tables: PriceTables, service: NDArray[np.int16], resident: NDArray[np.int32]) -> Values:
    """Return room for a value of each row under each of the terms that cover it."""
    covering = tables.offsets[..., 1] - tables.offsets[..., 0]
    return np.empty(int(covering[service, survey.classes.of_resident[resident]].sum()), dtype=VALUE)


@kernel
def _value_steps(
    first: int,
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    currency_of_step: NDArray[np.int16],
    counted_of_step: NDArray[np.int8],
    period_of_day: NDArray[np.int16],
    offsets: NDArray[np.int64],
    covering: NDArray[np.int64],
    unit: NDArray[np.int64],
    unit_of_term: NDArray[np.int64],
    in_pathway: NDArray[np.bool_],
    in_period: NDArray[np.bool_],
    values: Values,
) -> int:
    """Write what steps and days come to; return how many values there are."""
    number = 0
    for row in range(len(step)):
        counted = counted_of_step[step[row]]
        if counted != STEP and counted != DAY:
            continue
        end_day = int(start[row] + stay[row])
        period = period_of_day[end_day]
        units = end_day - int(np.floor(start[row])) if counted == DAY else 1
        group = class_at(resident[row], class_of_block, class_of_resident)
        for place in range(offsets[service[row], group, 0], offsets[service[row], group, 1]):
            term = covering[place]
            if not (in_pathway[term, step[row]] and in_period[term, period]):
                continue
            year = period // MONTHS_PER_YEAR
            pence = units * unit[unit_of_term[term], year, currency_of_step[step[row]], code[row]]
            if pence != 0:
                value = values[number]
                value["row"], value["code"] = first + row, code[row]
                value["period"], value["term"], value["pence"] = period, term, pence
                number += 1
    return number


@kernel
def _value_spells(
    last_row: NDArray[np.int64],
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    discharge: NDArray[np.float64],
    adjusted_length_of_stay: NDArray[np.int64],
    counts: NDArray[np.bool_],
    question: NDArray[np.int64],
    class_of_block: NDArray[np.int16],
    class_of_resident: NDArray[np.int16],
    period_of_day: NDArray[np.int16],
    offsets: NDArray[np.int64],
    covering: NDArray[np.int64],
    table: NDArray[np.int64],
    rates: NDArray[np.int64],
    factor: NDArray[np.int64],
    in_pathway: NDArray[np.bool_],
    in_period: NDArray[np.bool_],
    values: Values,
) -> int:
    """Write what spells come to; return how many values there are."""
    number = 0
    for spell in range(len(step)):
        if currency[spell] == NONE:
            continue
        period = period_of_day[int(discharge[spell])]
        group = class_at(resident[spell], class_of_block, class_of_resident)
        for place in range(offsets[service[spell], group, 0], offsets[service[spell], group, 1]):
            term = covering[place]
            if not (counts[question[term], spell] and in_pathway[term, step[spell]] and in_period[term, period]):
                continue
            year = period // MONTHS_PER_YEAR
            pence = price_of_spell(
                rates, currency[spell], code[spell], table[term], adjusted_length_of_stay[spell], factor[term, year]
            )
            if pence != 0 and pence != UNPRICED:
                value = values[number]
                value["row"], value["code"] = last_row[spell], code[spell]
                value["period"], value["term"], value["pence"] = period, term, pence
                number += 1
    return number
