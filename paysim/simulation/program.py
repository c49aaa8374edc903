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

    `unserved` and `instead` are the steps that follow at once where a resident leaves before being seen or does not
    attend; `absence[absence_row[s], kind]` is the probability of the latter.
    """

    duration: Ints
    case_mix: Ints
    code: Ints
    priority: Ints
    patience: Ints
    unserved: Ints
    instead: Ints
    absence_row: Ints
    absence: Floats


class Choices(NamedTuple):
    """Which service carries a step out.

    The options of step s are `service[first[s]:first[s + 1]]`; `certain[place, s]` is the service where a place leaves
    no choice, else NOTHING. `until[place, option]` are running totals of `share` that the uniform keyed by `group[s]`
    is compared with. Where `sensitivity[s]` (per day of wait) is above 0, shares are weighed by the waits instead, and
    the episode remembers its choice by the number `remembered[s]`.
    """

    group: Ints
    first: Ints
    service: Ints
    certain: Ints
    share: Floats
    until: Floats
    sensitivity: Floats
    remembered: Ints


class Branches(NamedTuple):
    """Ways on: those of step s are `[first[s]:first[s + 1]]`; `to` NOTHING ends the episode.

    A uniform is compared with the running total
    `until[threshold[branch] + band * width[branch] + place * by_place[branch] + profile * by_profile[branch]]`: the
    strides are 0 where places, or profiles, are alike, and `band` is the number of the limits
    `over[first_over[s]:first_over[s + 1]]` (days) that the wait exceeded.
    """

    first: Ints
    to: Ints
    delay: Ints
    holds: Ints
    threshold: NDArray[np.int64]
    width: Ints
    by_place: Ints
    by_profile: Ints
    until: Floats
    first_over: Ints
    over: Floats


class CaseMixes(NamedTuple):
    """Case mixes by number: entries `[first[m]:first[m + 1]]` with running totals of their shares."""

    first: Ints
    until: Floats
    code: Ints
    duration: Ints


class Services(NamedTuple):
    """Services by number.

    The servers of service s change at `change_day[first_change[s]:first_change[s + 1]]`, in days since Monday, to
    `change_servers`, week after week; a service that is always open has one change, at 0. `by_priority` is 1 where the
    lowest priority number is served first, else 0: first come, first served. `waiting_room` is NOTHING where any
    number may wait.
    """

    first_change: Ints
    change_day: Floats
    change_servers: Ints
    by_priority: Ints
    waiting_room: Ints


class Demands(NamedTuple):
    """Pathways with demand of their own; `pathway` is the key of its random numbers.

    `rate[demand, kind]` episodes a financial year from day `begins[demand]` on, `first_rate` those that the run began
    with; `until[timing, year, hour]` running totals of the share of a year's demand, hour by hour, from the year in
    which the run begins. `hour_of[timing, year, part]` is the last hour whose running total is below part / HOUR_PARTS.
    """

    pathway: Ints
    entry: Ints
    timing: Ints
    rate: Floats
    first_rate: Floats
    begins: Floats
    until: Floats
    hour_of: Ints
    first_year: int
    year_starts: Floats


class Needs(NamedTuple):
    """A yearly Markov chain over segments: `until[a, b]` running totals of a's transitions; `death[kind]` a year."""

    segments: int
    until: Floats
    death: Floats


class Residents(NamedTuple):
    """The simulated residents: their number in the population and their first kind (place * profiles + profile)."""

    number: Ints
    kind: Ints
    profiles: int


class Program(NamedTuple):
    """Everything an engine needs. Times in days; the run is the half-open span [begin, stop), logged from day 0.

    `needs` is None where segments never change and nobody dies.
    """

    begin: float
    stop: float
    weekday: int
    durations: Durations
    steps: Steps
    choices: Choices
    branches: Branches
    case_mixes: CaseMixes
    services: Services
    demands: Demands
    needs: Needs | None
    residents: Residents
