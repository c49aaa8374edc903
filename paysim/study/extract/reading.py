"""Extracts of real activity in, Activity out, and what could not be used beside it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paysim.config import system_of
from paysim.config.extract import load_map
from paysim.model.activity import EXTRACT, Activity, Run
from paysim.model.calendar import MONTHS_PER_YEAR, years_of
from paysim.model.errors import InputError
from paysim.model.extract import ExtractMap
from paysim.model.limits import MOST_YEARS
from paysim.model.system import System
from paysim.study.extract.columns import Table, read_table
from paysim.study.extract.files import Files
from paysim.study.extract.patients import residents_of_patients
from paysim.study.extract.problems import Problems
from paysim.study.extract.reader import Reader
from paysim.study.extract.rows import Rows, read_rows
from paysim.study.extract.sifting import only_asked, refuse_duplicates, without_unreadable
from paysim.study.settings import whole_number

_WISHED_FOR = ("record", "person")

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, eq=False)
class Extract:
    """Real activity as it was read: what can be used as `activity`, and the `problems` of the rest.

    `rows` are all that count, usable or not; `position` of each row of the activity is its place among them. `files`
    and `file` (by row) say where they stand, `maps` how they were read. `unread` rows had no cells to read; `not_asked`
    are those that the maps leave out. `lacking` are the roles that no column of a file has, of those that a file can do
    without but hardly should: "record", by which duplicates are found, and "person".
    """

    activity: Activity
    rows: Rows = field(repr=False)
    position: NDArray[np.int64] = field(repr=False)
    files: tuple[str, ...]
    file: NDArray[np.int16] = field(repr=False)
    maps: tuple[ExtractMap, ...] = field(repr=False)
    problems: Problems = field(repr=False)
    unread: int
    not_asked: int
    lacking: dict[str, tuple[str, ...]]


def read_extract(system: System | str | Path, activity: Paths, map: Paths, *, months: int | None = None) -> Extract:
    """Return extracts of real activity as Activity of a system.

    `system` is a System or the path of its config. `activity` is a CSV or Parquet file and `map` says how it is read,
    or both are lists of the same length. `months` is how many months from the system's start the extracts cover: those
    of the config's years unless given. Raises InputError for a config, file, map or column that is missing or cannot be
    read; rows that cannot be used are the extract's `problems`.
    """
    system = system_of(system)
    files, written = _listed(activity), _listed(map)
    if len(files) != len(written) or not files:
        raise InputError("", "map", f"found {len(written)} for {len(files)} extracts", "expected a map for each")
    most = MOST_YEARS * MONTHS_PER_YEAR
    months = whole_number("months", system.study.years * MONTHS_PER_YEAR if months is None else months, 1, most)
    maps = tuple(load_map(each, system) for each in written)
    problems, unread, not_asked = Problems(), 0, 0
    tables: list[Table] = []
    parts: list[Rows] = []
    for path, extract_map in zip(files, maps, strict=True):
        table, blank = without_unreadable(read_table(path, extract_map), problems)
        table, others = only_asked(table, extract_map)
        unread, not_asked = unread + blank, not_asked + others
        parts.append(
            read_rows(Reader(system, extract_map, table, months, problems, sum(len(each.row) for each in tables)))
        )
        tables.append(table)
    rows = Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))
    file = np.repeat(np.arange(len(files), dtype=np.int16), [len(table.row) for table in tables])
    together = Files(tables, rows, problems)
    refuse_duplicates(system, together, maps)
    found, position = _activity(system, rows, residents_of_patients(system.population, together), months)
    names = tuple(str(path) for path in files)
    lacking = {table.file: tuple(role for role in _WISHED_FOR if role not in table.by_role) for table in tables}
    return Extract(found, rows, position, names, file, maps, problems, unread, not_asked, lacking)


def _listed(paths: Paths) -> list[Path]:
    return [Path(paths)] if isinstance(paths, str | os.PathLike) else [Path(path) for path in paths]


def _activity(
    system: System, rows: Rows, resident: NDArray[np.int32], months: int
) -> tuple[Activity, NDArray[np.int64]]:
    """Return the usable rows as Activity, in order of their end, and where each of them stands among the rows."""
    at = np.flatnonzero(rows.usable)
    at = at[np.argsort(rows.start[at] + rows.stay[at], kind="stable")]
    run = Run(years_of(months), seed=0, replication=0, sample=1.0, engine=EXTRACT, months=months)
    activity = Activity(
        system=system,
        run=run,
        weight=1.0,
        resident=resident[at],
        episode=np.arange(len(at), dtype=np.int32),
        step=rows.step[at],
        service=rows.service[at],
        code=rows.code[at],
        start=rows.start[at],
        wait=rows.wait[at].astype(np.float32),
        stay=rows.stay[at].astype(np.float32),
    )
    return activity, at
