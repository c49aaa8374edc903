"""Runs of BHR at other sizes and lengths, timed in the process that runs them."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from populations import bhr_of, expected_steps
from processes import peak_gib

import paysim


class Timed(NamedTuple):
    seconds: float
    steps: int
    expected: float
    peak_gib: float


def timed_year(residents: int, rounds: int) -> Timed:
    """Return the time and memory of one simulated year after a warm-up of one, from the System to the Activity.

    The time is the least of so many rounds.
    """
    paysim.simulate(bhr_of(1000), years=1, sample=1.0)
    system = bhr_of(residents)
    seconds = math.inf
    for _ in range(rounds):
        began = time.process_time()
        activity = paysim.simulate(system, years=1, sample=1.0)
        seconds = min(seconds, time.process_time() - began)
    return Timed(seconds, len(activity), expected_steps(system), peak_gib())


def timed_years(residents: int, years: int) -> list[float]:
    """Return the steps per second of each simulated year, after a warm-up of a year and one year that is not timed."""
    from paysim.simulation.running import Running

    system = bhr_of(residents)
    Running(bhr_of(1000), years=1, seed=1).advance(12)
    running = Running(system, years=years + 1, seed=1)
    running.advance(12)
    seconds = []
    for _ in range(years):
        began = time.process_time()
        running.advance(12)
        seconds.append(time.process_time() - began)
    activity = running.activity()
    steps = np.bincount(activity.period() // 12, minlength=years + 1)[1:]
    return [float(number / second) for number, second in zip(steps, seconds, strict=True)]


def years_timed(residents: int, years: Sequence[int]) -> list[float]:
    """Return the seconds that runs of so many years take, without a warm-up."""
    system = bhr_of(residents)
    system = replace(system, study=replace(system.study, warm_up_days=0))
    seconds = []
    for number in (1, *years):
        began = time.process_time()
        paysim.simulate(system, years=number, sample=1.0)
        seconds.append(time.process_time() - began)
    return seconds[1:]
