"""How residents' need changes from year to year, and how they die."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.brief import brief
from paysim.model.population import ByResident
from paysim.model.read_only import keep_read_only


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """A yearly Markov chain over the population's segments, and deaths.

    `transitions[a, b]`, shape (segments, segments), is the probability that a survivor of segment a is in segment b on
    the next 1 April; rows add up to 1. `death` is the probability of dying within a year, by kind of resident; the
    moment is uniform over the year. From then on a resident begins no episode and no further step. Before a run's first
    1 April nobody moves or dies.
    """

    transitions: NDArray[np.float64]
    death: ByResident

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "transitions", "death")
