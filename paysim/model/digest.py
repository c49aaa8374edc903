"""Digests of frozen values: what they say, in one hash."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

import numpy as np

Known = dict[int, tuple[object, bytes]]
"""Digests by the identity of their values, which are kept so that no other value comes to have it."""


def digest_of(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of all that a value says; two that say the same have the same.

    Mappings count in their order, since that of a System numbers its services and steps. Raises TypeError for a value
    that is no data.
    """
    return _digest(value, {}).hex()


def _digest(value: object, known: Known) -> bytes:
    if id(value) not in known:
        digest = hashlib.sha256()
        for part in _parts(value, known):
            digest.update(len(part).to_bytes(8, "little") + part)
        known[id(value)] = value, digest.digest()
    return known[id(value)][1]


def _parts(value: object, known: Known) -> Iterator[bytes]:
    match value:
        case None | bool() | int() | float() | str() | date() | Fraction() | np.generic():
            yield repr(value).encode()
        case np.ndarray():
            yield f"{value.dtype.str}{value.shape}".encode()
            yield value.tobytes()
        case Mapping():
            yield b"mapping"
            for key, each in value.items():
                yield _digest(key, known)
                yield _digest(each, known)
        case tuple() | list():
            yield b"sequence"
            for each in value:
                yield _digest(each, known)
        case frozenset() | set():
            yield b"set"
            yield from sorted(_digest(each, known) for each in value)
        case _ if is_dataclass(value):
            yield type(value).__qualname__.encode()
            for field in fields(value):
                yield _digest(getattr(value, field.name), known)
        case _:
            raise TypeError(f"a {type(value).__qualname__} is no data")
