"""Care that contracts pay for by prices alone, and that has no currency which a price could be for."""

from collections import Counter

import numpy as np

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.classes import classes_of, in_scope
from paysim.payment.lookups import NONE
from paysim.payment.scopes import periods_within, services_within, steps_within
from paysim.payment.spells import spells


def steps_not_priced(system: System) -> tuple[str, ...]:
    """Return the steps without a currency that a contract of some arrangement pays for by prices alone.

    Left out is what has no reason for a price of its own: a step in place of another one, for those who do not come or
    are not seen, and an admitted step before or after one that is counted by the spell, in the same stay: that price is
    for the whole spell.
    """
    contracts = [contract for arrangement in system.arrangements.values() for contract in arrangement.contracts]
    scopes = [contract.scope for contract in contracts if contract.pays_by_prices_alone]
    candidates = without_currency(system) - _in_priced_spells(system)
    inside = np.zeros(len(system.steps), dtype=np.bool_)
    for scope in scopes:
        there = [not set(scope.services).isdisjoint(step.service.services) for step in system.steps.values()]
        inside |= steps_within(system, scope) & np.array(there, dtype=np.bool_)
    return tuple(id for id, paid in zip(system.steps, inside.tolist(), strict=True) if paid and id in candidates)


def without_currency(system: System) -> set[str]:
    """Return the steps without a currency, but for those in place of another one."""
    steps = system.steps.values()
    instead = {step.not_attending.instead for step in steps if step.not_attending is not None}
    instead |= {step.unserved for step in steps if step.unserved is not None}
    return {step.id for step in steps if step.currency is None} - instead


def _in_priced_spells(system: System) -> set[str]:
    """Return the admitted steps that ways without a break lead to from one that is counted by the spell, or from there.

    Such a way stays with a provider.
    """
    steps = {id: step for id, step in system.steps.items() if step.admitted}
    providers = {
        id: {system.services[each].organisation for each in step.service.services} for id, step in steps.items()
    }
    ways = [
        (id, branch.to)
        for id, step in steps.items()
        for branch in step.branches
        if branch.to in steps and not providers[id].isdisjoint(providers[branch.to])
        if branch.holds or branch.delay.mean == 0
    ]
    by_spell = {id for id, currency in system.currencies.items() if currency.counted == "spell"}
    priced = {id for id, step in steps.items() if step.currency in by_spell}
    return _reached(priced, ways) | _reached(priced, [(to, begun) for begun, to in ways])


def _reached(begun: set[str], ways: list[tuple[str, str]]) -> set[str]:
    """Return what the ways lead to from where they begin, that itself included."""
    found = set(begun)
    while onward := {to for at, to in ways if at in found} - found:
        found |= onward
    return found


def rows_not_priced(activity: Activity, arrangement: Arrangement) -> dict[str, int]:
    """Return the number of rows without a currency that an arrangement pays for by prices alone, by step.

    Rows of a spell that has a currency are paid for with it.
    """
    system = activity.system
    steps = without_currency(system)
    without = np.array([id in steps for id in system.steps], dtype=np.bool_)[activity.step]
    if not without.any():
        return {}
    stays = spells(activity)
    without[stays.rows[stays.currency[stays.spell_of_row] != NONE]] = False
    rows = np.flatnonzero(without)
    step, service, period = activity.step[rows], activity.service[rows], activity.period()[rows]
    classes = classes_of(system.population, arrangement.contracts)
    group = classes.of_resident[activity.resident[rows]]
    inside = np.zeros(len(rows), dtype=np.bool_)
    for scope in (contract.scope for contract in arrangement.contracts if contract.pays_by_prices_alone):
        months = periods_within(scope, activity.periods)
        of_scope = services_within(system, scope)[service] & steps_within(system, scope)[step]
        inside |= of_scope & in_scope(classes, system.population, scope)[group] & months[period]
    number_of_rows = Counter(step[inside].tolist())
    return {name: number_of_rows[at] for at, name in enumerate(system.step_ids) if at in number_of_rows}
