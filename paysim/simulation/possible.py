"""What a system must be for a run to begin or go on with it: what no config could say is impossible."""

from collections.abc import Iterator
from functools import partial
from numbers import Integral
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY
from paysim.model.endless import never_out
from paysim.model.errors import InputError, dotted
from paysim.model.limits import LARGEST_COUNT, LARGEST_NUMBER, ROUNDING, WIDEST_NORMAL
from paysim.model.pathway import MOST_EPISODES, Distribution, Duration, ServiceChoice, Step
from paysim.model.population import ByResident
from paysim.model.reach import residents_who_reach
from paysim.model.service import Discipline, OpenHours
from paysim.model.standstill import NOTHING_HELD, Held, Standstill, deadlock, instant_circle, services_held
from paysim.model.system import System

Problem = tuple[str, str, str]
"""A key path, what was found there and what was expected."""


def refuse_impossible(system: System, held: Held = NOTHING_HELD) -> None:
    """Raise InputError unless start, capacities, timings, rates, probabilities, durations and shares are possible.

    They are where a config may hold them.

    A capacity of 0 is possible, though no config begins with it: a lever may close a service. `held` are services that
    settings before may still keep for others.
    """
    for problems in (_start, _services, _timings, _demand, _steps, _case_mixes, _need, partial(_endless, held=held)):
        for key_path, found, expected in problems(system):
            raise InputError("", key_path, found, expected)


def _start(system: System) -> Iterator[Problem]:
    if (system.start.month, system.start.day) != (4, 1):
        yield "start", f"found {system.start.isoformat()}", "expected 1 April of a financial year"


def _services(system: System) -> Iterator[Problem]:
    for service in system.services.values():
        path = f"service.{service.id}"
        yield from _whole(f"{path}.capacity", service.capacity)
        if service.waiting_room is not None:
            yield from _whole(f"{path}.waiting_room", service.waiting_room)
        yield from _one_of(f"{path}.discipline", service.discipline, get_args(Discipline))
        yield from _opening(f"{path}.opening", service.opening)
        if (follows := service.follows_activity) is not None:
            yield from _whole(f"{path}.follows_activity.servers_per_step", follows.servers_per_step, least=1)
            yield from _whole(f"{path}.follows_activity.lag_months", follows.lag_months, least=1)
            if not 0.0 < (planned := follows.planned_utilisation) <= 1.0:
                yield (
                    f"{path}.follows_activity.planned_utilisation",
                    f"found {planned:g}",
                    "expected above 0, at most 1",
                )


def _opening(path: str, opening: tuple[OpenHours, ...]) -> Iterator[Problem]:
    week, closed = DAYS_PER_WEEK * HOURS_PER_DAY, 0.0
    for span in sorted(opening, key=lambda span: span.start):
        if not closed <= span.start < span.stop <= week:
            found = f"found hours {span.start:g} to {span.stop:g} of the week"
            yield path, found, f"expected spans that end after they begin and do not overlap, between 0 and {week:g}"
        closed = span.stop


def _timings(system: System) -> Iterator[Problem]:
    for timing in system.timings.values():
        for key, parts in (("hours", 24), ("weekdays", 7), ("months", 12)):
            path, weights = f"timing.{timing.id}.{key}", getattr(timing, key)
            yield from _array(path, weights, (parts,))
            yield from _within(path, weights, LARGEST_NUMBER)
            if not np.any(weights):
                yield path, "found nothing above 0", "expected at least one"


def _demand(system: System) -> Iterator[Problem]:
    for pathway in system.pathways.values():
        yield from _known(f"pathway.{pathway.id}.entry", "step", pathway.entry, system.steps)
        if pathway.demand is not None:
            yield from _known(f"pathway.{pathway.id}.demand.timing", "timing", pathway.demand.timing, system.timings)
            yield from _by_resident(system, f"pathway.{pathway.id}.demand.rate", pathway.demand.rate, MOST_EPISODES)


def _steps(system: System) -> Iterator[Problem]:
    inhabited = system.population.inhabited()
    for step in system.steps.values():
        yield from _whole(f"{step.id}.priority", step.priority)
        yield from _known(f"{step.id}.currency", "currency", step.currency, system.currencies)
        yield from _known(f"{step.id}.unserved", "step", step.unserved, system.steps)
        yield from _choice(system, f"{step.id}.service", step.service)
        yield from _time_in_service(system, step)
        if step.patience is not None:
            yield from _duration(f"{step.id}.patience", step.patience)
        if (missing := step.not_attending) is not None:
            yield from _known(f"{step.id}.not_attending.instead", "step", missing.instead, system.steps)
            yield from _by_resident(system, f"{step.id}.not_attending.probability", missing.probability)
        yield from _ways_on(system, step)
        yield from _together(step, inhabited)


def _time_in_service(system: System, step: Step) -> Iterator[Problem]:
    yield from _known(f"{step.id}.case_mix", "case mix", step.case_mix, system.case_mixes)
    if step.duration is not None:
        yield from _duration(f"{step.id}.duration", step.duration)
        return
    entries = system.case_mixes[step.case_mix].entries if step.case_mix is not None else ()
    if not entries or any(entry.stay is None for entry in entries):
        yield f"{step.id}.duration", "found none", "expected one, or a case mix with stays"


def _ways_on(system: System, step: Step) -> Iterator[Problem]:
    for number, branch in enumerate(step.branches):
        path = f"{step.id}.next[{number}]"
        yield from _known(f"{path}.to", "step", branch.to, system.steps)
        yield from _duration(f"{path}.delay", branch.delay)
        yield from _by_resident(system, f"{path}.probability", branch.probability)
        for band, after in enumerate(branch.after_wait):
            yield from _number(f"{path}.after_wait[{band}].over", after.over)
            yield from _by_resident(system, f"{path}.after_wait[{band}].probability", after.probability)


def _together(step: Step, inhabited: NDArray[np.bool_]) -> Iterator[Problem]:
    """Yield where the ways on from a step are more than certain together, for residents that there are."""
    for limit in step.wait_limits:
        total = sum((branch.probability_after(limit) for branch in step.branches), np.zeros(inhabited.shape))
        most = float(np.max(total, where=inhabited, initial=0.0))
        if most > 1.0 + ROUNDING:
            found = f"found probabilities that add up to {most:g}"
            yield f"{step.id}.next", found, "expected at most 1"


def _choice(system: System, path: str, choice: ServiceChoice) -> Iterator[Problem]:
    for service in choice.services:
        yield from _known(path, "service", service, system.services)
    yield from _array(f"{path}.shares", choice.shares, (len(system.places), len(choice.services)))
    yield from _all_of_it(f"{path}.shares", choice.shares)
    yield from _number(f"{path}.wait_sensitivity", choice.wait_sensitivity)


def _case_mixes(system: System) -> Iterator[Problem]:
    for mix in system.case_mixes.values():
        path = f"case_mix.{mix.id}"
        yield from _all_of_it(f"{path}.share", [entry.share for entry in mix.entries])
        for entry in mix.entries:
            if entry.stay is not None:
                yield from _duration(f"{path}.{entry.code}.stay", entry.stay)


def _need(system: System) -> Iterator[Problem]:
    if system.need is not None:
        segments = len(system.population.segments)
        yield from _by_resident(system, "need.death", system.need.death)
        yield from _array("need.transitions", system.need.transitions, (segments, segments))
        yield from _all_of_it("need.transitions", system.need.transitions)


def _endless(system: System, held: Held) -> Iterator[Problem]:
    yield from _standstill(instant_circle(system))
    reached = residents_who_reach(system)
    for step, _, _ in never_out(system, reached):
        yield f"{step.id}.next", "found a cycle that never ends", "expected a way out with a probability above 0"
    yield from _standstill(deadlock({**held, **services_held(system, reached)}))


def _standstill(circle: Standstill | None) -> Iterator[Problem]:
    if circle is not None:
        yield dotted((circle.step, *circle.keys)), circle.found, circle.expected


def _duration(path: str, duration: Duration) -> Iterator[Problem]:
    yield from _one_of(f"{path}.distribution", duration.distribution, get_args(Distribution))
    yield from _number(f"{path}.mean", duration.mean)
    yield from _number(f"{path}.cv", duration.cv)
    if duration.distribution == "uniform" and duration.cv**2 * 3 > 1 + ROUNDING:
        yield f"{path}.cv", f"found {duration.cv:g}", "expected at most 0.577, so that no time is negative"
    if duration.distribution == "normal" and duration.cv > WIDEST_NORMAL:
        expected = f"expected at most {WIDEST_NORMAL:g}, so that cutting off at zero hardly moves the mean"
        yield f"{path}.cv", f"found {duration.cv:g}", expected


def _by_resident(system: System, path: str, values: ByResident, most: float = 1.0) -> Iterator[Problem]:
    yield from _array(path, values, (len(system.places), system.population.profiles))
    yield from _within(path, values, most)


def _all_of_it(path: str, shares: Any) -> Iterator[Problem]:
    """Yield where shares do not add up to 1 along the last axis, as a config's do once they are read."""
    yield from _within(path, shares, 1.0)
    totals = np.sum(shares, axis=-1, keepdims=True)
    for total in totals[np.abs(totals - 1.0) > ROUNDING]:
        yield path, f"found shares that add up to {total:.10g}", "expected 1"


def _array(path: str, values: Any, shape: tuple[int, ...]) -> Iterator[Problem]:
    if np.shape(values) != shape:
        yield path, f"found an array of shape {np.shape(values)}", f"expected shape {shape}"


def _within(path: str, values: Any, most: float) -> Iterator[Problem]:
    """Yield the first of the values that is not from 0 to `most`; that which is no number is not."""
    array = np.atleast_1d(values)
    for value in array[~((array >= 0.0) & (array <= most))]:
        yield from _number(path, value, most)


def _number(path: str, value: float, most: float = LARGEST_NUMBER) -> Iterator[Problem]:
    if not 0.0 <= value <= most:
        yield path, f"found {value:g}", f"expected 0 to {most:g}"


def _whole(path: str, value: Any, least: int = 0) -> Iterator[Problem]:
    if not isinstance(value, Integral) or int(value) < least:
        yield path, f"found {value!r}", f"expected a whole number of at least {least}"
    elif int(value) > LARGEST_COUNT:
        yield path, f"found {value!r}", f"expected at most {LARGEST_COUNT}"


def _one_of(path: str, word: str, words: tuple[str, ...]) -> Iterator[Problem]:
    if word not in words:
        yield path, f"found {word!r}", f"expected {', '.join(words)}"


def _known(path: str, kind: str, name: str | None, known: Any) -> Iterator[Problem]:
    if name is not None and name not in known:
        yield path, f"unknown {kind} {name!r}", f"expected a {kind} of the system"
