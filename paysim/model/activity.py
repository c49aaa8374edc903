"""Activity: the columnar record of every step, the one thing that simulation hands to payment."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import period_starts
from paysim.model.service import scaled_capacity
from paysim.model.system import System

COLUMNS: dict[str, tuple[str, str]] = {
    "resident": ("int32", "number of the resident in the population"),
    "episode": ("int32", "number of the episode in the run, in order of arrival"),
    "step": ("int16", "index into System.step_ids"),
    "service": ("int16", "index into System.service_ids"),
    "code": ("int16", "index into System.codes; -1 where the step has no code"),
    "start": ("float64", "days after the run's first 1 April at which the step began; negative in the warm-up"),
    "wait": ("float32", "days between the request and the start"),
    "stay": ("float32", "days between the start and the end"),
}
"""The columns of Activity: name, dtype and meaning. 30 bytes a row."""


EXTRACT = "extract"
"""The engine of activity that was not simulated: an extract of real activity."""


@dataclass(frozen=True, slots=True)
class Run:
    """How an activity came about: a run over `years` financial years, of which so many `months` are over.

    `custom` are the steps and choices that a researcher's own processes took the place of.
    """

    years: int
    seed: int
    replication: int
    sample: float
    engine: str
    months: int
    custom: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Activity:
    """Every step that ended within the months of the run that are over, in order of its end (then of its episode).

    Steps in progress at the end are not in it. `system` is the one that the run began with. `weight` scales counts
    and money of a sample back to the population: all residents over sampled residents. `servers` are those of each
    month, for the services that had others than planned: as many as the residents simulated met in open hours.
    `in_progress` are the clock ticks of each month for which steps in progress at the end have kept servers busy, for
    the services that had any.
    """

    system: System
    run: Run
    weight: float
    resident: NDArray[np.int32] = field(repr=False)
    episode: NDArray[np.int32] = field(repr=False)
    step: NDArray[np.int16] = field(repr=False)
    service: NDArray[np.int16] = field(repr=False)
    code: NDArray[np.int16] = field(repr=False)
    start: NDArray[np.float64] = field(repr=False)
    wait: NDArray[np.float32] = field(repr=False)
    stay: NDArray[np.float32] = field(repr=False)
    servers: Mapping[str, tuple[float, ...]] = field(default_factory=dict, repr=False)
    in_progress: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.resident)

    @property
    def origin(self) -> Mapping[str, object]:
        """What tells it from other activity: its run, its weight, the SHA-256 of its config, and how many rows it has.

        Settings of the same config in Python, which leave no other number of rows, are not told apart.
        """
        return {**asdict(self.run), "weight": self.weight, "config": self.system.fingerprint, "rows": len(self)}

    @property
    def end(self) -> NDArray[np.float64]:
        """The days at which the steps ended; exact, since all times are whole clock ticks."""
        return self.start + self.stay

    @property
    def periods(self) -> int:
        """The number of monthly periods that are over."""
        return self.run.months

    @property
    def days(self) -> int:
        """The length in days of what is over of the run, warm-up not counted."""
        return int(period_starts(self.system.start, self.periods)[-1])

    def servers_by_month(self) -> NDArray[np.float64]:
        """Return the servers of every service in open hours, planned or not: shape (periods, services)."""
        planned = [scaled_capacity(service.capacity, self.run.sample) for service in self.system.services.values()]
        servers = np.tile(np.array(planned, dtype=np.float64), (self.periods, 1))
        for id, by_month in self.servers.items():
            servers[:, self.system.service_ids.index(id)] = by_month
        return servers

    def period(self) -> NDArray[np.int16]:
        """Return the monthly period in which each step ended."""
        starts = period_starts(self.system.start, self.periods)
        return (np.searchsorted(starts, self.end, side="right") - 1).astype(np.int16)
