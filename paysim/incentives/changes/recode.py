"""The same care, recorded with other codes."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.changes.moved import Change, changes_of, impossible, share_of
from paysim.incentives.changes.steps import step_of
from paysim.incentives.outcome import Point
from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.lever import RecodeEffect
from paysim.model.system import System
from paysim.simulation.draws import RECODING, name_key, uniforms

_NONE = -1

_ROWS_AT_A_TIME = 1 << 22
"""A fraction of a second; kernels do not notice Ctrl-C, Python in between does."""

_KEY_SHIFT = np.uint64(32)
_AFTER_ALL_WARM_UP = np.int64(1) << 31
"""Ticks that make the start of every step a number of 32 bits above 0."""


class RecodingRule(NamedTuple):
    """Of an owner's steps with code `was`, the share that gets code `becomes`; `key` is that of its random numbers."""

    step: int
    was: int
    becomes: int
    share: float
    key: int
    owner: int


def recorded(activity: Activity, system: System, point: Point) -> Activity:
    """Return an activity as it is recorded with the levers at these intensities; all but the codes are shared with it.

    An organisation records what its own services do, and nobody else's.
    Whether a step is recorded otherwise depends on the seed, the replication, the resident, the step and when it began
    alone; what is at one share is at every larger one. Of several effects on one code, each takes its share of what
    those before it left; all go by the code that the care itself would have.
    """
    table = recoding_rules(system, point)
    if not table:
        return activity
    first = np.full((len(system.steps), len(system.codes)), _NONE, dtype=np.int32)
    for number, rule in reversed(list(enumerate(table))):
        first[rule.step, rule.was] = number
    step, was, becomes, share, key, owner = (np.array(column) for column in zip(*table, strict=True))
    keys = np.array([name_key(id) for id in system.step_ids], dtype=np.int64)
    organisation = np.array([_number(system, system.services[id].organisation) for id in system.service_ids])
    code = activity.code.copy()
    run = activity.run
    for begin in range(0, len(activity), _ROWS_AT_A_TIME):
        rows = slice(begin, begin + _ROWS_AT_A_TIME)
        _recode(
            activity.resident[rows],
            activity.step[rows],
            activity.service[rows],
            activity.start[rows],
            code[rows],
            first,
            step,
            was,
            becomes.astype(np.int16),
            share,
            key,
            owner,
            organisation,
            keys,
            np.uint64(run.seed),
            np.uint64(run.replication),
        )
    return replace(activity, code=code)


def recoding_rules(system: System, point: Point) -> list[RecodingRule]:
    """Return what is recorded otherwise at these intensities, by step and code, those of one code in their order."""
    rules = [rule for change in changes_of(system, point, RecodeEffect) for rule in _rules(system, change)]
    return sorted(rules, key=lambda rule: (rule.step, rule.was))


def _rules(system: System, change: Change[RecodeEffect]) -> Iterator[RecodingRule]:
    effect, numbers = change.effect, {code: number for number, code in enumerate(system.codes)}
    for code in (effect.code, effect.recorded_as):
        if code not in numbers:
            raise impossible(change, f"found code {code!r}", "expected one that a step or a price of the system has")
    share = share_of(change, f"of code {effect.code!r} recorded as {effect.recorded_as!r}")
    key = name_key(f"{change.lever}: {effect.code} as {effect.recorded_as}")
    owner = _number(system, system.levers[change.lever].owner)
    for id in effect.steps:
        number = system.step_ids.index(step_of(system, change, id).id)
        yield RecodingRule(number, numbers[effect.code], numbers[effect.recorded_as], share, key, owner)


def _number(system: System, organisation: str) -> int:
    return list(system.organisations).index(organisation)


@kernel
def _recode(
    resident: NDArray[np.int32],
    step: NDArray[np.int16],
    service: NDArray[np.int16],
    start: NDArray[np.float64],
    code: NDArray[np.int16],
    first: NDArray[np.int32],
    rule_step: NDArray[np.int64],
    rule_was: NDArray[np.int64],
    becomes: NDArray[np.int16],
    share: NDArray[np.float64],
    key: NDArray[np.int64],
    owner: NDArray[np.int64],
    organisation: NDArray[np.int64],
    step_key: NDArray[np.int64],
    seed: np.uint64,
    replication: np.uint64,
) -> None:
    """Put other codes in the place of those that a rule takes, row by row."""
    for row in range(len(code)):
        at, was = step[row], code[row]
        rule = first[at, was] if was >= 0 else _NONE
        while 0 <= rule < len(rule_step) and rule_step[rule] == at and rule_was[rule] == was:
            tick = np.int64(np.rint(start[row] * TICKS_PER_DAY)) + _AFTER_ALL_WARM_UP
            stream = np.uint64(tick) | (np.uint64(key[rule]) << _KEY_SHIFT)
            own = organisation[service[row]] == owner[rule]
            if own and uniforms(seed, replication, RECODING, resident[row], stream, step_key[at])[0] < share[rule]:
                code[row] = becomes[rule]
                break
            rule += 1
