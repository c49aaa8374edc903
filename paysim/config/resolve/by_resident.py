"""Values by kind of resident: a number for all, or a table by place, age band, sex, quintile and segment."""

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.ages import members
from paysim.config.resolve.kinds_of_resident import ALL, kind_of_resident
from paysim.config.schema.numbers import ColumnOfTable
from paysim.config.table import NOTES, CsvTable, Row
from paysim.config.wording import nearest
from paysim.model.errors import InputError, dotted
from paysim.model.population import QUINTILES, SEXES, ByResident, Population

KEYS = ("place", "age_band", "sex", "quintile", "segment")


def by_resident(
    document: Document, path: KeyPath, value: float | ColumnOfTable, population: Population, most: float
) -> ByResident:
    """Return a value for every place and profile, at least 0 and at most `most`.

    A number holds for all. In a table, a key column that is missing or says 'all' holds for all, and an age band
    may be a union of the population's; where nobody lives the value is 0. Raises InputError unless every kind of
    resident, whatever segment they may come to, is in exactly one row.
    """
    if not isinstance(value, ColumnOfTable):
        if value > most:
            raise document.refuse(path, f"found {value}", f"expected a number of at most {most:g}")
        return np.full((len(population.places), population.profiles), float(value))
    table = document.table(path)
    check_columns(document, path, value.column, table, KEYS)
    try:
        return _by_resident(table, value.column, population, most)
    except InputError as error:
        # A table may be read from many places, and which row is wrong depends on who reads it.
        place = f"{error.key_path}, read by {dotted(path)}"
        raise InputError(error.file, place, error.found, error.expected) from error


def _by_resident(table: CsvTable, column: str, population: Population, most: float) -> ByResident:
    values, row_of = _spread(table, column, population, most)
    there = population.inhabited()
    missing = np.argwhere(there & (row_of == 0))
    if len(missing):
        place, profile = missing[0]
        found = f"found nothing for {kind_of_resident(population, int(place), int(profile))}"
        if len(missing) > 1:
            found += f" and {len(missing) - 1} more"
        expected = "expected every kind in one row"
        if population.counts()[place, profile] == 0:
            expected += ", in every segment, also those that nobody of the kind is in now"
        raise InputError(str(table.file), f"column {column!r}", found, expected)
    return np.where(there, values, 0.0)


def check_columns(document: Document, path: KeyPath, column: str, table: CsvTable, keys: Collection[str]) -> None:
    """Raise InputError unless the table has the column that the block at `path` names, and none that is unknown.

    Beside keys, notes and columns that the config names elsewhere it may have further ones of numbers in every row, for
    other configs. Any other column might tell rows apart, and they would be read as if it did not.
    """
    offered = [name for name in table.columns if name not in (*keys, *NOTES, *KEYS)]
    if column not in offered:
        raise document.refuse(
            (*path, "column"), f"found no column {column!r} in {table.file}", nearest(column, offered, "its columns")
        )
    values = (table.columns_of_numbers | document.columns_named[table.file]).difference(KEYS)
    for name in table.columns:
        if name not in (*keys, *NOTES, *values):
            allowed = f"{nearest(name, (*keys, column, *NOTES), 'allowed')}, and further columns of numbers"
            raise InputError(str(table.file), "row 1", f"unknown column {name!r}", allowed)


def _spread(table: CsvTable, column: str, population: Population, most: float) -> tuple[ByResident, NDArray[np.int64]]:
    """Return the values by place and profile, and the number of the row each comes from (0: none)."""
    shape = (len(population.places), len(population.age_bands), len(SEXES), len(QUINTILES), len(population.segments))
    values, row_of = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    for row in table.rows:
        block = np.ix_(
            _positions(row, "place", population.places),
            _age_positions(row, population),
            _positions(row, "sex", SEXES),
            _positions(row, "quintile", [str(quintile) for quintile in QUINTILES]),
            _positions(row, "segment", population.segments),
        )
        value = row.number_from(column, 0.0, most)
        if row_of[block].any():
            first = int(row_of[block][row_of[block] > 0][0])
            key = next((key for key in KEYS if key in table.columns), column)
            raise row.refuse(key, f"found residents of row {first} again", "expected each kind of resident in one row")
        values[block], row_of[block] = value, row.number
    flat = (len(population.places), population.profiles)
    return values.reshape(flat), row_of.reshape(flat)


def _positions(row: Row, column: str, known: Sequence[str]) -> list[int]:
    if row.cells.get(column, ALL) == ALL:
        return list(range(len(known)))
    return [list(known).index(row.known(column, column, known))]


def _age_positions(row: Row, population: Population) -> list[int]:
    band = row.cells.get("age_band", ALL)
    if band == ALL:
        return list(range(len(population.age_bands)))
    positions = members(band, population.age_bands)
    if positions is None:
        whole = f"expected one of the population's age bands or a union of them: {', '.join(population.age_bands)}"
        raise row.refuse("age_band", f"found {band!r}", whole)
    return positions
