"""Results on disk: written whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
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
    "figures",
    "flows.parquet",
    "report.html",
}
"""All that a folder of results holds; a folder with anything else in it is not replaced."""

_RUN_KEY = b"paysim.run"
_FINGERPRINT_KEY = b"paysim.config_sha256"
_NAMED = {"step": "step_ids", "service": "service_ids", "code": "codes"}


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
        yield draft
        draft.chmod(0o644)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(content: object, path: Path) -> None:
    """Write a value as indented JSON."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def write_table(table: "pd.DataFrame", path: Path) -> None:
    """Write a tidy table as Parquet."""
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd")


def write_activity(activity: Activity, path: str | Path) -> None:
    """Write an Activity as one Parquet file, with names for its steps, services and codes, whole or not at all."""
    with _whole_file(Path(path)) as draft:
        pq.write_table(_to_arrow(activity), draft, compression="zstd")


def read_activity(path: str | Path, system: System) -> Activity:
    """Return the Activity that `write_activity` wrote, for the same system.

    Raises InputError if the file is no activity or belongs to another system.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, FileNotFoundError) as error:
        raise InputError(str(path), "", f"found {error}", "expected a Parquet file of activity") from error
    metadata = table.schema.metadata or {}
    if _RUN_KEY not in metadata or set(COLUMNS) - set(table.column_names):
        raise InputError(str(path), "", "found a table of another kind", "expected activity written by paysim")
    if metadata[_FINGERPRINT_KEY].decode() != system.fingerprint:
        raise InputError(str(path), "", "found activity of another config", f"expected that of {system.title!r}")
    details = json.loads(metadata[_RUN_KEY])
    weight = details.pop("weight")
    columns = {name: _column(table, name, dtype, system) for name, (dtype, _) in COLUMNS.items()}
    return Activity(system=system, run=Run(**details), weight=weight, **columns)


def _to_arrow(activity: Activity) -> pa.Table:
    columns = {}
    for name in COLUMNS:
        values = getattr(activity, name)
        if name in _NAMED:
            labels = pa.array(getattr(activity.system, _NAMED[name]), type=pa.string())
            indices = pa.array(values.astype(np.int32), mask=values < 0)
            columns[name] = pa.DictionaryArray.from_arrays(indices, labels)
        else:
            columns[name] = pa.array(values)
    run = json.dumps({**asdict(activity.run), "weight": activity.weight})
    metadata = {_RUN_KEY: run.encode(), _FINGERPRINT_KEY: activity.system.fingerprint.encode()}
    return pa.table(columns).replace_schema_metadata(metadata)


def _column(table: pa.Table, name: str, dtype: str, system: System) -> NDArray[Any]:
    column = table[name]
    if name not in _NAMED:
        return np.asarray(column.to_numpy().astype(dtype))
    numbers = {label: number for number, label in enumerate(getattr(system, _NAMED[name]))}
    combined = column.combine_chunks()
    lookup = np.array([numbers[label] for label in combined.dictionary.to_pylist()] + [-1], dtype=dtype)
    return np.asarray(lookup[combined.indices.fill_null(len(lookup) - 1).to_numpy()])
