"""The population table: residents by place, age band, sex, quintile and, where there are any, segment of need."""

from collections.abc import Mapping

import numpy as np

from paysim.config.document import Document
from paysim.config.resolve.ages import ages, gap_or_overlap
from paysim.config.resolve.kinds_of_resident import ALL
from paysim.config.table import CsvTable, Row
from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_COUNT, MOST_NUMBERED
from paysim.model.population import ONE_SEGMENT, QUINTILES, SEXES, Place, Population

_KEYS = ("place", "age_band", "sex", "quintile")


def population(document: Document, places: Mapping[str, Place]) -> Population:
    """Return the residents of the population table, cells ordered by place and profile.

    Segments are numbered in the order of their first rows. Raises InputError for rows that are no age band, sex or
    quintile, rows given twice, age bands that overlap or leave gaps, and places where nobody lives.
    """
    table = document.table(("population",))
    table.require((*_KEYS, "residents"), ("segment",))
    bands = _age_bands(table.rows)
    segments = _segments(table)
    if (kinds := len(bands) * len(SEXES) * len(QUINTILES) * len(segments)) > MOST_NUMBERED:
        found = f"found {kinds:,} kinds of residents by age band, sex, quintile and segment"
        raise InputError(str(table.file), "", found, f"expected at most {MOST_NUMBERED:,}")
    seen: dict[tuple[int, int], Row] = {}
    residents: dict[tuple[int, int], int] = {}
    for row in table.rows:
        place = list(places).index(row.known("place", "place", places))
        sex = SEXES.index(row.known("sex", "sex", SEXES))
        quintile = int(row.known("quintile", "quintile", [str(q) for q in QUINTILES]))
        without_segment = (bands.index(row.cells["age_band"]) * len(SEXES) + sex) * len(QUINTILES) + quintile - 1
        profile = without_segment * len(segments) + segments.index(row.cells.get("segment", ALL))
        if first := seen.get((place, profile)):
            raise row.refuse("place", f"found the residents of row {first.number} again", "expected each kind once")
        seen[place, profile] = row
        residents[place, profile] = row.count("residents")
    cells = sorted(cell for cell, count in residents.items() if count)
    if not cells:
        raise InputError(str(table.file), "column 'residents'", "found a population of 0", "expected residents")
    for number, place_id in enumerate(places):
        if not any(place == number for place, _ in cells):
            raise InputError(
                str(table.file), "column 'place'", f"found no residents of {place_id!r}", "expected some in every place"
            )
    total = sum(residents.values())
    if total > LARGEST_COUNT:
        raise InputError(
            str(table.file), "column 'residents'", f"found {total} residents", f"expected at most {LARGEST_COUNT}"
        )
    return Population(
        places=tuple(places),
        age_bands=bands,
        place=np.array([place for place, _ in cells], dtype=np.int16),
        profile=np.array([profile for _, profile in cells], dtype=np.int16),
        residents=np.array([residents[cell] for cell in cells], dtype=np.int64),
        segments=segments,
    )


def _segments(table: CsvTable) -> tuple[str, ...]:
    if "segment" not in table.columns:
        return ONE_SEGMENT
    for row in table.rows:
        if row.text("segment") == ALL:
            raise row.refuse(
                "segment", f"found {ALL!r}", "expected a name of its own for every segment, or no such column"
            )
    return tuple(dict.fromkeys(row.cells["segment"] for row in table.rows))


def _age_bands(rows: tuple[Row, ...]) -> tuple[str, ...]:
    first_rows: dict[str, Row] = {}
    for row in rows:
        if ages(row.cells["age_band"]) is None:
            found = f"found {row.cells['age_band']!r}"
            raise row.refuse("age_band", found, "expected an age band such as '0-4' or '85+'")
        first_rows.setdefault(row.cells["age_band"], row)
    bands = tuple(sorted(first_rows, key=lambda band: ages(band) or (0, 0)))
    if pair := gap_or_overlap(bands):
        raise first_rows[pair[1]].refuse(
            "age_band", f"found {pair[1]!r} next to {pair[0]!r}", "expected age bands without gaps or overlaps"
        )
    return bands
