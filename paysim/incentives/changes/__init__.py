"""What levers change: a system with other settings, recorded otherwise, listed otherwise.

`care_with` gives the system that an engine goes on with, and `system_with` the same with the unit costs that its
activity is counted with: a run keeps the costs that it began with. `recorded` and `relisted` change what is paid for
the same activity. `with_levers` is `care_with` for the public face.
"""

from collections.abc import Mapping

from paysim.incentives.changes.capacity import with_capacity
from paysim.incentives.changes.choice import with_choice
from paysim.incentives.changes.delay import with_delay
from paysim.incentives.changes.demand import with_demand
from paysim.incentives.changes.divert import with_diverted
from paysim.incentives.changes.listing import Listed, pays_by_the_head, relisted
from paysim.incentives.changes.moved import changes_of, moved_levers
from paysim.incentives.changes.recode import RecodingRule, recoding_rules, recorded
from paysim.incentives.changes.stay import with_stay
from paysim.incentives.changes.unit_cost import with_unit_cost
from paysim.incentives.outcome import Point
from paysim.model.errors import InputError, refuse_other
from paysim.model.lever import (
    CapacityEffect,
    ChoiceEffect,
    DelayEffect,
    DemandEffect,
    DivertEffect,
    StayEffect,
    UnitCostEffect,
)
from paysim.model.system import System

__all__ = [
    "Listed",
    "RecodingRule",
    "care_with",
    "costs_with",
    "pays_by_the_head",
    "recoding_rules",
    "recorded",
    "relisted",
    "system_with",
    "with_levers",
]


def system_with(system: System, point: Point) -> System:
    """Return the system with its levers at these intensities; levers not named are at their `now`.

    Factors of demand, stays and delays multiply; a further share of a branch is diverted from what the others left
    there; capacities, unit costs and shares of a choice add up. Where all are at `now`, it is the same system.

    Raises InputError for an intensity outside a lever's range, for an unknown lever, and for an effect that the system
    has nothing for, or that comes to something impossible, such as a negative rate.
    """
    return costs_with(care_with(system, point), point)


def care_with(system: System, point: Point) -> System:
    """Return the same as `system_with`, but with unit costs as they are: what a run can go on with."""
    system = with_demand(system, changes_of(system, point, DemandEffect))
    system = with_stay(system, changes_of(system, point, StayEffect))
    system = with_delay(system, changes_of(system, point, DelayEffect))
    system = with_diverted(system, changes_of(system, point, DivertEffect))
    system = with_choice(system, changes_of(system, point, ChoiceEffect))
    return with_capacity(system, changes_of(system, point, CapacityEffect))


def costs_with(system: System, point: Point) -> System:
    """Return the system with its unit costs alone as they are at these intensities."""
    return with_unit_cost(system, changes_of(system, point, UnitCostEffect))


def with_levers(system: System, intensities: Point) -> System:
    """Return the system with the care that its levers give at these intensities, by id: what a run can go on with.

    Levers not named are at their `now`, so each call begins from the system as described. Unit costs, codes recorded,
    lists, and what levers cost their owners are no part of care: `paysim.incentives` and `paysim.respond` count them.

    Raises InputError for an unknown lever, an intensity outside its range, and a lever moved that changes no care.
    """
    refuse_other("system", system, System, "expected a System, as load returns it")
    refuse_other("intensities", intensities, Mapping, "expected an intensity by lever, such as {'day_case': 0.1}")
    for lever, _ in moved_levers(system, intensities):
        if not lever.changes_care:
            others = "what others do to costs and payment is in paysim.incentives and paysim.respond"
            expected = f"expected one that does: {others}"
            raise InputError("", f"lever.{lever.id}", "found a lever that changes no care", expected)
    return care_with(system, intensities)
