"""What an arrangement would not pay for, found before anything is settled, and what units of activity would cost it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.system import System
from paysim.payment.classes import Classes, classes_of, in_scope
from paysim.payment.lookups import NONE, SPELL, Lookups, lookups_for
from paysim.payment.prices import UNPRICED, Priced, a_unit, priced_terms
from paysim.payment.scopes import services_within, steps_within
from paysim.payment.spells import spells

PAID, NO_PRICE, NO_CONTRACT = range(3)
"""Whether a row would be paid for: NO_CONTRACT that pays for activity covers it, or one does and lists NO_PRICE."""

NOT_KNOWN = -1

_ROWS_AT_A_TIME = 1 << 22
_FIRST_YEAR = 1


@dataclass(frozen=True, eq=False)
class _Units:
    """Sorts of activity: numbers of step, service, code, class of resident and period."""

    step: NDArray[np.int64]
    service: NDArray[np.int64]
    code: NDArray[np.int64]
    group: NDArray[np.int64]
    period: NDArray[np.int64]


def unpaid(activity: Activity, arrangement: Arrangement) -> NDArray[np.int8]:
    """Return for each row whether an arrangement pays for it: PAID, NO_PRICE or NO_CONTRACT.

    A spell is paid for as a whole: where it has no price, or any of its steps no contract, none of its rows is paid.
    """
    lookups = lookups_for(activity)
    classes = classes_of(activity.system.population, arrangement.contracts)
    found = np.zeros(len(activity), dtype=np.int8)
    period = activity.period()
    for first in range(0, len(activity), _ROWS_AT_A_TIME):
        rows = slice(first, first + _ROWS_AT_A_TIME)
        group = classes.of_resident[activity.resident[rows]]
        units = activity.step[rows], activity.service[rows], activity.code[rows], group, period[rows]
        found[rows] = _unpaid(activity.system, arrangement, lookups, classes, units, by_spell=False)
    stays = spells(activity)
    last = period[stays.last_row]
    units = stays.step, stays.service, stays.code, classes.of_resident[stays.resident], last
    of_spell = _unpaid(activity.system, arrangement, lookups, classes, units, by_spell=True)
    np.maximum.at(of_spell, stays.spell_of_row, found[stays.rows])
    found[stays.rows] = of_spell[stays.spell_of_row]
    return found


def _unpaid(
    system: System,
    arrangement: Arrangement,
    lookups: Lookups,
    classes: Classes,
    columns: tuple[NDArray[np.integer], ...],
    *,
    by_spell: bool,
) -> NDArray[np.int8]:
    """Return whether each unit is paid for; prices count for units that are counted by the spell, or for the others."""
    sizes = len(system.steps), len(system.services), len(system.codes) + 1, len(classes), 1 << 16
    step, service, code, group, period = columns
    key = np.ravel_multi_index((step, service, code.astype(np.int64) + 1, group, period), sizes)
    of_row, sorts = pd.factorize(key)
    step, service, code, group, period = np.unravel_index(sorts, sizes)
    units = _Units(step, service, code - 1, group, period)
    covered, missing = (np.zeros(len(sorts), dtype=np.bool_) for _ in range(2))
    currency = lookups.currency_of_step[units.step].astype(np.int64)
    to_price = (currency != NONE) & ((lookups.counted_of_step[units.step] == SPELL) == by_spell)
    prices = _prices(system, arrangement)
    for contract in arrangement.contracts:
        inside = _inside(system, classes, contract.scope, units)
        covered |= inside & (not contract.only_settles)
        for priced in prices[contract.id]:
            missing |= inside & to_price & (priced.rates.pence[currency, units.code] == UNPRICED)
    return np.where(covered, np.where(missing, NO_PRICE, PAID), NO_CONTRACT).astype(np.int8)[of_row]


def _prices(system: System, arrangement: Arrangement) -> Mapping[str, list[Priced]]:
    """Return the terms that have prices, by contract."""
    found: dict[str, list[Priced]] = {contract.id: [] for contract in arrangement.contracts}
    for priced in priced_terms(system, arrangement.contracts, _FIRST_YEAR):
        found[priced.contract.id].append(priced)
    return found


def _inside(system: System, classes: Classes, scope: Scope, units: _Units) -> NDArray[np.bool_]:
    """Return whether each unit lies within a scope."""
    inside = services_within(system, scope)[units.service] & steps_within(system, scope)[units.step]
    inside &= in_scope(classes, system.population, scope)[units.group]
    if scope.periods is not None:
        inside &= (units.period >= scope.periods[0]) & (units.period < scope.periods[1])
    return inside


def list_prices(
    system: System,
    arrangement: Arrangement,
    step: NDArray[np.integer],
    service: NDArray[np.integer],
    place: NDArray[np.integer],
    code: NDArray[np.integer],
) -> NDArray[np.int64]:
    """Return the price in pence of one unit of each row, NOT_KNOWN where a number is -1 or no price is listed.

    It is the highest that a term of a contract with the service's own provider lists, times the provider's market
    forces factor where the term has it: for a spell, of more than one midnight and up to its trim point; for a day, for
    one; at the first year's prices. Contracts count for everyone in their places and for all periods.
    """
    known = (step >= 0) & (service >= 0) & (place >= 0)
    places = len(system.population.places)
    sizes = len(system.steps), len(system.services), len(system.codes) + 1, places
    columns = step[known], service[known], code[known].astype(np.int64) + 1, place[known]
    of_row, sorts = pd.factorize(np.ravel_multi_index(columns, sizes))
    steps, services, codes, homes = np.unravel_index(sorts, sizes)
    currencies = {currency: number for number, currency in enumerate(system.currencies)}
    currency_of_step = np.array([currencies.get(s.currency or "", NONE) for s in system.steps.values()])
    currency = currency_of_step[steps]
    price = np.zeros(len(sorts), dtype=np.int64)
    prices = _prices(system, arrangement)
    for contract in arrangement.contracts:
        scope = contract.scope
        at_home = np.array([home in scope.places for home in system.population.places], dtype=np.bool_)
        inside = (
            _own(system, contract)[services] & steps_within(system, scope)[steps] & at_home[homes] & (currency != NONE)
        )
        for priced in prices[contract.id] if inside.any() else ():
            price[inside] = np.maximum(price[inside], a_unit(priced, 0)[currency[inside], codes[inside] - 1])
    found = np.full(len(step), NOT_KNOWN, dtype=np.int64)
    found[known] = np.where(price > 0, price, NOT_KNOWN)[of_row]
    return found


def _own(system: System, contract: Contract) -> NDArray[np.bool_]:
    """Return which services a contract pays their own provider for."""
    owned = [service.organisation == contract.payee for service in system.services.values()]
    return services_within(system, contract.scope) & np.array(owned, dtype=np.bool_)
