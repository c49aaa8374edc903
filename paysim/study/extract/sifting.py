"""Rows that are not read at all: broken and empty ones, those that a map leaves out, and duplicates."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from paysim.model.extract import ExtractMap
from paysim.model.system import System
from paysim.study.extract.columns import Column, Table
from paysim.study.extract.files import Files
from paysim.study.extract.points import is_among
from paysim.study.extract.problems import NO_ROW, Batch, Problems


def without_unreadable(table: Table, problems: Problems) -> tuple[Table, int]:
    """Return a table without rows that have nothing in them; note those, and the rows with a wrong number of cells.

    Also return how many rows there are of both.
    """
    blank = np.logical_and.reduce([column.empty for column in table.by_name.values()])
    empty = table.row[blank]
    nothing = np.full(len(empty), "", dtype=np.object_)
    expected = f"expected {table.cells} cells, as in the header"
    cells = np.array([f"{number} cells" for _, number in table.ragged], dtype=np.object_)
    ragged = np.array([row for row, _ in table.ragged], dtype=np.int64)
    for reason, rows, found in (("empty row", empty, nothing), ("wrong number of cells", ragged, cells)):
        unread = np.full(len(rows), NO_ROW, dtype=np.int64)
        problems.add(Batch(table.file, reason, "", expected, True, rows, unread, found))  # type: ignore[arg-type]
    return _kept(table, ~blank), len(empty) + len(ragged)


def only_asked(table: Table, extract_map: ExtractMap) -> tuple[Table, int]:
    """Return a table with the rows that a map asks for, and the number of the others.

    A row with an empty cell might have been asked for: it stays, and is refused where it is read.
    """
    asked = np.ones(len(table.row), dtype=np.bool_)
    for name, values in extract_map.only.items():
        if (column := table.by_name.get(name.upper())) is not None:
            asked &= column.empty | is_among(column, values)
    return _kept(table, asked), int((~asked).sum())


def _kept(table: Table, keep: NDArray[np.bool_]) -> Table:
    if keep.all():
        return table
    by_name = {name: replace(column, index=column.index[keep]) for name, column in table.by_name.items()}
    by_role = {role: by_name[column.name.upper()] for role, column in table.by_role.items()}
    return replace(table, row=table.row[keep], by_name=by_name, by_role=by_role)


def same_texts(columns: Sequence[Column | None], lengths: Sequence[int]) -> NDArray[np.int64]:
    """Return a number for each row of several files: the same for the same text, -1 where there is none."""
    texts = [np.zeros(0, dtype=np.object_) if column is None else column.values for column in columns]
    numbers, _ = pd.factorize(np.concatenate(texts))
    found, first = [], 0
    for column, text, length in zip(columns, texts, lengths, strict=True):
        of_file = numbers[first : first + len(text)]
        found.append(np.full(length, -1) if column is None else column.each(of_file, -1))
        first += len(text)
    return np.concatenate(found).astype(np.int64)


def refuse_duplicates(system: System, files: Files, maps: Sequence[ExtractMap]) -> None:
    """Note the usable rows that repeat a spell or attendance of the same organisation, and leave them out.

    However its code is spelt: sites and whole providers, in capitals or not, are the organisation that they stand for.
    """
    rows, lengths = files.rows, files.lengths
    record = same_texts([_in_capitals(table.by_role.get("record")) for table in files.tables], lengths)
    organisations = list(system.organisations)
    owner = np.array([organisations.index(service.organisation) for service in system.services.values()])
    kinds = list(dict.fromkeys(extract_map.kind for extract_map in maps))
    kind = np.repeat([kinds.index(extract_map.kind) for extract_map in maps], lengths)
    at = np.flatnonzero(rows.usable & (record >= 0))
    key = (record[at] * len(organisations) + owner[rows.service[at]]) * len(kinds) + kind[at]
    number, _ = pd.factorize(key)
    firsts = at[np.flatnonzero(~pd.Series(number).duplicated().to_numpy())]
    again = firsts[number] != at
    bad, earlier = at[again], firsts[number][again]
    expected = "expected each record of an organisation once; found it in " + files.named(earlier, bad)
    files.refuse(bad, "record", "duplicate", expected, left_out=True)


def _in_capitals(column: Column | None) -> Column | None:
    """Return a column of codes, which count in whatever case."""
    if column is None:
        return None
    return replace(column, values=np.array([text.upper() for text in column.values], dtype=np.object_))
