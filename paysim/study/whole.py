"""Where results go: a folder or a file, written whole or not at all, and never over anything but such a result."""

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Literal

from paysim.model.errors import InputError
from paysim.study.plain import json_text

PROVENANCE = "provenance.json"
"""The file that says what a result came from and which other files it has."""

Command = Literal["compare", "incentives", "respond", "design", "simulate", "settle"]
"""What a result came from: the command, or its call in Python."""

_DISK_FAILS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


@contextmanager
def whole_folder(folder: str | Path, command: Command, provenance: Mapping[str, object]) -> Iterator[Path]:
    """Yield an empty folder to fill; it takes the place of `folder` at the end, or disappears if anything fails.

    Its provenance.json holds `provenance`, the command and the names of its files, by which it is known as a result
    later on. Raises InputError if `folder` cannot be written to, or exists and is neither empty nor an earlier result
    of the same command; at the end, too, since it may have come to be that in between.
    """
    target = Path(folder).resolve()
    refuse_unusable_folder(target, command)
    draft = _beside(target)
    try:
        with _naming(target):
            draft.mkdir(parents=True)
            yield draft
            files = sorted(path.relative_to(draft).as_posix() for path in draft.rglob("*") if path.is_file())
            write_text(json_text({**provenance, "command": command, "files": files}), draft / PROVENANCE)
            _refuse_what_must_stay(target, command)
            _replace(draft, target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield the path of a file to write; it takes the place of `path` at the end, or disappears if anything fails.

    Raises InputError if there is no way to write to `path`.
    """
    refuse_unusable_file(path)
    draft = _beside(path)
    try:
        with _naming(path):
            draft.parent.mkdir(parents=True, exist_ok=True)
            yield draft
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_text(content: str, path: Path) -> None:
    """Write a text file, whole or not at all, with the same bytes on every platform."""
    with whole_file(path) as draft:
        draft.write_text(content, encoding="utf-8", newline="\n")


def refuse_unusable_folder(folder: Path, command: Command) -> None:
    """Raise InputError if a command's result cannot be written to a folder, or would replace anything but its like."""
    with _refusing(folder):
        if os.path.ismount(folder):
            raise InputError(str(folder), "", "found a mount point", "expected a folder of its own, such as one in it")
        if folder.resolve() == Path.cwd():
            raise InputError(str(folder), "", "found the working folder", "expected a folder of its own")
        _refuse_what_must_stay(folder, command)
        _try_to_write(folder)


def refuse_unusable_file(path: Path) -> None:
    """Raise InputError if no file can be written to a path."""
    with _refusing(path):
        if path.is_dir():
            raise InputError(str(path), "", "found a folder", "expected a file to write to")
        _try_to_write(path)


def _refuse_what_must_stay(folder: Path, command: Command) -> None:
    """Raise InputError if anything is there but an earlier result of the command."""
    if folder.exists() and not folder.is_dir():
        raise InputError(str(folder), "", "found a file", "expected a folder to write to")
    earlier, files = _result_in(folder)
    foreign = next(_foreign(folder, files), None)
    if foreign is not None:
        found = f"found {foreign!r}, which is not part of a result of paysim"
        raise InputError(str(folder), "", found, "expected a new or empty folder")
    if earlier not in (None, command):
        expected = f"expected another folder for that of paysim {command}, such as --out {command}"
        raise InputError(str(folder), "", f"found a result of paysim {earlier}", expected)


def _foreign(folder: Path, written: set[Path]) -> Iterator[str]:
    """Yield the path of whatever is in a folder and not among the files that a result wrote."""
    above = {parent for path in written for parent in path.parents}
    for path in folder.rglob("*"):
        known = path.relative_to(folder)
        if known not in (above if path.is_dir() else written):
            yield known.as_posix()


def _result_in(folder: Path) -> tuple[str | None, set[Path]]:
    """Return the command whose result a folder holds, and its files by their path in it; none if it holds no result."""
    try:
        provenance = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, set()
    match provenance:
        case {"paysim": _, "command": str(command), "files": [*files]}:
            return command, {Path(PROVENANCE), *(Path(str(file)) for file in files)}
    return None, set()


def _try_to_write(path: Path) -> None:
    """Raise OSError if nothing can be made where `path`, or the first missing folder above it, is to be."""
    while not path.parent.exists():
        path = path.parent
    attempt = _beside(path)
    attempt.mkdir()
    attempt.rmdir()


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """Let what the system refuses be told as bad input."""
    try:
        yield
    except OSError as error:
        found = f"found no way to write there: {error.strerror}"
        raise InputError(str(path), "", found, "expected a place that can be written to") from error


def _beside(path: Path) -> Path:
    """Return a path that nothing has yet, in the same folder."""
    return path.with_name(f".{path.name}-{token_hex(4)}")


def _replace(draft: Path, target: Path) -> None:
    # Two renames: a reader sees the old result, for an instant none, then the new one; never a mixture.
    retired = _beside(target)
    try:
        if target.exists():
            target.rename(retired)
        draft.rename(target)
    finally:
        # Also where Ctrl-C came between the two.
        if retired.exists():
            if target.exists():
                shutil.rmtree(retired)
            else:
                retired.rename(target)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let a disk that fails be told by the path that was to be written, not by that of a draft."""
    try:
        yield
    except OSError as error:
        if error.errno not in _DISK_FAILS:
            raise
        raise OSError(error.errno, f"{os.strerror(error.errno)}; nothing was written", str(path)) from error
