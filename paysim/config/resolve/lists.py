"""Lists of ids."""

from collections.abc import Mapping

from paysim.config.document import Document, KeyPath


def listed(
    document: Document, path: KeyPath, kind: str, names: list[str], known: Mapping[str, object]
) -> tuple[str, ...]:
    """Return a list of ids as a tuple; raise InputError for ids that are unknown or given twice."""
    for number, name in enumerate(names):
        document.known((*path, number), kind, name, known)
        if name in names[:number]:
            raise document.refuse((*path, number), f"found {name!r} again", f"expected each {kind} once")
    return tuple(names)
