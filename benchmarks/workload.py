"""The two queueing workloads that engines are compared on, and what every run of them must show."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "workloads"


class Figures(NamedTuple):
    """What a run is judged by: hours, patients an hour that leave, and the share of time that servers are busy."""

    mean_wait: float
    throughput: float
    visits_per_patient: float
    utilisation: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Workload:
    """A network of stations with Poisson arrivals; `routing[i, j]` is the probability of going on from i to j.

    `expected` is the steady state, NaN where no closed form is known. `bias` is how far the mean of runs at full size
    is from it, since they start empty and visits in progress at the end do not count; `standard_deviation` is that
    of one run. Both are from 400 runs of the loop in `engines/limit.py` with other seeds: see `spread.py`.
    """

    name: str
    title: str
    patients: int
    stations: tuple[str, ...]
    servers: NDArray[np.int64]
    arrivals: NDArray[np.float64]
    routing: NDArray[np.float64]
    distribution: str
    mean: NDArray[np.float64]
    cv: float
    expected: Figures
    bias: Figures
    standard_deviation: Figures

    @property
    def visits(self) -> float:
        """The visits of a run at full size, on average."""
        return float(self.patients * self.expected.visits_per_patient)

    @property
    def log_sigma(self) -> float:
        """The standard deviation of a lognormal service time's logarithm."""
        return math.sqrt(math.log1p(self.cv**2))

    @property
    def log_mean(self) -> NDArray[np.float64]:
        """The mean of a lognormal service time's logarithm, by station."""
        return np.asarray(np.log(self.mean) - self.log_sigma**2 / 2)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What an engine found in one run, until `patients` had left: of the visits that had ended by then.

    `simulated` is the number of visits that the run took its time for, where it went on beyond that.
    """

    patients: int
    visits: int
    duration: float
    mean_wait: float
    busy: NDArray[np.float64]
    simulated: int = 0

    @property
    def timed_visits(self) -> int:
        """The visits that the run's time was spent on."""
        return self.simulated or self.visits

    @classmethod
    def of_rows(
        cls,
        workload: Workload,
        patients: int,
        duration: float,
        station: NDArray[np.integer],
        arrival: NDArray[np.float64],
        start: NDArray[np.float64],
        end: NDArray[np.float64],
        simulated: int = 0,
    ) -> "Outcome":
        """Return the outcome of a run from its log of visits."""
        busy = np.bincount(station, end - start, len(workload.stations))
        return cls(patients, len(station), duration, float((start - arrival).mean()), busy, simulated)


class Task(NamedTuple):
    """A run made ready: `run` is what is timed, from a ready model to its result; `read` makes an Outcome of that."""

    run: Callable[[], Any]
    read: Callable[[Any], Outcome]


def load(name: str) -> Workload:
    """Return workload 'a' or 'b'."""
    read = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    service = read["service"]
    return Workload(
        name=read["name"],
        title=read["title"],
        patients=read["patients"],
        stations=tuple(read["stations"]),
        servers=np.array(read["servers"]),
        arrivals=np.array(read["arrivals"]),
        routing=np.array(read["routing"]),
        distribution=service["distribution"],
        mean=np.array(service["mean"]),
        cv=service["cv"],
        expected=_figures(read["expected"]),
        bias=_figures(read["bias"]),
        standard_deviation=_figures(read["standard_deviation"]),
    )


def _figures(read: dict[str, Any]) -> Figures:
    return Figures(**{"mean_wait": math.nan} | read | {"utilisation": np.array(read["utilisation"])})


def figures(workload: Workload, outcome: Outcome) -> Figures:
    """Return what a run is judged by."""
    return Figures(
        mean_wait=outcome.mean_wait,
        throughput=outcome.patients / outcome.duration,
        visits_per_patient=outcome.visits / outcome.patients,
        utilisation=outcome.busy / (workload.servers * outcome.duration),
    )


def deviations(workload: Workload, outcome: Outcome) -> dict[str, float]:
    """Return how far a run is from what is expected, in standard errors of a run of its size.

    Standard errors go with the inverse square root of the number of patients, the bias of an empty start with the
    inverse. A figure that cannot vary, or that nothing is known of, is left out.
    """
    size = outcome.patients / workload.patients
    found: dict[str, float] = {}
    rows = zip(
        Figures._fields,
        figures(workload, outcome),
        workload.expected,
        workload.bias,
        workload.standard_deviation,
        strict=True,
    )
    for figure, value, expected, bias, deviation in rows:
        if np.all(deviation):
            errors = np.atleast_1d((value - expected - bias / size) / (deviation / math.sqrt(size)))
            names = [figure] if len(errors) == 1 else [f"{figure} of {station}" for station in workload.stations]
            found |= {name: float(error) for name, error in zip(names, errors, strict=True) if not math.isnan(error)}
    return found


def assert_answer(workload: Workload, outcome: Outcome, furthest: float = 4.5) -> None:
    """Assert that every figure is within `furthest` standard errors: one false alarm in 10,000 runs of workload B."""
    found = deviations(workload, outcome)
    far = {figure: round(value, 1) for figure, value in found.items() if abs(value) > furthest}
    assert found
    assert not far, f"{workload.name}: standard errors from what is expected: {far}"
