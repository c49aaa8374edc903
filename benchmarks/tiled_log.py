"""A log as large as one likes: copies of a simulated year of BHR, each with residents and episodes of its own."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from populations import bhr

import paysim
from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.calendar import period_starts
from paysim.payment.settlement import settle

APART = 1 / 32
"""Days that each copy is later than the one before, so that the rows of all copies come mixed: whole clock ticks."""

BYTES_A_ROW = sum(np.dtype(dtype).itemsize for dtype, _ in COLUMNS.values())


def write_log(folder: Path, rows: int, sample: float) -> None:
    """Write the columns of a log of so many rows in order of their end, month by month to need little memory."""
    system = bhr()
    year = replace(paysim.simulate(system, years=1, sample=sample), weight=1.0)
    copies = 1 + rows * 51 // 50 // len(year)
    columns = {
        name: open_memmap(folder / f"{name}.npy", "w+", dtype=dtype, shape=(rows,))
        for name, (dtype, _) in COLUMNS.items()
    }
    written, bounds = 0, period_starts(system.start, year.periods)
    for first, stop in pairwise(bounds):
        found = [_copy(year, copies, number, first, stop) for number in range(copies)]
        month = {name: np.concatenate([copy[name] for copy in found]) for name in COLUMNS}
        order = np.argsort(month["start"] + month["stay"], kind="stable")[: rows - written]
        for name, column in columns.items():
            column[written : written + len(order)] = month[name][order]
        written += len(order)
    assert written == rows
    ledger = settle(year, system.arrangements["activity"])
    share = rows / len(year)
    annual = {
        contract: round(int(ledger.amount_pence[ledger.contract == contract].sum()) * share)
        for contract in dict.fromkeys(ledger.contract.tolist())
    }
    (folder / "made.json").write_text(json.dumps({"copies": copies, "annual": annual}), encoding="utf-8")


def _copy(year: Activity, copies: int, number: int, first: float, stop: float) -> dict[str, np.ndarray]:
    """Return the rows of one copy that end from `first` to before `stop`."""
    population, later = year.system.population, number * APART
    chosen = slice(*np.searchsorted(year.end, (first - later, stop - later)))
    columns = {name: getattr(year, name)[chosen] for name in COLUMNS}
    # A cell of residents is as many times larger; a copy has its own part of each.
    cell = population.cell_of(columns["resident"])
    before = np.cumsum(population.residents) - population.residents
    columns["resident"] = columns["resident"] + before[cell] * (copies - 1) + population.residents[cell] * number
    columns["episode"] = columns["episode"] * copies + number
    columns["start"] = columns["start"] + later
    return columns


def read_system(folder: Path) -> tuple[paysim.System, dict[str, int]]:
    """Return BHR with as many residents as the log has, and what each contract of `activity` pays, about, in pence."""
    system = bhr()
    made = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    population = replace(system.population, residents=system.population.residents * made["copies"])
    return replace(system, population=population), made["annual"]


def read_log(folder: Path, system: paysim.System, rows: int | None = None) -> Activity:
    """Return the log, or the first of its rows."""
    # Mapped files would count as memory of the process.
    files = {name: folder / f"{name}.npy" for name in COLUMNS}
    columns = {
        name: np.load(file) if rows is None else np.load(file, mmap_mode="r")[:rows].copy()
        for name, file in files.items()
    }
    return Activity(system, Run(1, 1, 0, 1.0, "compiled", months=12), 1.0, **columns)
