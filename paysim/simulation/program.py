"""The Program: a system as flat arrays, with indices instead of names, ready for either engine."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

NOTHING = -1
"""The index that stands for 'none': no code, no case mix, no further step."""


class Durations(NamedTuple):
    """Distributions by number: the kind and the two parameters of `durations.sample`."""

    kind: Ints
    a: Floats
    b: Floats


class Steps(NamedTuple):
    """Steps by number, in the order of System.steps.

    The options of step s are `option_service[first_option[s]:first_option[s + 1]]`; `certain_service[place, s]` is the
    service where a place leaves no choice, else NOTHING. Its branches are `[first_branch[s]:first_branch[s + 1]]`.
    `option_until[place, option]` and `branch_until[first_threshold[branch] + kind * varies[branch]]` are running totals
    of probability that a uniform is compared with; `kind` is place * profiles + profile, and `varies` is 0 where all
    residents are alike.
    """

    group: Ints
    first_option: Ints
    option_service: Ints
    certain_service: Ints
    option_until: Floats
    duration: Ints
    case_mix: Ints
    code: Ints
    priority: Ints
    first_branch: Ints
    branch_to: Ints
    branch_delay: Ints
    first_threshold: NDArray[np.int64]
    varies: Ints
    branch_until: Floats


class CaseMixes(NamedTuple):
    """Case mixes by number: entries `[first[m]:first[m + 1]]` with running totals of their shares."""

    first: Ints
    until: Floats
    code: Ints
    duration: Ints


class Services(NamedTuple):
    """Services by number.

    The servers of service s change at `change_day[first_change[s]:...]`, in days since Monday, to
    `change_servers`, week after week; a service that is always open has one change, at 0. `by_priority` is 1 where the
    lowest priority number is served first, else 0: first come, first served.
    """

    first_change: Ints
    change_day: Floats
    change_servers: Ints
    by_priority: Ints


class Demands(NamedTuple):
    """Pathways with demand of their own; `pathway` is the key of its random numbers.

    `rate[demand, kind]` episodes a financial year; `until[timing, year, hour]` running totals of the share of a
    year's demand, hour by hour, from the warm-up's year on.
    """

    pathway: Ints
    entry: Ints
    timing: Ints
    rate: Floats
    until: Floats
    first_year: int
    year_starts: Floats


class Residents(NamedTuple):
    """The simulated residents: their number in the population and their kind (place * profiles + profile)."""

    number: Ints
    kind: Ints
    profiles: int


class Program(NamedTuple):
    """Everything an engine needs. Times in days; the run is the half-open span [begin, stop), logged from day 0."""

    begin: float
    stop: float
    weekday: int
    durations: Durations
    steps: Steps
    case_mixes: CaseMixes
    services: Services
    demands: Demands
    residents: Residents
