"""Whether a tariff has a price for everything that it pays for."""

from collections.abc import Iterator
from itertools import product

from paysim.config.check.reach import Served
from paysim.config.document import Document, KeyPath
from paysim.model.contract import Arrangement, Contract
from paysim.model.pathway import Step
from paysim.model.system import System
from paysim.model.terms import Tariff


def contract_path(arrangement: Arrangement, contract: Contract) -> KeyPath:
    """Return the key path of the block that a contract comes from."""
    return "arrangement", arrangement.id, "contract", contract.id.partition(".")[0]


def check_prices(document: Document, system: System, arrangement: Arrangement, served: Served) -> None:
    """Raise InputError for a tariff without services, or without a price of some activity within its scope.

    A price without code holds for all codes of its currency that have none of their own.
    """
    for contract in arrangement.contracts:
        for number, term in enumerate(contract.terms):
            if not isinstance(term, Tariff):
                continue
            path = (*contract_path(arrangement, contract), "terms", number)
            if not contract.scope.services:
                found = f"found a tariff, and {contract.payee!r} has no services"
                raise document.refuse(path, found, "expected a scope with services")
            for currency, code, step in _priced(system, contract, served):
                if not {(currency, code), (currency, "")} & term.prices.prices.keys():
                    coded = f", code {code!r}" if code else ""
                    found = f"found no price of currency {currency!r}{coded} (step {step!r})"
                    table = document.table(("prices", term.prices.id)).file
                    raise document.refuse((*path, "prices"), found, f"expected one in {table}")


def _priced(system: System, contract: Contract, served: Served) -> Iterator[tuple[str, str, str]]:
    """Yield currency, code ('' for none) and step of all activity within a contract's scope."""
    within = product(contract.scope.services, contract.scope.places)
    for name in dict.fromkeys(step for activity in within for step in served.get(activity, ())):
        step = system.steps[name]
        if step.currency is not None:
            for code in _codes(system, step):
                yield step.currency, code, step.id


def _codes(system: System, step: Step) -> list[str]:
    if step.case_mix is not None:
        return [entry.code for entry in system.case_mixes[step.case_mix].entries if entry.share > 0]
    return [step.code or ""]
