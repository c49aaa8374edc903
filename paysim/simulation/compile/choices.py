"""Choices of provider become thresholds by place."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.model.errors import InputError
from paysim.model.limits import MOST_OPTIONS_TO_WAIT_FOR, MOST_WAIT_SENSITIVE_CHOICES
from paysim.model.pathway import Step
from paysim.model.system import System
from paysim.simulation import draws
from paysim.simulation.compile.arrays import complete, ints, offsets, thresholds
from paysim.simulation.program import NOTHING, Choices


def compile_choices(system: System) -> Choices:
    """Return which services may carry each step out.

    Raises InputError for ids that share a key of their random numbers, and for more choices by wait, or options of
    one, than an episode can remember.
    """
    _refuse_shared_keys(system)
    steps = list(system.steps.values())
    services = {service: number for number, service in enumerate(system.services)}
    by_wait = _choices_by_wait(steps)
    shares = [step.service.shares for step in steps]
    totals = [complete(thresholds(step.service.shares), f"{step.id}.service") for step in steps]
    return Choices(
        group=ints(draws.name_key(step.service.group) for step in steps),
        first=offsets(len(step.service.services) for step in steps),
        service=ints(services[service] for step in steps for service in step.service.services),
        certain=_certain_services(steps, services),
        share=np.ascontiguousarray(np.concatenate(shares, axis=1)),
        until=np.ascontiguousarray(np.concatenate(totals, axis=1)),
        sensitivity=np.array([step.service.wait_sensitivity for step in steps]),
        remembered=ints(by_wait.get(step.service.group, NOTHING) for step in steps),
    )


def _choices_by_wait(steps: Sequence[Step]) -> dict[str, int]:
    """Return the number of each choice that waits have a part in."""
    choices = [step.service for step in steps if step.service.wait_sensitivity > 0.0]
    groups = dict.fromkeys(choice.group for choice in choices)
    if len(groups) > MOST_WAIT_SENSITIVE_CHOICES:
        found = f"found {len(groups)} choices with wait_sensitivity"
        raise InputError("", "choice", found, f"expected at most {MOST_WAIT_SENSITIVE_CHOICES}")
    for choice in choices:
        if len(choice.services) > MOST_OPTIONS_TO_WAIT_FOR:
            found, expected = f"found {len(choice.services)} options", f"expected at most {MOST_OPTIONS_TO_WAIT_FOR}"
            raise InputError("", f"choice.{choice.group}", found, f"{expected} where wait_sensitivity is above 0")
    return {group: number for number, group in enumerate(groups)}


def _refuse_shared_keys(system: System) -> None:
    groups = dict.fromkeys(step.service.group for step in system.steps.values())
    for names in (list(system.pathways), list(groups)):
        keys = {draws.name_key(name): name for name in names}
        if len(keys) < len(names):
            lost = next(name for name in names if keys[draws.name_key(name)] != name)
            found = f"found ids {lost!r} and {keys[draws.name_key(lost)]!r}, which share a key of their random numbers"
            raise InputError("", lost, found, "expected one of them to have another id")


def _certain_services(steps: Sequence[Step], numbers: Mapping[str, int]) -> NDArray[np.int32]:
    """Return the service of each place and step where no choice is left, else NOTHING: shape (places, steps)."""
    best = [step.service.shares.argmax(axis=1) for step in steps]
    certain = [step.service.shares.max(axis=1) == 1.0 for step in steps]
    services = [np.array([numbers[service] for service in step.service.services]) for step in steps]
    columns = [np.where(c, s[b], NOTHING) for c, s, b in zip(certain, services, best, strict=True)]
    return np.stack(columns, axis=1).astype(np.int32)
