"""What a target covers that an activity has no rows of."""

import numpy as np

from paysim.model.activity import Activity
from paysim.model.contract import Arrangement, Contract, stands_for
from paysim.model.system import System
from paysim.model.terms.shared.target import OfSpending


def without_rows(activity: Activity, arrangement: Arrangement) -> dict[str, tuple[str, ...]]:
    """Return the services without rows whose payments or costs a target is held against, by contract that has one."""
    system = activity.system
    seen = np.bincount(activity.service, minlength=len(system.services)) > 0
    found = {}
    for contract in arrangement.contracts:
        covered = _covered(system, arrangement, contract)
        missing = [name for name, there in zip(system.service_ids, seen, strict=True) if name in covered and not there]
        if missing:
            found[contract.id] = tuple(missing)
    return found


def _covered(system: System, arrangement: Arrangement, contract: Contract) -> set[str]:
    """Return the services that spending under a contract's terms with a target comes from."""
    terms = [term for term in contract.terms if isinstance(term, OfSpending)]
    names = {name for term in terms for name in term.spending_terms}
    of_others = names - {term.id for term in contract.terms}
    owners = {owner for term in terms for owner in term.spending_organisations}
    covered = {service.id for service in system.services.values() if service.organisation in owners}
    for other in arrangement.contracts:
        if other is contract:
            named = any(term.id in names for term in other.terms)
        else:
            near = set(other.scope.places) & set(contract.scope.places)
            named = bool(near) and any(
                stands_for(name, other.id, term.id) for name in of_others for term in other.terms
            )
        covered.update(other.scope.services if named else ())
    return covered
