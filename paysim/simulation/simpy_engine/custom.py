"""A researcher's own processes and choices, and the names in which they speak of steps, services and residents."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import GeneratorType
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


def events_of(under_way: Generator[Any, Any, Any], where: str) -> Generator[Event, Any, Any]:
    """Return what a process or choice under way returns, after its events.

    Raises InputError, with where it was found, once it yields anything but an event: SimPy's own words name neither
    the process nor what is missing.
    """
    go_on, answer = under_way.send, None
    while True:
        try:
            event = go_on(answer)
        except StopIteration as end:
            return end.value
        if isinstance(event, GeneratorType):
            found = f"found `yield` of the generator {event.__qualname__}"
            raise InputError("", where, found, "expected `yield from` for it")
        if not isinstance(event, Event):
            raise InputError("", where, f"found `yield` of {event!r}", "expected an event, such as visit.work(days)")
        try:
            go_on, answer = under_way.send, (yield event)
        except BaseException as error:
            go_on, answer = under_way.throw, error
