"""What levers change: a system with other settings, recorded otherwise, listed otherwise."""

from paysim.incentives.outcome import Point
from paysim.model.system import System


def system_with(system: System, point: Point) -> System:
    """Return the system with its levers at these intensities; levers not named are at their `now`.

    Raises InputError for an intensity outside a lever's range, and for an unknown lever.
    """
    raise NotImplementedError
