"""Bad input: the one exception that every floor raises when it refuses what it was given."""

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
        where = "".join(f"{part}: " for part in (file, key_path) if part)
        super().__init__("\n".join([f"{where}{found}; {expected}", *map(str, self.others)]))

    def __reduce__(self) -> tuple[type["InputError"], tuple[object, ...]]:
        """Return how to make the same exception again: worker processes hand theirs over."""
        return InputError, (self.file, self.key_path, self.found, self.expected, self.others)
