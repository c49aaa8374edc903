"""From System to Program: names become numbers, probabilities become thresholds, hours become a weekly timetable."""

import math
from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, TICKS_PER_DAY, days_in_years
from paysim.model.errors import InputError
from paysim.model.pathway import IMMEDIATELY, Duration, Step
from paysim.model.service import Service
from paysim.model.system import System
from paysim.simulation import draws, durations
from paysim.simulation.demand import compile_demands
from paysim.simulation.program import (
    NOTHING,
    CaseMixes,
    Durations,
    Program,
    Residents,
    Services,
    Steps,
)

_ROUNDING_SLACK = 1e-9


class _DurationTable:
    """Numbers the distinct durations of a system in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[Duration, int] = {}

    def number(self, duration: Duration | None) -> int:
        return NOTHING if duration is None else self._numbers.setdefault(duration, len(self._numbers))

    def arrays(self) -> Durations:
        rows = [durations.parameters(duration) for duration in self._numbers]
        kind, a, b = zip(*rows, strict=True)
        return Durations(_ints(kind), np.array(a, dtype=np.float64), np.array(b, dtype=np.float64))


def compile_program(system: System, years: int, sample: float) -> Program:
    """Return the Program of a run over `years` financial years with a share `sample` of the residents.

    Capacities are scaled alike, rounded up to a whole server.
    """
    _refuse_shared_keys(system)
    table = _DurationTable()
    table.number(IMMEDIATELY)
    mixes = _case_mixes(system, table)
    steps = _steps(system, table)
    begin = -float(system.study.warm_up_days)
    return Program(
        begin=begin,
        stop=float(days_in_years(system.start, years)),
        weekday=system.start.weekday(),
        durations=table.arrays(),
        steps=steps,
        case_mixes=mixes,
        services=_services(system.services.values(), sample),
        demands=compile_demands(system, begin, years),
        residents=_residents(system, sample),
    )


def scaled_capacity(capacity: int, sample: float) -> int:
    """Return the servers of a service when only a share `sample` of residents is simulated: at least one if any."""
    return math.ceil(capacity * sample - _ROUNDING_SLACK)


def _ints(values: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(values), dtype=np.int32)


def _offsets(lengths: Iterable[int]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(list(lengths), dtype=np.int64))).astype(np.int32)


def _case_mixes(system: System, table: _DurationTable) -> CaseMixes:
    codes = {code: number for number, code in enumerate(system.codes)}
    mixes = list(system.case_mixes.values())
    entries = [entry for mix in mixes for entry in mix.entries]
    until = [
        _complete(_thresholds(np.array([entry.share for entry in mix.entries])), f"case_mix.{mix.id}") for mix in mixes
    ]
    return CaseMixes(
        first=_offsets(len(mix.entries) for mix in mixes),
        until=np.concatenate([*until, np.zeros(0)]),
        code=_ints(codes[entry.code] for entry in entries),
        duration=_ints(table.number(entry.stay) for entry in entries),
    )


def _thresholds(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return running totals along the last axis, exactly 1 where rounding alone keeps them from it."""
    totals = np.cumsum(shares, axis=-1)
    return np.where(np.abs(totals - 1.0) < _ROUNDING_SLACK, 1.0, totals)


def _complete(totals: NDArray[np.float64], where: str) -> NDArray[np.float64]:
    """Return running totals that end at 1; the engines look no further than the last of them."""
    if (totals[..., -1] != 1.0).any():
        found = f"found shares that add up to {totals[..., -1].ravel().tolist()}"
        raise InputError("", where, found, "expected shares that add up to 1")
    return totals


def _refuse_shared_keys(system: System) -> None:
    groups = dict.fromkeys(step.service.group for step in system.steps.values())
    for names in (list(system.pathways), list(groups)):
        keys = {draws.name_key(name): name for name in names}
        if len(keys) < len(names):
            lost = next(name for name in names if keys[draws.name_key(name)] != name)
            found = f"found ids {lost!r} and {keys[draws.name_key(lost)]!r}, which share a key of their random numbers"
            raise InputError("", lost, found, "expected one of them to have another id")


def _steps(system: System, table: _DurationTable) -> Steps:
    steps = list(system.steps.values())
    codes = {code: number for number, code in enumerate(system.codes)}
    step_numbers = {step: number for number, step in enumerate(system.steps)}
    mix_numbers = {mix: number for number, mix in enumerate(system.case_mixes)}
    service_numbers = {service: number for number, service in enumerate(system.services)}
    branches = [branch for step in steps for branch in step.branches]
    first_threshold, varies, until = _branch_thresholds(steps)
    return Steps(
        group=_ints(draws.name_key(step.service.group) for step in steps),
        first_option=_offsets(len(step.service.services) for step in steps),
        option_service=_ints(service_numbers[service] for step in steps for service in step.service.services),
        certain_service=_certain_services(steps, service_numbers),
        option_until=np.ascontiguousarray(
            np.concatenate(
                [_complete(_thresholds(step.service.shares), f"{step.id}.service") for step in steps], axis=1
            )
        ),
        duration=_ints(table.number(step.duration) for step in steps),
        case_mix=_ints(mix_numbers[step.case_mix] if step.case_mix else NOTHING for step in steps),
        code=_ints(codes[step.code] if step.code else NOTHING for step in steps),
        priority=_ints(step.priority for step in steps),
        first_branch=_offsets(len(step.branches) for step in steps),
        branch_to=_ints(step_numbers[branch.to] for branch in branches),
        branch_delay=_ints(table.number(branch.delay) for branch in branches),
        first_threshold=first_threshold,
        varies=varies,
        branch_until=until,
    )


def _certain_services(steps: Collection[Step], numbers: Mapping[str, int]) -> NDArray[np.int32]:
    """Return the service of each place and step where no choice is left, else NOTHING: shape (places, steps)."""
    best = [step.service.shares.argmax(axis=1) for step in steps]
    certain = [step.service.shares.max(axis=1) == 1.0 for step in steps]
    services = [np.array([numbers[service] for service in step.service.services]) for step in steps]
    columns = [np.where(c, s[b], NOTHING) for c, s, b in zip(certain, services, best, strict=True)]
    return np.stack(columns, axis=1).astype(np.int32)


def _branch_thresholds(
    steps: Iterable[Step],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """Return where each branch's thresholds begin, whether they vary between residents, and the thresholds."""
    first, varies, until, position = [], [], [np.zeros(0)], 0
    for step in steps:
        if not step.branches:
            continue
        by_kind = np.stack([branch.probability.ravel() for branch in step.branches], axis=-1)
        differs = bool(np.any(by_kind != by_kind[0]))
        totals = _thresholds(by_kind if differs else by_kind[:1])
        for branch in range(len(step.branches)):
            first.append(position)
            varies.append(int(differs))
            until.append(totals[:, branch])
            position += len(totals)
    return np.array(first, dtype=np.int64), _ints(varies), np.concatenate(until)


def _services(services: Collection[Service], sample: float) -> Services:
    timetables = [_timetable(service, scaled_capacity(service.capacity, sample)) for service in services]
    changes = [change for timetable in timetables for change in timetable]
    return Services(
        first_change=_offsets(len(timetable) for timetable in timetables),
        change_day=np.array([day for day, _ in changes], dtype=np.float64),
        change_servers=_ints(servers for _, servers in changes),
        by_priority=_ints(service.discipline == "priority" for service in services),
    )


def _timetable(service: Service, servers: int) -> list[tuple[float, int]]:
    """Return when, in days since Monday, the number of servers changes and to what."""
    if not service.opening:
        return [(0.0, servers)]
    changes = {0.0: 0}
    for hours in service.opening:
        changes[_first_tick(hours.start)] = servers
        changes.setdefault(_first_tick(hours.stop), 0)
    changes.pop(float(DAYS_PER_WEEK), None)
    return sorted(changes.items())


def _first_tick(hours: float) -> float:
    """Return the first clock tick, in days, that is not before a time of the week."""
    return math.ceil(hours * TICKS_PER_DAY / HOURS_PER_DAY) / TICKS_PER_DAY


def _residents(system: System, sample: float) -> Residents:
    population = system.population
    number = population.sample(sample)
    cell = population.cell_of(number)
    kind = population.place[cell].astype(np.int32) * population.profiles + population.profile[cell]
    return Residents(number=number, kind=kind, profiles=population.profiles)
