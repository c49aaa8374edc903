"""What each resident's activity comes to, for terms that look at residents one by one."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.payment.arithmetic import spell_pence, unit_pence
from paysim.payment.classes import in_scope
from paysim.payment.lookups import DAY, NONE, STEP
from paysim.payment.prices import UNPRICED, Priced
from paysim.payment.readmissions import readmitted, rule_for
from paysim.payment.scopes import periods_within, services_within, sorts_within, steps_within
from paysim.payment.survey import Survey


def value_by_resident(activity: Activity, survey: Survey, priced: Priced) -> NDArray[np.int64]:
    """Return what the activity in a term's scope comes to in pence: shape (residents, financial years), not scaled.

    It adds up to what `paysim.payment.pricing.value` gives by period.
    """
    system, sorts, lookups, scope = activity.system, survey.sorts, survey.lookups, priced.contract.scope
    spells = survey.spells
    by_resident = np.zeros((len(survey.classes.of_resident), len(priced.factors)), dtype=np.int64)
    counted = lookups.counted_of_step[sorts.step]
    chosen = sorts_within(system, scope, sorts) & ((counted == STEP) | (counted == DAY))
    price = np.where(chosen, priced.rates.pence[lookups.currency_of_step[sorts.step], sorts.code], 0)
    unit = np.array([[unit_pence(0 if p == UNPRICED else p, f) for p in price.tolist()] for f in priced.factors])
    inside = in_scope(survey.classes, system.population, scope)
    periods = periods_within(scope, activity.periods)
    asked = priced.valuation.readmissions
    counts = np.ones(len(spells), dtype=np.bool_) if asked is None else readmitted(spells, rule_for(system, asked))
    if asked is None:
        _add_steps(
            activity.resident,
            activity.step,
            activity.service,
            activity.code,
            activity.start,
            activity.stay,
            survey.classes.of_resident,
            sorts.first,
            sorts.slot,
            lookups.period_of_day,
            counted == DAY,
            unit.astype(np.int64),
            inside,
            periods,
            by_resident,
        )
    _add_spells(
        spells.resident,
        spells.currency,
        spells.code,
        lookups.period_of_day[np.floor(spells.discharge).astype(np.int64)],
        spells.length_of_stay,
        survey.classes.of_resident,
        counts & services_within(system, scope)[spells.service] & steps_within(system, scope)[spells.step],
        inside,
        periods,
        priced.rates.pence,
        priced.rates.short_stay,
        priced.rates.trim_point,
        priced.rates.long_stay,
        priced.rates.addition,
        np.array(priced.factors, dtype=np.int64),
        by_resident,
    )
    return by_resident


@kernel
def _add_steps(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    code: NDArray[np.int16],
    start: NDArray[np.float64],
    stay: NDArray[np.float32],
    class_of_resident: NDArray[np.int16],
    first_sort: NDArray[np.int32],
    slot: NDArray[np.int32],
    period_of_day: NDArray[np.int16],
    by_day: NDArray[np.bool_],
    unit: NDArray[np.int64],
    inside: NDArray[np.bool_],
    periods: NDArray[np.bool_],
    by_resident: NDArray[np.int64],
) -> None:
    for row in range(len(resident)):
        sort = first_sort[step[row], service[row]] + slot[step[row], code[row] + 1]
        end_day = int(start[row] + stay[row])
        period = period_of_day[end_day]
        if not (inside[class_of_resident[resident[row]]] and periods[period]):
            continue
        year = period // MONTHS_PER_YEAR
        units = end_day - int(np.floor(start[row])) if by_day[sort] else 1
        by_resident[resident[row], year] += unit[year, sort] * units


@kernel
def _add_spells(
    resident: NDArray[np.int32],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    period: NDArray[np.int16],
    length_of_stay: NDArray[np.int64],
    class_of_resident: NDArray[np.int16],
    counts: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    periods: NDArray[np.bool_],
    pence: NDArray[np.int64],
    short_stay: NDArray[np.int64],
    trim_point: NDArray[np.int64],
    long_stay: NDArray[np.int64],
    addition: NDArray[np.int64],
    factor: NDArray[np.int64],
    by_resident: NDArray[np.int64],
) -> None:
    for spell in range(len(resident)):
        if currency[spell] == NONE or not counts[spell]:
            continue
        if not (inside[class_of_resident[resident[spell]]] and periods[period[spell]]):
            continue
        unit = (currency[spell], code[spell])
        if pence[unit] == UNPRICED:
            continue
        year = period[spell] // MONTHS_PER_YEAR
        by_resident[resident[spell], year] += spell_pence(
            pence[unit],
            short_stay[unit],
            trim_point[unit],
            long_stay[unit],
            addition[unit],
            length_of_stay[spell],
            factor[year],
        )
