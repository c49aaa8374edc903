"""Activity made by hand for the example system, and what is measured of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import paysim
from paysim.model.activity import Activity, Run
from paysim.model.measure import Measure
from paysim.model.system import System
from paysim.payment.measures import take_measures

CONFIG = Path(__file__).parents[2] / "configs" / "how-to" / "one_hospital.toml"
TOWN = paysim.load(CONFIG)
HILL, VALE = 0, 3_000
"""Numbers of a resident of each place."""


@dataclass(frozen=True)
class Row:
    """One step; times in days."""

    step: str
    service: str
    start: float
    stay: float
    episode: int = 0
    resident: int = HILL
    wait: float = 0.0
    code: str | None = None


def activity(rows: Iterable[Row], system: System = TOWN, years: int = 1, weight: float = 1.0) -> Activity:
    """Return the rows as Activity, in order of their end."""
    ordered = sorted(rows, key=lambda row: (row.start + row.stay, row.episode))
    codes = {code: number for number, code in enumerate(system.codes)} | {None: -1}
    columns = {
        "resident": [row.resident for row in ordered],
        "episode": [row.episode for row in ordered],
        "step": [system.step_ids.index(row.step) for row in ordered],
        "service": [system.service_ids.index(row.service) for row in ordered],
        "code": [codes[row.code] for row in ordered],
        "start": [row.start for row in ordered],
        "wait": [row.wait for row in ordered],
        "stay": [row.stay for row in ordered],
    }
    dtypes = {name: dtype for name, (dtype, _) in paysim.model.activity.COLUMNS.items()}
    arrays = {name: np.array(values, dtype=dtypes[name]) for name, values in columns.items()}
    return Activity(
        system=system, run=Run(years, 1, 0, 1 / weight, "by hand", months=12 * years), weight=weight, **arrays
    )


def measured(measure: Measure, rows: Iterable[Row], years: int = 1, weight: float = 1.0) -> float:
    """Return the value of one measure of the rows."""
    found = activity(rows, replace(TOWN, measures={measure.id: measure}), years, weight)
    (value,) = take_measures(found)
    return float(value)
