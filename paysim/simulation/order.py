"""The order of events at one instant, the same in both engines."""

from typing import Final

CAPACITY_CHANGE: Final = 0
END_OF_SERVICE: Final = 1
LEAVE: Final = 2
REQUEST: Final = 3
"""Events of one instant happen in this order; within each by episode (or service) number.

Opening hours are half-open, so a server that is free at closing time exactly starts nothing more; whoever is served at
the moment that their patience ends does not leave; whoever leaves makes room for whoever comes.
"""
