"""What activity comes to at the prices of any number of terms."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.payment.arithmetic import MILLIONTHS, unit_pence
from paysim.payment.classes import in_scope
from paysim.payment.lookups import DAY, NONE, STEP
from paysim.payment.overflow import LARGEST_PENCE, refuse_overflow
from paysim.payment.price_tables import price_of_spell, price_tables
from paysim.payment.prices import UNPRICED, Priced
from paysim.payment.scopes import periods_within, sorts_within
from paysim.payment.spell_counts import CELL, DAYS, SPELLS, SpellCounts, spell_counts
from paysim.payment.survey import Survey
from paysim.payment.threads import in_threads, shared_out
from paysim.payment.valuation import Readmissions

_PARTS = 2
"""What is paid by the step or day, and what is paid by the spell, are checked apart and then added."""

_LARGEST_PAYMENT = LARGEST_PENCE // (2 * MILLIONTHS) - 1
"""Pence for one unit of activity: twice as many millionths of a penny are within 64 bits."""


def value(activity: Activity, survey: Survey, priced: Sequence[Priced], threads: int = 1) -> NDArray[np.int64]:
    """Return what each term's activity comes to in pence: shape (terms, periods), before scaling to the population.

    A step counts in the period of its end, a spell in that of its discharge. A unit of a currency that is counted by
    the step or day has one price in a year, which is rounded to whole pence once, after the market forces factor; a
    spell's payment is rounded once likewise. Raises InputError where a price is missing that the activity calls for,
    or a sum might not fit into 64 bits. The number of threads changes nothing.
    """
    if not priced or not survey.steps.any():
        return np.zeros((len(priced), activity.periods), dtype=np.int64)
    asked = tuple(dict.fromkeys(each.valuation.readmissions for each in priced if each.valuation.readmissions))
    spells = spell_counts(activity.system, survey, asked, threads)
    _refuse_overflow(spells, priced)
    # Arrangements often have the same prices for the same activity.
    keys = [_valued_by(each) for each in priced]
    distinct: dict[Hashable, Priced] = {}
    for key, each in zip(keys, priced, strict=True):
        distinct.setdefault(key, each)
    values = np.stack([_value_of_steps(activity.system, survey, each) for each in distinct.values()])
    values += _value_of_spells(activity, survey, spells, asked, list(distinct.values()), threads)
    numbers = {key: number for number, key in enumerate(distinct)}
    return values[[numbers[key] for key in keys]]


def _valued_by(priced: Priced) -> Hashable:
    """Return what a term's value depends on."""
    scope = priced.contract.scope
    covered = scope.services, scope.places, scope.pathways, id(scope.residents), scope.periods
    return id(priced.rates), priced.factors, priced.valuation.readmissions, covered


def _value_of_steps(system: System, survey: Survey, priced: Priced) -> NDArray[np.int64]:
    """Return what is paid by the step or day, by period."""
    sorts, lookups, periods = survey.sorts, survey.lookups, survey.steps.shape[2]
    scope = priced.contract.scope
    of_scope = sorts_within(system, scope, sorts)
    counted = lookups.counted_of_step[sorts.step]
    chosen = np.flatnonzero(of_scope & ((counted == STEP) | (counted == DAY)))
    total = np.zeros(periods, dtype=np.int64)
    if priced.valuation.readmissions is not None or not len(chosen):
        return total
    classes = np.flatnonzero(in_scope(survey.classes, system.population, scope))
    inside = periods_within(scope, periods)
    steps, midnights = (
        table[np.ix_(chosen, classes)].sum(axis=1) * inside for table in (survey.steps, survey.midnights)
    )
    units = np.where((counted[chosen] == STEP)[:, None], steps, midnights)
    currency, code = lookups.currency_of_step[sorts.step[chosen]], sorts.code[chosen]
    price = priced.rates.pence[currency, code]
    missing = (price == UNPRICED) & steps.any(axis=1)
    if missing.any():
        at = int(np.flatnonzero(missing)[0])
        raise _unpriced(system, priced, int(currency[at]), int(code[at]))
    most = 0
    for year, factor in enumerate(priced.factors):
        within = slice(year * MONTHS_PER_YEAR, (year + 1) * MONTHS_PER_YEAR)
        paid = [0 if each == UNPRICED else unit_pence(each, factor) for each in price.tolist()]
        of_year = units[:, within].sum(axis=1).tolist()
        most += sum(abs(pence) * number for pence, number in zip(paid, of_year, strict=True))
        refuse_overflow(most, _PARTS, f"contract {priced.contract.id}")
        total[within] = np.array(paid, dtype=np.int64) @ units[:, within]
    return total


def _value_of_spells(
    activity: Activity,
    survey: Survey,
    spells: SpellCounts,
    asked: Sequence[Readmissions],
    priced: Sequence[Priced],
    threads: int,
) -> NDArray[np.int64]:
    """Return what is paid by the spell: shape (terms, periods). Each thread takes a part of the counts."""
    system, sorts = activity.system, survey.sorts
    counted = [
        SPELLS if (wanted := each.valuation.readmissions) is None else SPELLS + 1 + asked.index(wanted)
        for each in priced
    ]
    tables = (
        spells.counts,
        len(survey.classes),
        sorts.step,
        sorts.service,
        survey.lookups.currency_of_step[sorts.step],
        sorts.code,
        *price_tables(system, survey.classes, priced, activity.periods),
        np.array(counted, dtype=np.int64),
    )

    def value_part(first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        values = np.zeros((len(priced), activity.periods), dtype=np.int64)
        unpriced = np.full(len(priced), NONE, dtype=np.int64)
        _value_spells(first, last, *tables, values, unpriced)
        return values, unpriced

    parts = in_threads(value_part, shared_out(0, len(spells.counts), threads))
    unpriced = np.max([unpriced for _, unpriced in parts], axis=0)
    for each, sort in zip(priced, unpriced.tolist(), strict=True):
        if sort != NONE:
            raise _unpriced(system, each, int(survey.lookups.currency_of_step[sorts.step[sort]]), int(sorts.code[sort]))
    return np.sum([values for values, _ in parts], axis=0)


def _refuse_overflow(spells: SpellCounts, priced: Sequence[Priced]) -> None:
    """Raise InputError where a payment in millionths of a penny, or all for spells, might not fit into 64 bits."""
    longest, number = spells.longest(), spells.number()
    rates = {id(each.rates): each.rates for each in priced}
    largest_of_table = {number: table.largest(longest) for number, table in rates.items()}
    for each in priced:
        largest = max(1, largest_of_table[id(each.rates)]) * max(map(abs, each.factors)) // MILLIONTHS + 1
        what = f"contract {each.contract.id}"
        if largest > _LARGEST_PAYMENT:
            found = f"found payments of up to {largest} pence for one unit of activity"
            where = f"{what}, prices {each.valuation.prices.id}"
            raise InputError("", where, found, f"expected at most {_LARGEST_PAYMENT} pence")
        refuse_overflow(largest, _PARTS * number, what)


def _unpriced(system: System, priced: Priced, currency: int, code: int) -> InputError:
    name = list(system.currencies)[currency]
    recorded = f"code {system.codes[code]}" if code != NONE else "no code"
    return InputError(
        "",
        f"contract {priced.contract.id}",
        f"found activity in currency {name} with {recorded}, which none of its terms pays for",
        "expected a price in its price tables, or a term without prices",
    )


@kernel
def _value_spells(
    first: int,
    last: int,
    counts: NDArray[np.int64],
    classes: int,
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    offsets: NDArray[np.int64],
    covering: NDArray[np.int64],
    table: NDArray[np.int64],
    rates: NDArray[np.int64],
    pays: NDArray[np.bool_],
    factor: NDArray[np.int64],
    in_pathway: NDArray[np.bool_],
    in_period: NDArray[np.bool_],
    counted: NDArray[np.int64],
    values: NDArray[np.int64],
    unpriced: NDArray[np.int64],
) -> None:
    """Add the value of the spells of each count; leave the last sort without a price, by term, in `unpriced`."""
    for at in range(first, last):
        cell, month = divmod(counts[at, CELL], values.shape[1])
        sort, group = divmod(cell, classes)
        paid_for = currency[sort]
        for place in range(offsets[service[sort], group, 0], offsets[service[sort], group, 1]):
            term = covering[place]
            number = counts[at, counted[term]]
            if number == 0 or not (
                pays[table[term], paid_for] and in_pathway[term, step[sort]] and in_period[term, month]
            ):
                continue
            year = month // MONTHS_PER_YEAR
            pence = price_of_spell(rates, paid_for, code[sort], table[term], counts[at, DAYS], factor[term, year])
            if pence == UNPRICED:
                unpriced[term] = max(unpriced[term], sort)
            else:
                values[term, month] += number * pence
