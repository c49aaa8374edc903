"""The tables of a response: one value a row; pounds and QALYs of a year, of the whole population."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from paysim.incentives.outcome import Outcome, Point
from paysim.incentives.response.equilibrium import Equilibria
from paysim.incentives.response.optimum import Optimum
from paysim.incentives.response.surface import Surface
from paysim.incentives.response.worth import Figure, figures
from paysim.incentives.response.years import Course
from paysim.intervals import mean_interval
from paysim.model.calendar import MONTHS_PER_YEAR, period_labels, year_labels
from paysim.model.lever import Lever
from paysim.model.system import System

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
"""One value a replication."""

INTENSITY = "intensity"

RUN_COLUMNS = ("replication", "year", "organisation", "lever", "quantity", "unit", "value", "at_now")
PATH_COLUMNS = (
    *("year", "organisation", "lever", "quantity", "unit", "mean", "low", "high"),
    *("difference", "difference_low", "difference_high", "replications"),
)
EQUILIBRIA_COLUMNS = (
    *("kind", "number", "lever", "owner", "unit", "now", "intensity", "lowest", "highest", "boundary", "starts"),
)
GAP_COLUMNS = (
    *("equilibrium", "organisation", "quantity", "unit", "measured_by"),
    *("at_equilibrium", "at_optimum", "gap", "gap_low", "gap_high", "replications"),
)
FIT_COLUMNS = (
    *("place", "organisation", "quantity", "unit", "surface", "simulated"),
    *("lack_of_fit", "lack_low", "lack_high", "replications"),
)


def runs_table(system: System, acting: Sequence[Course], as_now: Sequence[Course]) -> "pd.DataFrame":
    """Return every replication's years: the value with decisions, and the same replication's with levers at `now`.

    Organisations are the system's, 'residents' and 'system'; see `paysim.incentives.response.worth.figures`. Health is
    that of the year, not discounted. Intensities are of the lever named, of its owner.
    """
    rows: list[tuple[Any, ...]] = []
    for replication, (one, other) in enumerate(zip(acting, as_now, strict=True)):
        years = year_labels(period_labels(system.start, MONTHS_PER_YEAR * len(one.points)))
        for number, point in enumerate(one.points):
            year = years[number * MONTHS_PER_YEAR]
            for lever in system.levers.values():
                at = point.get(lever.id, lever.now)
                rows.append((replication, year, lever.owner, lever.id, INTENSITY, lever.unit, at, lever.now))
            before = figures(system, other.year(number))
            for figure, value in figures(system, one.year(number)).items():
                organisation, quantity, unit = figure
                rows.append((replication, year, organisation, "", quantity, unit, value, before[figure]))
    return _frame(rows, RUN_COLUMNS)


def path_table(system: System, acting: Sequence[Course], as_now: Sequence[Course]) -> "pd.DataFrame":
    """Return the years as means over replications with 95% intervals, and paired differences to levers at `now`."""
    runs = runs_table(system, acting, as_now)
    keys = list(PATH_COLUMNS[:5])
    rows = []
    for key, group in runs.groupby(keys, sort=False):
        value, at_now = group["value"].to_numpy(), group["at_now"].to_numpy()
        rows.append((*key, *mean_interval(value), *mean_interval(value - at_now), len(group)))
    return _frame(rows, PATH_COLUMNS)


def equilibria_table(levers: Sequence[Lever], found: Equilibria, best: Optimum) -> "pd.DataFrame":
    """Return where levers end: each equilibrium, each cycle (its `lowest` and `highest`), and the joint optimum.

    `boundary` is the end of the range ('low', 'high') that keeps a lever from going on; `starts` are where best
    responses began that led there.
    """
    rows: list[tuple[Any, ...]] = []

    def add(kind: str, number: int, lever: Lever, at: float, ends: tuple[float, float], more: tuple[str, str]) -> None:
        rows.append((kind, number, lever.id, lever.owner, lever.unit, lever.now, at, *ends, *more))

    for number, rest in enumerate(found.rests, start=1):
        for lever in levers:
            at, starts = rest.intensities[lever.id], ", ".join(rest.starts)
            add("equilibrium", number, lever, at, (at, at), (rest.boundary.get(lever.id, ""), starts))
    for number, cycle in enumerate(found.cycles, start=1):
        for lever in levers:
            ends = cycle.lowest[lever.id], cycle.highest[lever.id]
            add("cycle", number, lever, float("nan"), ends, ("", ", ".join(cycle.starts)))
    for lever in levers:
        at = best.intensities[lever.id]
        add("optimum", 1, lever, at, (at, at), (best.boundary.get(lever.id, ""), ""))
    return _frame(rows, EQUILIBRIA_COLUMNS)


def gap_table(
    system: System, surface: Surface, found: Equilibria, best: Optimum, simulated: Sequence[Sequence[Outcome]]
) -> "pd.DataFrame":
    """Return the price of going it alone: every figure at the joint optimum less that at each equilibrium, paired.

    `measured_by` is simulation or surface. `simulated` are the outcomes at the equilibria, then at the optimum.
    """
    by_surface = [surface.outcomes(point) for point in _ends(found, best)]
    rows: list[tuple[Any, ...]] = []
    for measured_by, outcomes in (("simulation", simulated), ("surface", by_surface)):
        values = [_values(system, of_place) for of_place in outcomes]
        for number, at_rest in enumerate(values[:-1], start=1):
            for figure, at_best in values[-1].items():
                gap = mean_interval(at_best - at_rest[figure])
                means = float(at_rest[figure].mean()), float(at_best.mean())
                rows.append((number, *figure, measured_by, *means, *gap, len(at_best)))
    return _frame(rows, GAP_COLUMNS)


def fit_table(
    system: System,
    surface: Surface,
    found: Equilibria,
    best: Optimum,
    at_now: Sequence[Outcome],
    simulated: Sequence[Sequence[Outcome]],
) -> "pd.DataFrame":
    """Return how far the surface is off where it was used: changes from `now` as fitted and as simulated.

    `lack_of_fit` is the first less the second, paired.
    """
    now = _values(system, at_now)
    places = [*(f"equilibrium {number}" for number, _ in enumerate(found.rests, start=1)), "optimum"]
    rows: list[tuple[Any, ...]] = []
    for place, point, outcomes in zip(places, _ends(found, best), simulated, strict=True):
        fitted, true = _values(system, surface.outcomes(point)), _values(system, outcomes)
        for figure, value in true.items():
            changes = float((fitted[figure] - now[figure]).mean()), float((value - now[figure]).mean())
            rows.append((place, *figure, *changes, *mean_interval(fitted[figure] - value), len(value)))
    return _frame(rows, FIT_COLUMNS)


def _ends(found: Equilibria, best: Optimum) -> list[Point]:
    return [*(rest.intensities for rest in found.rests), best.intensities]


def _values(system: System, outcomes: Iterable[Outcome]) -> dict[Figure, Values]:
    by_replication = [figures(system, outcome) for outcome in outcomes]
    return {figure: np.array([each[figure] for each in by_replication]) for figure in by_replication[0]}


def _frame(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
