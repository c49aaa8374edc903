"""Lookup tables that turn the numbers in an activity's rows into what payment asks about them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import EXTRACT, Activity
from paysim.model.calendar import period_starts
from paysim.model.errors import InputError
from paysim.model.pathway import Step
from paysim.model.price import Counted
from paysim.model.system import System

NONE = -1
"""Stands in lookups for 'there is none', such as the currency of a step that has none."""

COUNTED: tuple[Counted, ...] = ("step", "spell", "day")
STEP, SPELL, DAY = range(3)


@dataclass(frozen=True, eq=False)
class Lookups:
    """What the kernels need to know about a system, by the numbers that activity carries.

    `counted_of_step` is STEP, SPELL or DAY by the step's currency, NONE without one. `period_of_day` covers the
    days of the run. `by_day`: times are compared as whole days, as those of real activity are, of which some may have
    dates alone.
    """

    organisation_of_service: NDArray[np.int16]
    currency_of_step: NDArray[np.int16]
    counted_of_step: NDArray[np.int8]
    admitted_step: NDArray[np.bool_]
    period_of_day: NDArray[np.int16]
    by_day: bool


def lookups_for(activity: Activity) -> Lookups:
    """Return the lookup tables for an activity.

    Raises InputError where a step has a currency counted by the spell but is not admitted.
    """
    system = activity.system
    currencies, organisations = list(system.currencies), list(system.organisations)
    counted = {currency.id: COUNTED.index(currency.counted) for currency in system.currencies.values()}
    for step in system.steps.values():
        if step.currency and counted[step.currency] == SPELL and not step.admitted:
            found = f"found currency {step.currency}, counted by the spell, on a step that is not admitted"
            raise InputError("", f"step {step.id}", found, "expected admitted = true, or a currency counted otherwise")
    lengths = np.diff(period_starts(system.start, activity.periods)).astype(np.int64)
    return Lookups(
        organisation_of_service=np.array(
            [organisations.index(service.organisation) for service in system.services.values()], dtype=np.int16
        ),
        currency_of_step=_by_step(system, lambda s: currencies.index(s.currency) if s.currency else NONE).astype(
            np.int16
        ),
        counted_of_step=_by_step(system, lambda s: counted[s.currency] if s.currency else NONE).astype(np.int8),
        admitted_step=_by_step(system, lambda s: s.admitted).astype(np.bool_),
        period_of_day=np.repeat(np.arange(activity.periods), lengths).astype(np.int16),
        by_day=activity.run.engine == EXTRACT,
    )


def _by_step(system: System, value: Callable[[Step], int]) -> NDArray[np.int64]:
    return np.array([value(step) for step in system.steps.values()], dtype=np.int64)
