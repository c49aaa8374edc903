"""Other residents choose a service."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.changes.moved import Changes, impossible
from paysim.incentives.changes.steps import with_steps
from paysim.model.lever import ChoiceEffect
from paysim.model.pathway import Step
from paysim.model.system import System


def with_choice(system: System, changes: Changes[ChoiceEffect]) -> System:
    """Return the system with the shares of options plus the changes, from 0 to 1, and the others in proportion.

    Only options that a place is offered, those with a share above 0, take or give: where its residents have no other,
    they keep it. Of two options only those whose choice changes notice; of more, some may change between the others.
    """
    more: dict[str, dict[int, float]] = {}
    for change in changes:
        group, option = change.effect.choice, change.effect.option
        steps = _choosing(system, group)
        if not steps or not all(0 <= option < len(step.service.services) for step in steps):
            raise impossible(change, f"found option {option} of choice {group!r}", "expected one of the system")
        amounts = more.setdefault(group, {})
        amounts[option] = amounts.get(option, 0.0) + change.amount
    chosen = {
        step.id: replace(step, service=replace(step.service, shares=_moved(step.service.shares, amounts)))
        for group, amounts in more.items()
        for step in _choosing(system, group)
    }
    return with_steps(system, chosen)


def _choosing(system: System, group: str) -> list[Step]:
    return [step for step in system.steps.values() if group and step.service.group == group]


def _moved(shares: NDArray[np.float64], amounts: dict[int, float]) -> NDArray[np.float64]:
    """Return shares by place, shape (places, options), with some options' shares changed by these amounts."""
    moved = shares.copy()
    others = [option for option in range(shares.shape[1]) if option not in amounts]
    for place, before in enumerate(shares):
        options = [option for option in sorted(amounts) if before[option] > 0.0]
        wanted = np.clip(before[options] + np.array([amounts[option] for option in options]), 0.0, 1.0)
        rest, left = float(before[others].sum()), 1.0 - float(wanted.sum())
        if not options or (rest == 0.0 and not wanted.any()):
            continue
        if left < 0.0 or rest == 0.0:
            wanted, left = wanted / wanted.sum(), 0.0
        moved[place, options] = wanted
        moved[place, others] = before[others] * (left / rest if rest > 0.0 else 0.0)
    return moved
