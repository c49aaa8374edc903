"""Traffic equations: how often steps are visited and how hard services work, without simulating.

Jackson, "Networks of waiting lines", Operations Research 5 (1957): requests solve r = e + r P, here for every kind of
resident on its own, with e the episodes a year and P the probabilities of going from step to step, those who do not
attend included. What depends on waits is left out: branches have their probability after a short wait, nobody leaves
before being seen or is turned away, choices follow their shares, and no server is kept while waiting.
"""

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_YEAR
from paysim.model.pathway import Step
from paysim.model.system import System


def visits_per_episode(system: System) -> NDArray[np.float64]:
    """Return the expected visits to each step by an episode that begins at each step.

    Shape (kinds, steps begun at, steps visited), kind = place * profiles + profile.
    """
    onward, attending = _onward(system)
    requests = np.linalg.inv(np.eye(onward.shape[-1]) - onward)
    return np.asarray(requests * attending[:, None, :], dtype=np.float64)


def expected_visits(system: System) -> NDArray[np.float64]:
    """Return the expected visits a year to each step by a resident of each kind: shape (kinds, steps)."""
    onward, attending = _onward(system)
    numbers = {step: number for number, step in enumerate(system.steps)}
    begun = np.zeros_like(attending)
    for pathway in system.pathways.values():
        if pathway.demand is not None:
            begun[:, numbers[pathway.entry]] += pathway.demand.rate.ravel()
    left = np.eye(len(numbers)) - onward
    requests = np.linalg.solve(left.transpose(0, 2, 1), begun[:, :, None])[:, :, 0]
    return np.asarray(requests * attending, dtype=np.float64)


def _onward(system: System) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return by kind the probabilities of going from step to step, and those of attending by step."""
    steps = list(system.steps.values())
    numbers = {step.id: number for number, step in enumerate(steps)}
    kinds = len(system.population.places) * system.population.profiles
    attending = np.ones((kinds, len(steps)))
    onward = np.zeros((kinds, len(steps), len(steps)))
    for number, step in enumerate(steps):
        if step.not_attending is not None:
            absent = step.not_attending.probability.ravel()
            attending[:, number] -= absent
            onward[:, number, numbers[step.not_attending.instead]] += absent
        for branch in step.branches:
            if branch.to is not None:
                onward[:, number, numbers[branch.to]] += attending[:, number] * branch.probability.ravel()
    return onward, attending


def expected_rows(system: System, years: int, sample: float) -> float:
    """Return the rows of activity to expect of a run: visits of `years` by a share `sample` of the residents.

    Infinite where episodes never end.
    """
    try:
        visits = expected_visits(system).sum(axis=1)
    except np.linalg.LinAlgError:
        return float("inf")
    rows = float(system.population.counts().ravel() @ visits) * years * sample
    return rows if rows >= 0.0 else float("inf")


def service_loads(system: System) -> dict[str, float]:
    """Return each service's load: expected work a year over the server time that its opening hours offer.

    At 1 or above its queue grows without end, unless some are turned away or leave. NaN where episodes might never
    end.
    """
    population = system.population
    try:
        by_kind = expected_visits(system)
    except np.linalg.LinAlgError:
        return dict.fromkeys(system.services, float("nan"))
    visits = by_kind.reshape(len(population.places), population.profiles, len(system.steps))
    by_place = np.einsum("pk,pks->ps", population.counts().astype(np.float64), visits)
    work = dict.fromkeys(system.services, 0.0)
    for number, step in enumerate(system.steps.values()):
        for option, service in enumerate(step.service.services):
            work[service] += float(by_place[:, number] @ step.service.shares[:, option]) * mean_duration(system, step)
    return {
        service.id: work[service.id] / (service.capacity * service.open_share * DAYS_PER_YEAR)
        if service.capacity
        else 0.0
        for service in system.services.values()
    }


def mean_duration(system: System, step: Step) -> float:
    """Return a step's mean duration in days (of `normal`, before it is cut off at zero: 0.4% less at most)."""
    if step.duration is not None:
        return step.duration.mean
    assert step.case_mix is not None
    return sum(entry.share * entry.stay.mean for entry in system.case_mixes[step.case_mix].entries if entry.stay)
