"""Costs by code: for codes that the system knows."""

from paysim.config.document import Document
from paysim.model.system import System


def check_costs(document: Document, system: System) -> None:
    """Raise InputError for a cost of a code that no step, case mix or price list has: it would never be added."""
    known = frozenset(system.codes)
    for service in system.services.values():
        if not service.cost.by_code_pence.keys() <= known:
            for row in document.table(("service", service.id, "cost", "by_code")).rows:
                row.known("code", "code", system.codes)
