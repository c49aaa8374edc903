"""What no single block can show: whether a system's pathways end, and whether everything in it is paid for once."""

from paysim.config.check.costs import check_costs
from paysim.config.check.ending import check_pathways_end
from paysim.config.check.levers import check_levers
from paysim.config.check.measures import check_measures
from paysim.config.check.neutral import check_neutral_amounts
from paysim.config.check.passing import check_passed_on
from paysim.config.check.payment import check_payment
from paysim.config.check.prices import check_prices
from paysim.config.check.probabilities import check_probabilities, step_path
from paysim.config.check.reach import Served, check_steps_are_connected, places_served
from paysim.config.check.ways import opens_ways, with_ways_open
from paysim.config.document import Document
from paysim.model.errors import InputError
from paysim.model.reach import Residents, residents_who_reach
from paysim.model.standstill import Standstill, deadlock, instant_circle, services_held
from paysim.model.system import System


def check(document: Document, system: System) -> None:
    """Raise InputError unless pathways end, all steps are connected, and each arrangement pays for everything once.

    That must be so wherever levers send residents, too.
    """
    check_probabilities(document, system)
    check_costs(document, system)
    check_levers(document, system)
    furthest = with_ways_open(system) if opens_ways(system) else None
    check_steps_are_connected(document, furthest or system)
    _refuse_standstill(document, instant_circle(system))
    occurs = _check_care_is_paid_for(document, system)
    if furthest is not None:
        try:
            occurs = _check_care_is_paid_for(document, furthest)
        except InputError as refusal:
            found = f"{refusal.found}, with levers at their strongest"
            raise InputError(refusal.file, refusal.key_path, found, refusal.expected) from None
    for arrangement in system.arrangements.values():
        check_passed_on(document, arrangement)
        check_neutral_amounts(document, system, arrangement)
        check_measures(document, system, arrangement, *occurs)


def _check_care_is_paid_for(document: Document, system: System) -> tuple[Served, dict[str, Residents]]:
    """Return where steps occur and who reaches them, once all of it is known to be paid for."""
    reached = residents_who_reach(system)
    check_pathways_end(document, system, reached)
    _refuse_standstill(document, deadlock(services_held(system, reached)))
    served = places_served(system, reached)
    for arrangement in system.arrangements.values():
        check_payment(document, system, arrangement, served, reached)
        check_prices(document, system, arrangement, served, reached)
    return served, reached


def _refuse_standstill(document: Document, circle: Standstill | None) -> None:
    if circle is not None:
        raise document.refuse((*step_path(circle.step), *circle.keys), circle.found, circle.expected)


__all__ = ["check"]
