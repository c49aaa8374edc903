"""Which measures of quality a lever moves and who gains health by it, in words for the report."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from paysim.incentives.marginal import resolved_sign, unit_of
from paysim.intervals import Interval
from paysim.model.lever import Lever
from paysim.model.measure import Measure, MeasureKind
from paysim.model.population import QUINTILES
from paysim.model.system import System
from paysim.report.incentives.records import Readable
from paysim.report.incentives.wording import short_qalys
from paysim.report.wording import number, typeset

_BETTER: dict[MeasureKind, int] = {"within": 1, "readmission": -1, "delayed": -1}
"""The sign of a change for the better; measures of other kinds have no better end."""

_A_THOUSAND = 1_000
"""Residents: rates a head are too small to read."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure that one step of a lever moves, in words: by how much, in which unit, and whether for the better."""

    name: str
    change: str
    unit: str
    word: str


def moved_measures(readable: Readable, lever: Lever) -> tuple[Moved, ...]:
    """Return the measures whose interval excludes zero, in the order of the config; those that round to 0 left out."""
    return tuple(_moved(readable, lever))


def _moved(readable: Readable, lever: Lever) -> Iterator[Moved]:
    for measure in readable.incentives.system.measures.values():
        change = readable.of_measure(lever, measure)
        if change is None or not (sign := resolved_sign(change.per_unit, change.exact)):
            continue
        unit, size = _unit(measure)
        text = _with_interval(Interval(*(end * size for end in change.step_interval())))
        if text:
            yield Moved(measure.name, text, unit, _word(measure, sign))


def _unit(measure: Measure) -> tuple[str, int]:
    """Return the unit that people read a measure's change in, and how many of it one of the table's own is."""
    return ("per 1,000 residents and year", _A_THOUSAND) if measure.kind == "rate" else (unit_of(measure), 1)


def _word(measure: Measure, sign: int) -> str:
    better = _BETTER.get(measure.kind)
    if better is None:
        return "higher" if sign > 0 else "lower"
    return "better" if sign == better else "worse"


def _with_interval(change: Interval) -> str:
    """Return a change with its interval, '' where it rounds to nothing."""
    decimals = 2 if abs(change.mean) < 10 else 1
    mean, low, high = (number(end, decimals, signed=True) for end in change)
    if not any(digit in mean for digit in "123456789"):
        return ""
    return typeset(mean if change.low == change.high else f"{mean} ({low} to {high})")


def quintiles(system: System) -> dict[int, str]:
    """Return the quintiles of deprivation that have residents, most deprived first, with the number of residents."""
    of_profile = np.array([quintile for _, _, quintile, _ in system.population.profile_labels()])
    residents = {q: int(system.population.counts()[:, of_profile == q].sum()) for q in QUINTILES}
    return {quintile: f"{count:,} residents" for quintile, count in residents.items() if count}


def health_text(readable: Readable, lever: Lever, quintile: int | None = None) -> str:
    """Return the change of QALYs of one step, of one quintile or of all residents, with its interval."""
    change = readable.of_residents(lever, "qalys" if quintile is None else f"qalys_quintile_{quintile}").step_interval()
    mean, low, high = (typeset(short_qalys(end)) for end in change)
    return mean if change.low == change.high or math.isnan(change.low) else f"{mean} ({low} to {high})"
