"""How a refusal names things: values as written, ids beside their nearest neighbours."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

_LISTED = 24
_SHOWN_CHARACTERS = 60
_MOST_BITS = 1024


def shown(value: object) -> str:
    """Return a value as a config would write it, shortened; 'a table' or 'a list' for the larger kinds."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
        case date():
            return value.isoformat()
        case int() if value.bit_length() > _MOST_BITS:
            return f"a whole number of more than {_MOST_BITS:,} bits"
        case _:
            text = repr(value)
            return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def nearest(name: str, known: Iterable[str], word: str = "known") -> str:
    """Return "did you mean 'x'? known: ...", with as much of it as `known` allows; `word` may be 'allowed'."""
    names = list(dict.fromkeys(known))
    close = get_close_matches(name, names, n=1)
    question = f"did you mean {close[0]!r}? " if close else ""
    listed = ", ".join(names[:_LISTED]) or "none"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{question}{word}: {listed}{more}"
