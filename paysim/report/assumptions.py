"""What a system's numbers rest on: counts by status, the assumed ones and the defaults in force, and the sources."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from paysim.model.evidence import Parameter, Source, Status
from paysim.model.system import System

STATUSES: tuple[Status, ...] = ("cited", "derived", "assumed")
UNSOURCED = "no source given"


@dataclass(frozen=True, slots=True)
class Listed:
    """One parameter, with its own note where its source's rows have different ones."""

    path: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Parameters of one block of the config that rest on the same citation (or on none)."""

    block: str
    citation: str
    status: Status
    note: str
    parameters: tuple[Listed, ...]


def status_counts(system: System) -> Mapping[str, Mapping[Status, int]]:
    """Return how many parameters of each block of the config are cited, derived and assumed."""
    counts: dict[str, Counter[Status]] = {}
    for parameter in system.parameters:
        counts.setdefault(_block(parameter), Counter())[parameter.status] += 1
    return {block: {status: statuses[status] for status in STATUSES} for block, statuses in counts.items()}


def status_totals(system: System) -> Mapping[Status, int]:
    """Return how many parameters of the system are cited, derived and assumed."""
    counts = Counter(parameter.status for parameter in system.parameters)
    return {status: counts[status] for status in STATUSES}


def statuses_below(system: System, path: str) -> Mapping[Status, int]:
    """Return how many parameters of one table of the config are cited, derived and assumed."""
    counts = Counter(parameter.status for parameter in system.parameters if parameter.path.startswith(f"{path}."))
    return {status: counts[status] for status in STATUSES}


def assumed_or_by_default(system: System) -> tuple[Group, ...]:
    """Return every assumed parameter and every default in force, grouped by block and source, in the config's order."""
    groups: dict[str, dict[tuple[str, Status], list[Parameter]]] = {}
    for parameter in system.parameters:
        if parameter.status == "assumed" or parameter.by_default:
            citation = parameter.source.citation if parameter.source else UNSOURCED
            groups.setdefault(_block(parameter), {}).setdefault((citation, parameter.status), []).append(parameter)
    return tuple(
        _group(block, citation, status, members)
        for block, sources in groups.items()
        for (citation, status), members in sources.items()
    )


def _group(block: str, citation: str, status: Status, members: list[Parameter]) -> Group:
    notes = {_note(parameter) for parameter in members}
    shared = notes.pop() if len(notes) == 1 else ""
    own = [Listed(p.path, _value(p), "" if shared else _note(p)) for p in members]
    return Group(block, citation, status, shared, tuple(own))


def _value(parameter: Parameter) -> str:
    """Return a parameter's value and, of a default, how often it is in force."""
    match parameter.by_default:
        case 0:
            return parameter.value
        case 1:
            return f"{parameter.value} by default"
        case times:
            return f"{parameter.value} by default, {times:,} times"


def sources(system: System) -> tuple[Source, ...]:
    """Return every source of the config and of its tables' rows, those that differ in their notes alone as one."""
    rows = (parameter.source for parameter in system.parameters if parameter.source)
    alike: dict[tuple[str, str, Status], list[Source]] = {}
    for source in dict.fromkeys([*system.sources.values(), *rows]):
        alike.setdefault((source.citation, source.year, source.status), []).append(source)
    return tuple(_merged(members) for members in alike.values())


def _merged(members: list[Source]) -> Source:
    first = members[0]
    if len(members) == 1:
        return first
    return Source(first.id, first.citation, first.year, first.status, f"{len(members)} notes, row by row in the tables")


def _note(parameter: Parameter) -> str:
    return parameter.source.note if parameter.source else ""


def _block(parameter: Parameter) -> str:
    return parameter.path.split(".")[0].split("[")[0]
