"""Files that a user names, and those that a config does: inside its folder or below, and nowhere else."""

from pathlib import Path, PurePosixPath, PureWindowsPath

from paysim.model.errors import InputError

_INSIDE = "expected a path inside the folder of the config that names it or below, without '..'"


def inside(config: Path, named: str, key_path: str) -> Path:
    """Return the path of the file that `config` calls `named`, kept as short as the config's own path.

    Raises InputError for absolute paths, for '..', and for links that lead out of the config's folder.
    """

    def refused(found: str, expected: str = _INSIDE) -> InputError:
        return InputError(str(config), key_path, found, expected)

    if not named or "\0" in named:
        raise refused(f"found {named!r}", "expected the name of a file")
    posix, windows = PurePosixPath(named), PureWindowsPath(named)
    if posix.is_absolute() or windows.drive or windows.root or ".." in posix.parts + windows.parts:
        raise refused(f"found path {named!r}")
    path = config.parent / named
    if not path.resolve().is_relative_to(config.parent.resolve()):
        raise refused(f"{named!r} is a link that leads out of the folder")
    if not path.is_file():
        raise refused(f"found no file {named!r}", f"expected it in the folder of {config.name} or below")
    return path


def refuse_no_file(path: Path, expected: str) -> None:
    """Raise InputError where a path that was asked for is a folder, or there is nothing."""
    if not path.is_file():
        raise InputError(str(path), "", "found a folder" if path.is_dir() else "found no such file", expected)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file (a byte order mark is dropped).

    Raises InputError with the line of the first byte that is not UTF-8, or if the file cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(str(path), "", error.strerror or str(error), "expected a file that can be read") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"found byte 0x{data[error.start]:02x}, which is not UTF-8"
        raise InputError(str(path), f"line {line}", found, "expected UTF-8 text") from None
