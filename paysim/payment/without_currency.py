"""Care that contracts pay for by prices alone, and that has no currency which a price could be for."""

from collections import Counter

import numpy as np

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement
from paysim.model.system import System
from paysim.payment.classes import classes_of, in_scope
from paysim.payment.lookups import NONE
from paysim.payment.scopes import services_within, steps_within
from paysim.payment.spells import spells


def steps_not_priced(system: System) -> tuple[str, ...]:
    """Return the steps without a currency that a contract of some arrangement pays for by prices alone.

    Left out is what has no reason for a price of its own: a step in place of another one, for those who do not come or
    are not seen, and an admitted step next to one that is counted by the spell, whose price is for the whole spell.
    """
    contracts = [contract for arrangement in system.arrangements.values() for contract in arrangement.contracts]
    scopes = [contract.scope for contract in contracts if contract.pays_by_prices_alone]
    no_reason = _in_place_of_others(system) | _in_priced_spells(system)
    return tuple(
        id
        for id, step in system.steps.items()
        if step.currency is None
        and id not in no_reason
        and any(
            not set(scope.services).isdisjoint(step.service.services)
            and (scope.pathways is None or id.partition(".")[0] in scope.pathways)
            for scope in scopes
        )
    )


def _in_place_of_others(system: System) -> set[str]:
    steps = system.steps.values()
    instead = {step.not_attending.instead for step in steps if step.not_attending is not None}
    return instead | {step.unserved for step in steps if step.unserved is not None}


def _in_priced_spells(system: System) -> set[str]:
    """Return the admitted steps that ways without a break join to one that is counted by the spell."""
    steps = {id: step for id, step in system.steps.items() if step.admitted}
    ways = [
        (id, branch.to)
        for id, step in steps.items()
        for branch in step.branches
        if branch.to in steps and (branch.holds or branch.delay.mean == 0)
    ]
    by_spell = {id for id, currency in system.currencies.items() if currency.counted == "spell"}
    found = {id for id, step in steps.items() if step.currency in by_spell}
    while joined := {end for way in ways if not found.isdisjoint(way) for end in way if end is not None} - found:
        found |= joined
    return found


def rows_not_priced(activity: Activity, arrangement: Arrangement) -> dict[str, int]:
    """Return the number of rows without a currency that an arrangement pays for by prices alone, by step.

    Rows of a spell that has a currency are paid for with it.
    """
    system = activity.system
    without = np.array([step.currency is None for step in system.steps.values()], dtype=np.bool_)[activity.step]
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
        first, stop = scope.periods or (0, activity.periods)
        of_scope = services_within(system, scope)[service] & steps_within(system, scope)[step]
        inside |= of_scope & in_scope(classes, system.population, scope)[group] & (first <= period) & (period < stop)
    number_of_rows = Counter(step[inside].tolist())
    return {name: number_of_rows[at] for at, name in enumerate(system.step_ids) if at in number_of_rows}
