"""Whether an arrangement pays for everything, and for nothing twice."""

from paysim.config.check.reach import Served
from paysim.config.document import Document
from paysim.model.contract import Arrangement
from paysim.model.system import System


def check_payment(document: Document, system: System, arrangement: Arrangement, served: Served) -> None:
    """Raise InputError unless exactly one contract pays each organisation for each service and place that occur.

    Contracts with other payees may cover the same activity: a lead provider is paid for what it pays others for.
    """
    for (service, place), steps in served.items():
        organisation = system.services[service].organisation
        paying = [
            contract.id
            for contract in arrangement.contracts
            if contract.payee == organisation and service in contract.scope.services and place in contract.scope.places
        ]
        activity = f"{organisation!r} for service {service!r} and residents of {place!r}"
        path = ("arrangement", arrangement.id)
        if not paying:
            found = f"no contract pays {activity} (step {steps[0]!r})"
            raise document.refuse(path, found, "expected exactly one")
        if len(paying) > 1:
            found = f"contracts {', '.join(map(repr, paying))} all pay {activity}"
            raise document.refuse(path, found, "expected exactly one")
