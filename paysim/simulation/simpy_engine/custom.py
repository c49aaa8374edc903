"""A researcher's own processes and choices, and the names in which they speak of steps, services and residents."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from simpy import Event

from paysim.model.errors import InputError
from paysim.model.system import System
from paysim.simulation.draws import name_key

if TYPE_CHECKING:
    from paysim.simulation.simpy_engine.visit import Onward, Visit

Process: TypeAlias = "Callable[[Visit], Generator[Event, Any, str | Onward | None]]"
"""What happens at a step: a generator function that returns the id of the next step, None or a visit's way on."""

Choice: TypeAlias = "Callable[[Visit], str | Generator[Event, Any, str]]"
"""Which service a resident goes to: a function, or a generator function, that returns one of the visit's options."""


class Kind(NamedTuple):
    """A kind of resident."""

    place: str
    age_band: str
    sex: str
    quintile: int
    segment: str


@dataclass(frozen=True, slots=True)
class Custom:
    """Processes by the number of their step, choices by the key of their draws, and the names behind all numbers."""

    steps: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    processes: Mapping[int, Process] = field(default_factory=dict)
    choices: Mapping[int, Choice] = field(default_factory=dict)


def custom(system: System, processes: Mapping[str, Process], choices: Mapping[str, Choice]) -> Custom:
    """Return processes by step and choices by choice, ready for the engine.

    Raises InputError for a step or a choice that the system lacks, and for what cannot be called.
    """
    groups = tuple(dict.fromkeys(step.service.group for step in system.steps.values() if step.service.group))
    for what, given in (("processes", processes), ("choices", choices)):
        for name, function in given.items():
            if not callable(function):
                raise InputError("", f"{what}.{name}", f"found {function!r}", "expected a function")
    for name in choices:
        number_of(name, groups, "choices")
    labels = system.population.profile_labels()
    return Custom(
        steps=system.step_ids,
        services=system.service_ids,
        codes=system.codes,
        kinds=tuple(Kind(place, *label) for place in system.population.places for label in labels),
        processes={number_of(step, system.step_ids, "processes"): made for step, made in processes.items()},
        choices={name_key(name): made for name, made in choices.items()},
    )


def number_of(name: object, known: tuple[str, ...], where: str) -> int:
    """Return the number of a name among those known; raise InputError, with where it was found, for any other."""
    if name not in known:
        expected = f"expected one of {', '.join(known)}" if known else "expected none, since there is none"
        raise InputError("", where, f"found {name!r}", expected)
    return known.index(str(name))
