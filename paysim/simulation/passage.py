"""When the steps that an episode leads to end, without simulating: how early demand must begin before a run.

Moments of time along a Markov chain, step by step, as for rewards in Howard, "Dynamic Probabilistic Systems" II (1971).
With v visits to a step and P the probabilities of going on, each after a time of mean T and mean square S,

    v = e + v P,   a = a P + v P T,   b = b P + 2 a P T + v P S

gives a and b, the sums over visits of their time since the first request and of its square; a step's end comes a stay
later. Waits in queues are left out.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from paysim.model.pathway import Duration, Pathway, Step
from paysim.model.system import System
from paysim.simulation.traffic import mean_duration

LONGEST_LEAD = 365.0
"""Days. Long chains of visits thin out only slowly."""

MOST_MISSING = 0.03
"""The share of a step's visits that may be missing for want of one pathway's earlier episodes."""


_ROUNDING = 1e-9


class _Onward(NamedTuple):
    """From step to step: the probability, and that times the mean and the mean square of the time until the next."""

    probability: NDArray[np.float64]
    time: NDArray[np.float64]
    squared: NDArray[np.float64]


class _Visits(NamedTuple):
    """By step: visits a year, and the sums of the time from the first request to their end, in days, and its square."""

    number: NDArray[np.float64]
    time: NDArray[np.float64]
    squared: NDArray[np.float64]


def first_days(system: System) -> NDArray[np.float64]:
    """Return the day on which each pathway's demand begins, by pathway with demand: 0 is the first 1 April.

    That is so early that, when the warm-up begins, as many steps of each kind end as later on: at most MOST_MISSING of
    them are missing for want of a pathway's earlier episodes. Times since the first request are taken to follow the
    gamma distribution of their mean and variance. No pathway begins more than LONGEST_LEAD before the warm-up.
    Without a warm-up everything is empty on day 0.
    """
    pathways = [pathway for pathway in system.pathways.values() if pathway.demand is not None]
    if system.study.warm_up_days == 0 or not pathways:
        return np.zeros(len(pathways))
    visits = [_visits(system, pathway) for pathway in pathways]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = np.nansum([each.number for each in visits], axis=0)
        leads = [_lead(each, each.number / total) for each in visits]
    return -system.study.warm_up_days - np.array(leads)


def _lead(visits: _Visits, share: NDArray[np.float64]) -> float:
    """Return the whole days after which all but MOST_MISSING of each step's visits are over."""
    mean = visits.time / visits.number
    variance = visits.squared / visits.number - mean**2
    varies = variance > _ROUNDING * mean**2
    days = np.where(varies, variance / mean * gammaincinv(mean**2 / variance, 1.0 - MOST_MISSING / share), mean)
    counts = ~((visits.number == 0.0) | (share <= MOST_MISSING))
    lead = float(days[counts].max(initial=0.0))
    return min(math.ceil(lead * (1.0 - _ROUNDING)), LONGEST_LEAD) if lead >= 0.0 else LONGEST_LEAD


def _visits(system: System, pathway: Pathway) -> _Visits:
    assert pathway.demand is not None
    residents = system.population.counts() * pathway.demand.rate
    entries = np.array([float(residents.sum()) if step == pathway.entry else 0.0 for step in system.steps])
    if not entries.any():
        return _Visits(entries, entries, entries)
    onward = _onward(system, residents / residents.sum())
    left = (np.eye(len(entries)) - onward.probability).T
    try:
        number = np.linalg.solve(left, entries)
        time = np.linalg.solve(left, number @ onward.time)
        squared = np.linalg.solve(left, 2.0 * time @ onward.time + number @ onward.squared)
    except np.linalg.LinAlgError:
        number, time, squared = np.full((3, len(entries)), np.nan)
    stay = np.array([mean_duration(system, step) for step in system.steps.values()])
    stay_squared = np.array([_stay_squared(system, step) for step in system.steps.values()])
    return _Visits(number, time + number * stay, squared + 2.0 * time * stay + number * stay_squared)


def _onward(system: System, weights: NDArray[np.float64]) -> _Onward:
    """Return how episodes go on, on average over residents by their weights."""
    numbers = {step: number for number, step in enumerate(system.steps)}
    probability, time, squared = np.zeros((3, len(numbers), len(numbers)))
    for number, step in enumerate(system.steps.values()):
        attending = np.ones_like(weights)
        if step.not_attending is not None:
            attending = 1.0 - step.not_attending.probability
            probability[number, numbers[step.not_attending.instead]] += 1.0 - float((attending * weights).sum())
        stay, stay_squared = mean_duration(system, step), _stay_squared(system, step)
        for branch in step.branches:
            if branch.to is None:
                continue
            to, share = numbers[branch.to], float((attending * branch.probability * weights).sum())
            probability[number, to] += share
            time[number, to] += share * (stay + branch.delay.mean)
            squared[number, to] += share * (stay_squared + 2.0 * stay * branch.delay.mean + _squared(branch.delay))
    return _Onward(probability, time, squared)


def _stay_squared(system: System, step: Step) -> float:
    """Return the mean square of a stay; one that a code decides is taken as exponential, as wide as most are."""
    return _squared(step.duration) if step.duration is not None else 2.0 * mean_duration(system, step) ** 2


def _squared(duration: Duration) -> float:
    return duration.mean**2 * (1.0 + duration.cv**2)
