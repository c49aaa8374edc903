"""Results on disk: written whole or not at all."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.errors import InputError
from paysim.model.system import System

if TYPE_CHECKING:
    import pandas as pd

PROVENANCE = "provenance.json"
"""The file that says what a result came from."""

_WRITTEN = {
    PROVENANCE,
    "accounts.parquet",
    "activity.parquet",
    "activity_summary.parquet",
    "candidates.parquet",
    "cash.parquet",
    "check.parquet",
    "contenders.parquet",
    "design.json",
    "equilibria.parquet",
    "figures",
    "flows.parquet",
    "frontier.parquet",
    "gap.parquet",
    "incentives.parquet",
    "lack_of_fit.parquet",
    "levers.parquet",
    "margins.parquet",
    "partners.parquet",
    "path.parquet",
    "problems.csv",
    "report.html",
    "risk.parquet",
    "runs.parquet",
    "verdicts.parquet",
}
"""All that a folder of results holds; a folder with anything else in it is not replaced."""

_DISK_FAILS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_RUN_KEY = b"paysim.run"
_FINGERPRINT_KEY = b"paysim.config_sha256"
_SERVERS_KEY = b"paysim.servers"
_NAMED = {"step": "step_ids", "service": "service_ids", "code": "codes"}
_COLUMNS = ("resident", "episode", "step", "service", "code", "start", "end", "wait")
_ROWS_PER_GROUP = 2**20
"""Activity is written and read so many rows at a time: 30 MB."""


@contextmanager
def whole_folder(folder: str | Path) -> Iterator[Path]:
    """Yield an empty folder to fill; it takes the place of `folder` at the end, or disappears if anything fails.

    Raises InputError if `folder` exists and is neither empty nor an earlier result.
    """
    target = Path(folder).resolve()
    refuse_foreign(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        with _naming(target):
            yield draft
            draft.chmod(0o755)
            _replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def refuse_foreign(target: Path) -> None:
    """Raise InputError if a folder (or file) of that name holds something that is not a result of paysim."""
    if target.is_dir():
        if target.resolve() == Path.cwd():
            raise InputError(str(target), "", "found the working folder", "expected a folder of its own")
        foreign = sorted({path.name for path in target.iterdir()} - _WRITTEN)
        if foreign:
            found = f"found {foreign[0]!r}, which is not part of a result of paysim"
            raise InputError(str(target), "", found, "expected a new or empty folder")
    elif target.exists():
        raise InputError(str(target), "", "found a file", "expected a folder to write to")


def _replace(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
        return
    # Two renames: a reader sees the old result, for an instant none, then the new one; never a mixture.
    retired = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    os.replace(target, retired / target.name)
    try:
        draft.rename(target)
    except OSError:
        os.replace(retired / target.name, target)
        raise
    finally:
        shutil.rmtree(retired)


def write_text(content: str, path: Path) -> None:
    """Write a text file, whole or not at all."""
    with _whole_file(path) as draft:
        draft.write_text(content, encoding="utf-8")


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """Yield a file to fill; it takes the place of `path` at the end, or disappears if anything fails."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        with _naming(path):
            yield draft
            draft.chmod(0o644)
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let a disk that fails be told by the path that was to be written, not by that of a draft."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK_FAILS:
            raise
        raise OSError(error.errno, f"{os.strerror(error.errno)}; nothing was written", str(path)) from error


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(content: object, path: Path) -> None:
    """Write a value as indented JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write a tidy table as Parquet."""
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd")


def write_activity(activity: Activity, path: str | Path) -> None:
    """Write an Activity as one Parquet file, with names for its steps, services and codes, whole or not at all.

    The end stands in place of the stay, since most of its bits follow from the order of the rows. Raises InputError
    for times of which end - start does not give the stay back; whole clock ticks always do.
    """
    with writing_activity(path, activity.system, activity.run, activity.weight) as write:
        write(activity)


@contextmanager
def writing_activity(path: str | Path, system: System, run: Run, weight: float) -> Iterator[Callable[[Activity], None]]:
    """Yield a function that adds an Activity's rows to the file, so that a run can be written as it goes on.

    `run` says what all parts together are. The file is there once all of them are, see `write_activity`.
    """
    schema = _schema(system, run, weight)
    with (
        _whole_file(Path(path)) as draft,
        pq.ParquetWriter(
            draft,
            schema,
            compression="zstd",
            compression_level=3,
            use_dictionary=list(_NAMED),
            column_encoding=dict.fromkeys(set(schema.names) - set(_NAMED), "BYTE_STREAM_SPLIT"),
        ) as writer,
    ):
        servers: Mapping[str, tuple[float, ...]] = {}

        def write(activity: Activity) -> None:
            nonlocal servers
            servers = activity.servers
            for start in range(0, len(activity), _ROWS_PER_GROUP):
                writer.write_table(_to_arrow(activity, slice(start, start + _ROWS_PER_GROUP), schema))

        yield write
        if servers:
            # Known only when all months are over; where capacity was as planned, there is nothing to tell.
            writer.add_key_value_metadata({_SERVERS_KEY: json.dumps(servers).encode()})


def read_activity(path: str | Path, system: System) -> Activity:
    """Return the Activity that `write_activity` wrote, for the same system.

    Raises InputError if the file is no activity or belongs to another system.
    """
    try:
        with pq.ParquetFile(path) as file:
            run, weight = _run_of(file, path, system)
            servers = json.loads(file.metadata.metadata.get(_SERVERS_KEY, b"{}"))
            columns = {name: np.empty(file.metadata.num_rows, dtype) for name, (dtype, _) in COLUMNS.items()}
            first = 0
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=list(_COLUMNS))
                for name, values in columns.items():
                    values[first : first + len(table)] = _column(table, name, system)
                first += len(table)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(str(path), "", f"found {error}", "expected a Parquet file of activity") from error
    by_month = {id: tuple(months) for id, months in servers.items()}
    return Activity(system=system, run=run, weight=weight, servers=by_month, **columns)


def _run_of(file: pq.ParquetFile, path: str | Path, system: System) -> tuple[Run, float]:
    """Return how the activity in a file came about, and its weight."""
    metadata = file.schema_arrow.metadata or {}
    if _RUN_KEY not in metadata or set(_COLUMNS) - set(file.schema_arrow.names):
        raise InputError(str(path), "", "found a table of another kind", "expected activity written by paysim")
    if metadata[_FINGERPRINT_KEY].decode() != system.fingerprint:
        raise InputError(str(path), "", "found activity of another config", f"expected that of {system.title!r}")
    details = json.loads(metadata[_RUN_KEY])
    weight = details.pop("weight")
    return Run(**{**details, "custom": tuple(details["custom"])}), weight


def _schema(system: System, run: Run, weight: float) -> pa.Schema:
    types = {"end": pa.float64()} | dict.fromkeys(_NAMED, pa.dictionary(pa.int32(), pa.string()))
    fields = [(name, types.get(name) or pa.from_numpy_dtype(COLUMNS[name][0])) for name in _COLUMNS]
    details = json.dumps({**asdict(run), "weight": weight})
    return pa.schema(fields, {_RUN_KEY: details.encode(), _FINGERPRINT_KEY: system.fingerprint.encode()})


def _to_arrow(activity: Activity, rows: slice, schema: pa.Schema) -> pa.Table:
    columns = {name: getattr(activity, name)[rows] for name in COLUMNS}
    columns["end"] = columns["start"] + columns["stay"]
    lost = np.flatnonzero(_stay(columns["start"], columns["end"]) != columns["stay"])
    if len(lost):
        row = rows.start + int(lost[0])
        found = f"found start {activity.start[row]} and stay {activity.stay[row]}"
        raise InputError("", f"activity row {row}", found, "expected an end less start that gives the stay back")
    for name, labels in _NAMED.items():
        indices = pa.array(columns[name].astype(np.int32), mask=columns[name] < 0)
        columns[name] = pa.DictionaryArray.from_arrays(indices, pa.array(getattr(activity.system, labels), pa.string()))
    return pa.table({name: columns[name] for name in _COLUMNS}, schema=schema)


def _column(table: pa.Table, name: str, system: System) -> NDArray[Any]:
    if name == "stay":
        return _stay(table["start"].to_numpy(), table["end"].to_numpy())
    if name not in _NAMED:
        return np.asarray(table[name].to_numpy())
    numbers = {label: number for number, label in enumerate(getattr(system, _NAMED[name]))}
    combined = table[name].combine_chunks()
    lookup = np.array([numbers[label] for label in combined.dictionary.to_pylist()] + [-1], dtype=COLUMNS[name][0])
    return np.asarray(lookup[combined.indices.fill_null(len(lookup) - 1).to_numpy()])


def _stay(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float32]:
    return (end - start).astype(np.float32)
