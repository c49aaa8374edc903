"""Tables and activity as Parquet files."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from paysim.config import system_of
from paysim.model.activity import COLUMNS, Activity, Run
from paysim.model.errors import InputError, refuse_other
from paysim.model.system import System
from paysim.study.whole import whole_file

if TYPE_CHECKING:
    import pandas as pd

_RUN_KEY = b"paysim.run"
_FINGERPRINT_KEY = b"paysim.config_sha256"
_SIMULATED_KEY = b"paysim.simulated_sha256"
_SERVERS_KEY = b"paysim.servers"
_IN_PROGRESS_KEY = b"paysim.in_progress"
_NAMED = {"step": "step_ids", "service": "service_ids", "code": "codes"}
_COLUMNS = ("resident", "episode", "step", "service", "code", "start", "end", "wait")
_ROWS_PER_GROUP = 2**20
"""Activity is written and read so many rows at a time: 30 MB."""


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write a tidy table as Parquet."""
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd")


def write_activity(activity: Activity, path: str | Path) -> None:
    """Write an Activity as one Parquet file, with names for its steps, services and codes, whole or not at all.

    The end stands in place of the stay, since most of its bits follow from the order of the rows. Raises InputError
    for times of which end - start does not give the stay back (whole clock ticks always do), and for a path that cannot
    be written to.
    """
    refuse_other("activity", activity, Activity, "expected an Activity, as simulate returns it")
    with writing_activity(path, activity.system, activity.run, activity.weight) as write:
        write(activity)


@contextmanager
def writing_activity(path: str | Path, system: System, run: Run, weight: float) -> Iterator[Callable[[Activity], None]]:
    """Yield a function that adds an Activity's rows to the file, so that a run can be written as it goes on.

    `run` says what all parts together are. The file is there once all of them are, see `write_activity`.
    """
    schema = _schema(system, run, weight)
    with (
        whole_file(Path(path)) as draft,
        pq.ParquetWriter(
            draft,
            schema,
            compression="zstd",
            compression_level=3,
            use_dictionary=list(_NAMED),
            column_encoding=dict.fromkeys(set(schema.names) - set(_NAMED), "BYTE_STREAM_SPLIT"),
        ) as writer,
    ):
        told: dict[bytes, Mapping[str, tuple[float, ...]]] = {}

        def write(activity: Activity) -> None:
            told.update({_SERVERS_KEY: activity.servers, _IN_PROGRESS_KEY: activity.in_progress})
            for start in range(0, len(activity), _ROWS_PER_GROUP):
                writer.write_table(_to_arrow(activity, slice(start, start + _ROWS_PER_GROUP), schema))

        yield write
        # Known only when all months are over; where capacity was as planned, there is nothing to tell of it.
        writer.add_key_value_metadata(
            {key: json.dumps(by_month).encode() for key, by_month in told.items() if by_month}
        )


def read_activity(path: str | Path, system: System | str | Path) -> Activity:
    """Return the Activity that `write_activity` wrote, for the same system.

    `system` is a System or the path of its config. Raises InputError for a config that cannot be used, and if the file
    is no activity or belongs to another system.
    """
    system = system_of(system)
    try:
        with pq.ParquetFile(path) as file:
            run, weight = _run_of(file, path, system)
            servers, in_progress = (_by_month(file, key) for key in (_SERVERS_KEY, _IN_PROGRESS_KEY))
            columns = {name: np.empty(file.metadata.num_rows, dtype) for name, (dtype, _) in COLUMNS.items()}
            first = 0
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, columns=list(_COLUMNS))
                for name, values in columns.items():
                    values[first : first + len(table)] = _column(table, name, system)
                first += len(table)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(str(path), "", f"found {error}", "expected a Parquet file of activity") from error
    return Activity(system=system, run=run, weight=weight, servers=servers, in_progress=in_progress, **columns)


def _by_month(file: pq.ParquetFile, key: bytes) -> dict[str, tuple[Any, ...]]:
    """Return what is told by service and month, empty where nothing is."""
    told = json.loads((file.metadata.metadata or {}).get(key, b"{}"))
    return {id: tuple(by_month) for id, by_month in told.items()}


def _run_of(file: pq.ParquetFile, path: str | Path, system: System) -> tuple[Run, float]:
    """Return how the activity in a file came about, and its weight."""
    metadata = file.schema_arrow.metadata or {}
    if _RUN_KEY not in metadata or set(_COLUMNS) - set(file.schema_arrow.names):
        expected = "expected activity written by paysim; an extract needs a map"
        raise InputError(str(path), "", "found a table of another kind", expected)
    if metadata[_FINGERPRINT_KEY].decode() != system.fingerprint:
        raise InputError(str(path), "", "found activity of another config", f"expected that of {system.title!r}")
    if metadata.get(_SIMULATED_KEY, b"").decode() != system.simulated:
        found = "found activity of a system with other settings than those of its config, or than those given"
        raise InputError(str(path), "", found, "expected that of the system as it was simulated")
    details = json.loads(metadata[_RUN_KEY])
    weight = details.pop("weight")
    return Run(**{**details, "custom": tuple(details["custom"])}), weight


def _schema(system: System, run: Run, weight: float) -> pa.Schema:
    types = {"end": pa.float64()} | dict.fromkeys(_NAMED, pa.dictionary(pa.int32(), pa.string()))
    fields = [(name, types.get(name) or pa.from_numpy_dtype(COLUMNS[name][0])) for name in _COLUMNS]
    details = json.dumps({**asdict(run), "weight": weight})
    told = {_FINGERPRINT_KEY: system.fingerprint, _SIMULATED_KEY: system.simulated}
    return pa.schema(fields, {_RUN_KEY: details.encode(), **{key: sha.encode() for key, sha in told.items()}})


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
