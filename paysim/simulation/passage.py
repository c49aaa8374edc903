"""When the steps that an episode leads to end, without simulating: how early demand must begin before a run.

Moments of time along a Markov chain, step by step, as for rewards in Howard, "Dynamic Probabilistic Systems" II (1971).
With v visits to a step and P the probabilities of going on, each after a time of mean T and mean square S,

    v = e + v P,   a = a P + v P T,   b = b P + 2 a P T + v P S

gives a and b, the sums over visits of their time since the first request and of its square; a step's end comes a stay
later. Ends are counted by visits and by days of stay: long stays end later than most. Waits in queues are left out.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaincinv

from paysim.model.pathway import Duration, Pathway
from paysim.model.system import System
from paysim.simulation.traffic import mean_duration

LONGEST_LEAD = 365.0
"""Days. Long chains of visits thin out only slowly."""

MOST_MISSING_OF_ONE = 0.03
"""The share of a step's visits, or of their days, that may be missing for want of one pathway's earlier episodes."""

MOST_MISSING = 0.1
"""The share that may be missing for want of all pathways' earlier episodes; in the warm-up it falls."""

_ROUNDING = 1e-9


class _Onward(NamedTuple):
    """By pathway, from step to step: the probability, and that times mean and mean square of the time to the next."""

    probability: NDArray[np.float64]
    time: NDArray[np.float64]
    squared: NDArray[np.float64]


class _Stays(NamedTuple):
    """By step: the mean of the stay, of its square and of its cube, in days."""

    mean: NDArray[np.float64]
    squared: NDArray[np.float64]
    cubed: NDArray[np.float64]


class _Visits(NamedTuple):
    """By step: visits a year, and the sums of the days from the first request to their start and of their square."""

    number: NDArray[np.float64]
    time: NDArray[np.float64]
    squared: NDArray[np.float64]


class _Ends(NamedTuple):
    """By pathway, and by step by visits, then by step by days: the share of all, and when, since the first request."""

    share: NDArray[np.float64]
    mean: NDArray[np.float64]
    variance: NDArray[np.float64]


def first_days(system: System) -> NDArray[np.float64]:
    """Return the day on which each pathway's demand begins, by pathway with demand: 0 is the first 1 April.

    That is so early that, when the warm-up begins, as many steps of each kind end as later on, and stays as long: at
    most MOST_MISSING of the visits and of their days are missing for want of earlier episodes, MOST_MISSING_OF_ONE for
    want of one pathway's. Times since the first request are taken to follow the gamma distribution of their mean and
    variance. No pathway begins more than LONGEST_LEAD before the warm-up. Without a warm-up everything is empty on
    day 0.
    """
    pathways = [pathway for pathway in system.pathways.values() if pathway.demand is not None]
    if system.study.warm_up_days == 0 or not pathways:
        return np.zeros(len(pathways))
    stays = _stays(system)
    visits = _visits(system, pathways, stays)
    ending = np.array([bool((each.number > -_ROUNDING).all()) for each in visits])
    leads = np.full(len(pathways), LONGEST_LEAD)
    if ending.any():
        leads[ending] = _leads(_ends([each for each, ends in zip(visits, ending, strict=True) if ends], stays))
    return -system.study.warm_up_days - leads


def _ends(visits: list[_Visits], stays: _Stays) -> _Ends:
    number, time, squared = (np.array(each) for each in zip(*visits, strict=True))
    stay, stay_squared, stay_cubed = stays
    by_visit = number, time + number * stay, squared + 2.0 * time * stay + number * stay_squared
    by_day = (
        number * stay,
        time * stay + number * stay_squared,
        squared * stay + 2.0 * time * stay_squared + number * stay_cubed,
    )
    weight, first, second = (np.hstack(each) for each in zip(by_visit, by_day, strict=True))
    some = weight > 0.0
    share = np.divide(weight, weight.sum(axis=0), out=np.zeros_like(weight), where=some)
    mean = np.divide(first, weight, out=np.zeros_like(weight), where=some)
    variance = np.divide(second, weight, out=np.zeros_like(weight), where=some) - mean**2
    return _Ends(share, mean, variance)


def _leads(ends: _Ends) -> NDArray[np.float64]:
    """Return the whole days by which each pathway begins before the warm-up."""
    leads = _days(ends, MOST_MISSING_OF_ONE).max(axis=1)
    for step in range(ends.share.shape[1]):
        there = _Ends(*(values[:, step] for values in ends))
        missing = _missing(there, leads)
        most = _most_of_each(missing)
        leads = np.where(missing > most, _days(there, most), leads)
    return leads


def _most_of_each(missing: NDArray[np.float64]) -> float:
    """Return the most that one pathway may miss for all to miss MOST_MISSING, where those that miss less go on so."""
    ascending = np.sort(missing)
    left = MOST_MISSING - (np.cumsum(ascending) - ascending)
    return float((left / np.arange(len(missing), 0, -1)).max())


def _days(ends: _Ends, most: float) -> NDArray[np.float64]:
    """Return the whole days after which all but `most` of the ends are over, at most LONGEST_LEAD."""
    share, mean, variance = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        days = variance / mean * gammaincinv(mean**2 / variance, 1.0 - most / share)
    days = np.where(variance > _ROUNDING * mean**2, days, mean)
    return np.minimum(np.ceil(np.where(share > most, days, 0.0) * (1.0 - _ROUNDING)), LONGEST_LEAD)


def _missing(ends: _Ends, leads: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the ends that is not over after each pathway's lead."""
    share, mean, variance = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        late = gammaincc(mean**2 / variance, leads * mean / variance)
    return share * np.where(variance > _ROUNDING * mean**2, late, leads < mean * (1.0 - _ROUNDING))


def _visits(system: System, pathways: list[Pathway], stays: _Stays) -> list[_Visits]:
    """Return the visits of each pathway; no numbers where its episodes never end."""
    counts = system.population.counts()
    residents = np.array([(counts * pathway.demand.rate).ravel() for pathway in pathways if pathway.demand is not None])
    begun = residents.sum(axis=1)
    onward = _onward(system, residents / np.where(begun > 0.0, begun, 1.0)[:, None], stays)
    steps = np.array(list(system.steps))
    entries = [np.where(steps == pathway.entry, number, 0.0) for pathway, number in zip(pathways, begun, strict=True)]
    return [_visits_of(*each) for each in zip(entries, *onward, strict=True)]


def _visits_of(
    entries: NDArray[np.float64],
    probability: NDArray[np.float64],
    mean: NDArray[np.float64],
    mean_square: NDArray[np.float64],
) -> _Visits:
    if not entries.any():
        return _Visits(entries, entries, entries)
    left = (np.eye(len(entries)) - probability).T
    try:
        number = np.asarray(np.linalg.solve(left, entries), dtype=np.float64)
        time = np.asarray(np.linalg.solve(left, number @ mean), dtype=np.float64)
        squared = np.asarray(np.linalg.solve(left, 2.0 * time @ mean + number @ mean_square), dtype=np.float64)
    except np.linalg.LinAlgError:
        number, time, squared = np.full((3, len(entries)), np.nan)
    return _Visits(number, time, squared)


def _onward(system: System, weights: NDArray[np.float64], stays: _Stays) -> _Onward:
    """Return how episodes go on, on average over residents by their weights: shape (pathways, kinds)."""
    numbers = {step: number for number, step in enumerate(system.steps)}
    probability, time, squared = np.zeros((3, len(weights), len(numbers), len(numbers)))
    for number, step in enumerate(system.steps.values()):
        attending = np.ones(weights.shape[1])
        if step.not_attending is not None:
            attending -= step.not_attending.probability.ravel()
            probability[:, number, numbers[step.not_attending.instead]] += 1.0 - weights @ attending
        stay, stay_squared = stays.mean[number], stays.squared[number]
        for branch in step.branches:
            if branch.to is None:
                continue
            to, share = numbers[branch.to], weights @ (attending * branch.probability.ravel())
            delay, delay_squared, _ = _moments(branch.delay)
            probability[:, number, to] += share
            time[:, number, to] += share * (stay + delay)
            squared[:, number, to] += share * (stay_squared + 2.0 * stay * delay + delay_squared)
    return _Onward(probability, time, squared)


def _stays(system: System) -> _Stays:
    """Return the stays of each step; one that a code decides is taken as exponential, as wide as most are."""
    durations = (
        step.duration if step.duration is not None else Duration("exponential", mean_duration(system, step), 1.0)
        for step in system.steps.values()
    )
    return _Stays(*np.array([_moments(duration) for duration in durations]).T)


def _moments(duration: Duration) -> tuple[float, float, float]:
    """Return the means of a duration, of its square and of its cube."""
    mean, squared_cv = duration.mean, duration.cv**2
    match duration.distribution:
        case "exponential":
            cubed = 6.0
        case "lognormal":
            cubed = (1.0 + squared_cv) ** 3
        case _:
            cubed = 1.0 + 3.0 * squared_cv
    return mean, mean**2 * (1.0 + squared_cv), mean**3 * cubed
