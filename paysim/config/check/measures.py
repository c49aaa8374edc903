"""Whether the measures that a contract pays by can be taken within its scope."""

from collections.abc import Mapping

from paysim.config.check.prices import contract_path
from paysim.config.check.reach import Served
from paysim.config.document import Document
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.measure import PARTS_OF_A_WHOLE, Measure
from paysim.model.reach import Residents
from paysim.model.system import System


def check_measures(
    document: Document, system: System, arrangement: Arrangement, served: Served, reached: Mapping[str, Residents]
) -> None:
    """Raise InputError for a measure that a term depends on and that nothing can be observed of within the scope.

    Of the contracts that one block stands for, one that sees it is enough: not every trust has every service. Raises
    InputError also where a measure that is a share is held against more than 1.
    """
    unseen: dict[tuple[str, int, str], Contract] = {}
    seen: set[tuple[str, int, str]] = set()
    for contract in arrangement.contracts:
        for number, term in enumerate(contract.terms):
            here = (*contract_path(arrangement, contract), "terms", number)
            for name, keys, level in term.levels():
                if level > 1 and system.measures[name].kind in PARTS_OF_A_WHOLE:
                    expected = f"expected at most 1: measure {name!r} is a share"
                    raise document.refuse((*here, *keys), f"found {level:g}", expected)
            for name in term.measures():
                key = (contract.id.partition(".")[0], number, name)
                if _is_seen(system, system.measures[name], contract.scope, served, reached):
                    seen.add(key)
                else:
                    unseen.setdefault(key, contract)
    for key, contract in unseen.items():
        if key not in seen:
            _, number, name = key
            found = f"found measure {name!r}, of which nothing is seen within the scope of contract {contract.id!r}"
            expected = (
                f"expected it in a contract with services where {_what(system.measures[name])}; one that only pays for"
                " quality may stand beside the one that pays for their activity"
            )
            raise document.refuse((*contract_path(arrangement, contract), "terms", number), found, expected)


def _is_seen(system: System, measure: Measure, scope: Scope, served: Served, reached: Mapping[str, Residents]) -> bool:
    """Return whether something that a measure is held against can be observed within a scope."""
    if measure.kind == "occupancy":
        return bool(set(measure.services) & set(scope.services))
    observed = _observed(measure)
    owners = {system.services[service].organisation for service in scope.services}
    # A spell counts where it ends, which may be at another service of its provider.
    by_spell = measure.kind in ("stay", "readmission")
    for (service, place), steps in served.items():
        near = system.services[service].organisation in owners if by_spell else service in scope.services
        if (
            near
            and place in scope.places
            and any(_is_inside(scope, reached[step]) for step in steps if step in observed)
        ):
            return True
    return False


def _is_inside(scope: Scope, residents: Residents) -> bool:
    return scope.residents is None or bool((residents & (scope.residents > 0)).any())


def _observed(measure: Measure) -> tuple[str, ...]:
    """Return the steps that a measure is held against."""
    match measure.kind:
        case "within":
            return measure.until
        case "share" | "readmission":
            return measure.base
        case _:
            return measure.steps + measure.base


def _what(measure: Measure) -> str:
    if measure.kind == "occupancy":
        return f"it is taken ({', '.join(measure.services)})"
    return f"its steps occur ({', '.join(_observed(measure))})"
