"""The steady state: what a year's care comes to on average, where nobody waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, pi, sqrt

import numpy as np

from paysim.incentives.changes import RecodingRule
from paysim.incentives.outcome import Floats
from paysim.model.pathway import Duration, Step
from paysim.model.system import System
from paysim.payment.classes import Classes
from paysim.payment.lookups import NONE
from paysim.payment.survey import Sorts
from paysim.simulation.traffic import expected_visits


@dataclass(frozen=True, eq=False)
class Steady:
    """A year's `steps` and the `days` that they last, by sort and class of residents.

    `visits` are the steps by kind of resident and step, `mean_days` what a step lasts, by step.
    """

    steps: Floats
    days: Floats
    visits: Floats
    mean_days: Floats


def steady(system: System, sorts: Sorts, classes: Classes) -> Steady:
    """Return the steady state of a system.

    Visits solve the traffic equations, see `paysim.simulation.traffic`; the residents of a place choose services by
    their shares, and codes come by the shares of the case mix. A step crosses as many midnights as it lasts days, which
    holds on average for one that may begin at any time of day alike.
    """
    visits = expected_visits(system) * system.population.counts().ravel()[:, None]
    of_kind = classes.of_kind.ravel()
    by_class = np.stack([visits[of_kind == number].sum(axis=0) for number in range(len(classes))])
    steps = np.zeros((len(sorts.step), len(classes)))
    days = np.zeros_like(steps)
    mean_days = np.zeros(len(system.steps))
    for number, step in enumerate(system.steps.values()):
        codes = _codes(system, step)
        mean_days[number] = sum(share * mean for share, mean in codes.values())
        services = np.array([system.service_ids.index(id) for id in step.service.services])
        for sort in np.flatnonzero(sorts.step == number).tolist():
            share, mean = codes.get(int(sorts.code[sort]), (0.0, 0.0))
            at_service = step.service.shares[:, services == sorts.service[sort]].sum(axis=1)
            steps[sort] = by_class[:, number] * at_service[classes.place] * share
            days[sort] = steps[sort] * mean
    return Steady(steps, days, visits, mean_days)


def codes_recorded(system: System, given: Steady, sorts: Sorts, rules: Sequence[RecodingRule]) -> Steady:
    """Return the same care with shares of its steps recorded with other codes, and each the days that it lasts.

    Of several rules on one code, each takes its share of what those before it left; all go by the code of the care.
    """
    left = {number: (given.steps[number], given.days[number]) for number in range(len(sorts.step))}
    steps, days = given.steps.copy(), given.days.copy()
    organisations = list(system.organisations)
    owner = np.array([organisations.index(service.organisation) for service in system.services.values()])[sorts.service]
    for rule in rules:
        here = (sorts.step == rule.step) & (owner == rule.owner)
        for sort in np.flatnonzero(here & (sorts.code == rule.was)).tolist():
            becomes = here & (sorts.code == rule.becomes) & (sorts.service == sorts.service[sort])
            moved = [of_sort * rule.share for of_sort in left[sort]]
            left[sort] = (left[sort][0] - moved[0], left[sort][1] - moved[1])
            for table, amount in zip((steps, days), moved, strict=True):
                table[sort] -= amount
                table[becomes] += amount
    return Steady(steps, days, given.visits, given.mean_days)


def _codes(system: System, step: Step) -> dict[int, tuple[float, float]]:
    """Return the share and the mean days of each code of a step, by its number."""
    numbers = {code: number for number, code in enumerate(system.codes)}
    if step.case_mix is None:
        assert step.duration is not None
        return {numbers[step.code] if step.code else NONE: (1.0, mean_days(step.duration))}
    found: dict[int, tuple[float, float]] = {}
    for entry in system.case_mixes[step.case_mix].entries:
        duration = step.duration if step.duration is not None else entry.stay
        assert duration is not None
        before, mean = found.get(numbers[entry.code], (0.0, 0.0))
        share = before + entry.share
        mean = (before * mean + entry.share * mean_days(duration)) / share if share else 0.0
        found[numbers[entry.code]] = (share, mean)
    return found


def mean_days(duration: Duration) -> float:
    """Return the mean of a duration, that of a normal one with all below zero at zero."""
    mean, deviation = duration.mean, duration.mean * duration.cv
    if duration.distribution != "normal" or deviation == 0.0:
        return mean
    z = mean / deviation
    return mean * (1.0 + erf(z / sqrt(2.0))) / 2.0 + deviation * exp(-z * z / 2.0) / sqrt(2.0 * pi)
