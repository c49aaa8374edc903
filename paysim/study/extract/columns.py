"""The columns of an extract: texts from CSV or Parquet, each kept once with the rows that hold it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from paysim.config.paths import refuse_no_file
from paysim.config.wording import nearest
from paysim.model.errors import InputError
from paysim.model.extract import ExtractMap

ISO = "%Y-%m-%dT%H:%M:%S"
"""Form of the dates and times that a Parquet file holds as such."""

_NEEDED = ("provider", "residence", "code", "start")
_HEADER_BYTES = 1 << 20
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04")
"""How gzip and zip files begin, and with the latter spreadsheets in .xlsx."""
_EMPTY = frozenset({"", "NULL", "NA", "N/A", "#N/A", "NAN", "<NA>", "NONE"})
"""What databases, R, spreadsheets and Python write for an empty cell, in capitals."""
FIRST_ROW = 2
"""Rows are numbered as a spreadsheet does: the header is row 1. A Parquet file is numbered as if it had one."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column: its distinct texts, trimmed, and the position of each row's text among them, -1 for an empty cell.

    `form` is that of its dates where they do not depend on the map.
    """

    name: str
    values: NDArray[np.object_]
    index: NDArray[np.int32]
    form: str | None = None

    @property
    def empty(self) -> NDArray[np.bool_]:
        """Whether each row's cell is empty."""
        return self.index < 0

    def each(self, by_value: NDArray[Any], of_empty: Any) -> NDArray[Any]:
        """Return for each row what its text stands for, by value, or what an empty cell does."""
        return np.append(by_value, of_empty)[self.index]

    def texts(self, rows: NDArray[np.integer]) -> NDArray[np.object_]:
        """Return the texts of some rows, '' for empty cells."""
        return np.asarray(np.append(self.values, "")[self.index[rows]], dtype=np.object_)


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds that matters: `by_role` what its map's columns stand for, `by_name` all of them in capitals.

    `row` is each row's number in the file. `ragged` are rows that have too few or too many cells, with their number of
    cells; `cells` is the number that they should have.
    """

    file: str
    row: NDArray[np.int64]
    by_role: Mapping[str, Column]
    by_name: Mapping[str, Column]
    ragged: tuple[tuple[int, int], ...]
    cells: int


def read_table(path: Path, extract_map: ExtractMap) -> Table:
    """Return the columns of a file that its map needs.

    Raises InputError where there is no such file, where it is neither CSV in UTF-8 nor Parquet, or lacks a column, and
    for a column of anything but texts, numbers, dates and times.
    """
    refuse_no_file(path, "expected an extract: CSV or Parquet")
    parquet = is_parquet(path)
    ragged: list[tuple[int, int]] = []
    try:
        names = pq.read_schema(path).names if parquet else _header(path, extract_map.separator)
        roles = _roles(path, names, extract_map)
        wanted = list(dict.fromkeys([*roles.values(), *_tested(path, names, extract_map)]))
        if parquet:
            table = pq.read_table(path, columns=wanted)
        else:
            table, ragged = _read_csv(path, wanted, extract_map.separator)
    except (pa.ArrowInvalid, UnicodeDecodeError, csv.Error) as error:
        raise InputError(str(path), "", f"found {error}", "expected a CSV file in UTF-8 or a Parquet file") from None
    numbers = np.setdiff1d(
        np.arange(FIRST_ROW, FIRST_ROW + len(table) + len(ragged)), [row for row, _ in ragged], assume_unique=True
    )
    codes = _codes(roles, extract_map)
    by_name = {
        name.upper(): _column(path, name, table[name], codes.get(name.strip().upper(), set())) for name in wanted
    }
    return Table(
        file=str(path),
        row=numbers.astype(np.int64),
        by_role={role: by_name[name.upper()] for role, name in roles.items()},
        by_name=by_name,
        ragged=tuple(ragged),
        cells=len(names),
    )


def is_parquet(path: Path) -> bool:
    """Return whether a file begins as Parquet files do."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _header(path: Path, separator: str) -> list[str]:
    with path.open("rb") as file:
        start = file.read(_HEADER_BYTES)
    text = io.StringIO(start.decode("utf-8-sig", errors="ignore"), newline="")
    names = next(csv.reader(text, delimiter=separator), [])
    if start.startswith(_COMPRESSED) or any("\0" in name for name in names):
        expected = "expected a CSV file in UTF-8, not compressed, or a Parquet file"
        raise InputError(str(path), "", "found no text", expected)
    return names


def _roles(path: Path, names: Sequence[str], extract_map: ExtractMap) -> dict[str, str]:
    """Return the file's column for each role that it has one for; raise InputError where one is missing."""
    found: dict[str, str] = {}
    for role, column in extract_map.columns.items():
        there = [name for usual in column.names for name in _called(path, names, usual)]
        if there:
            found[role] = there[0]
        elif column.asked:
            raise _missing(path, names, column.names, f"named by {column.key} in {extract_map.file}")
    for role in _NEEDED:
        if role not in found and not (role == "residence" and extract_map.elsewhere is not None):
            column = extract_map.columns[role]
            raise _missing(path, names, column.names, f"or its name as {column.key} in {extract_map.file}")
    if extract_map.kind == "admitted" and not {"end", "days"} & found.keys():
        column = extract_map.columns["end"]
        raise _missing(path, names, column.names, f"or its name as {column.key} in {extract_map.file}")
    return found


def _tested(path: Path, names: Sequence[str], extract_map: ExtractMap) -> Iterable[str]:
    """Yield the columns whose values rules and `only` test; raise InputError where one is missing."""
    for column in extract_map.only:
        there = _called(path, names, column)
        if extract_map.required_only and not there:
            raise _missing(path, names, (column,), f"named by only in {extract_map.file}")
        yield from there
    for rule in extract_map.rules:
        for column in rule.where:
            there = _called(path, names, column)
            if not there:
                expected = f"from which point of delivery {rule.point_of_delivery.lower()!r} follows"
                raise _missing(
                    path, names, (column,), f"{expected}, or columns.point_of_delivery in {extract_map.file}"
                )
            yield from there


def _called(path: Path, names: Sequence[str], wanted: str) -> list[str]:
    """Return the column of that name, in whatever case, if there is one; raise InputError if there are several."""
    there = [name for name in names if name.strip().upper() == wanted.strip().upper()]
    if len(there) > 1:
        raise InputError(str(path), "row 1", f"found column {wanted!r} {len(there)} times", "expected it once")
    return there


def _missing(path: Path, names: Sequence[str], wanted: Sequence[str], why: str) -> InputError:
    expected = f"expected {' or '.join(map(repr, wanted))}, {why}" if wanted else f"expected {why.removeprefix('or ')}"
    first = wanted[0] if wanted else ""
    return InputError(
        str(path), "row 1", f"found no column {first!r}", f"{expected}; {nearest(first, names, 'its columns')}"
    )


def _read_csv(path: Path, wanted: list[str], separator: str) -> tuple[pa.Table, list[tuple[int, int]]]:
    ragged: list[tuple[int, int]] = []

    def note(row: Any) -> str:
        ragged.append((row.number, row.actual_columns))
        return "skip"

    table = pacsv.read_csv(
        path,
        # One thread: rows that are left out are numbered only then.
        read_options=pacsv.ReadOptions(use_threads=False),
        parse_options=pacsv.ParseOptions(
            delimiter=separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=wanted, column_types=dict.fromkeys(wanted, pa.string()), strings_can_be_null=False
        ),
    )
    return table, ragged


def _codes(roles: Mapping[str, str], extract_map: ExtractMap) -> dict[str, set[str]]:
    """Return the texts that a map gives a meaning to, in capitals, by column in capitals."""
    meant: list[tuple[str, Iterable[str]]] = [*extract_map.only.items()]
    meant += [each for rule in extract_map.rules for each in rule.where.items()]
    known = {
        "provider": extract_map.services_of,
        "residence": extract_map.place_of,
        "point_of_delivery": extract_map.step_of,
    }
    meant += [(roles[role], texts) for role, texts in known.items() if role in roles]
    found: dict[str, set[str]] = {}
    for name, texts in meant:
        found.setdefault(name.strip().upper(), set()).update(texts)
    return found


def _column(path: Path, name: str, cells: pa.ChunkedArray, codes: AbstractSet[str]) -> Column:
    """Return a column of a file, in which a text that is usual for an empty cell is one unless it is a code there."""
    try:
        texts, form = _texts(cells)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        expected = "expected texts in UTF-8, numbers, dates or times"
        raise InputError(str(path), f"column {name!r}", f"found {cells.type}", expected) from None
    encoded = pc.dictionary_encode(pc.utf8_trim_whitespace(texts)).combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = pa.array([], pa.string()).dictionary_encode()
    empty = pa.array(sorted(_EMPTY - codes), pa.string())
    kept = ~pc.is_in(pc.utf8_upper(encoded.dictionary), empty).to_numpy(zero_copy_only=False)
    position = np.where(kept, np.cumsum(kept) - 1, -1)
    return Column(
        name=name,
        values=encoded.dictionary.to_numpy(zero_copy_only=False)[kept],
        index=np.append(position, -1)[encoded.indices.fill_null(-1).to_numpy()].astype(np.int32),
        form=form,
    )


def _texts(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, str | None]:
    """Return cells as texts, and the form of their dates where they are held as such; times are those of their zone."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_timestamp(cells.type) and cells.type.tz:
        cells = pc.local_timestamp(cells)
    if pa.types.is_date(cells.type) or pa.types.is_timestamp(cells.type):
        return pc.strftime(cells.cast(pa.timestamp("s"), safe=False), ISO), ISO
    return cells.cast(pa.string()), None
