"""Bad input: the one exception that every floor raises when it refuses what it was given, and where it stands."""

from collections.abc import Sequence


class InputError(ValueError):
    """Input that cannot be used: where it stands, what was found there and what was expected.

    `file` is the file as the user named it ('' where the input came from a call), `key_path` the dotted path of
    the key, or row and column of a table. `others` are further problems of the same input. The message is one line
    a problem: "configs/x.toml: service.wards.capacity: found -3; expected a whole number of at least 1".
    """

    def __init__(
        self, file: str, key_path: str, found: str, expected: str, others: Sequence["InputError"] = ()
    ) -> None:
        self.file = file
        self.key_path = key_path
        self.found = found
        self.expected = expected
        self.others = tuple(others)
        # As arguments, so that a copy can be made of them: worker processes and SimPy hand copies on.
        super().__init__(file, key_path, found, expected, self.others)

    def __str__(self) -> str:
        """Return one line a problem."""
        where = "".join(f"{part}: " for part in (self.file, self.key_path) if part)
        return "\n".join([f"{where}{self.found}; {self.expected}", *map(str, self.others)])


def dotted(path: Sequence[str | int]) -> str:
    """Return a key path as text: 'pathway.emergency.step.ward.next[0].to'."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def refuse_unknown(name: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Raise InputError for a name that is not among the known ones."""
    for item in given:
        if item not in known:
            raise InputError("", name, f"found {item!r}", f"expected one of {', '.join(known)}")


def refuse_other(name: str, given: object, wanted: type | tuple[type, ...], expected: str) -> None:
    """Raise InputError for anything but a value of the type that is wanted."""
    if not isinstance(given, wanted):
        found = repr(given) if isinstance(given, str) else f"a value of type {type(given).__name__}"
        raise InputError("", name, f"found {found}", expected)
