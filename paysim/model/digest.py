"""Digests of frozen values: what they say, in one hash."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction

import numpy as np


def digest_of(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of all that a value says; two that say the same have the same.

    Mappings count in their order, since that of a System numbers its services and steps. Raises TypeError for a value
    that is no data.
    """
    digest = hashlib.sha256()
    for part in _parts(value):
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def _parts(value: object) -> Iterator[bytes]:
    match value:
        case None | bool() | int() | float() | str() | date() | Fraction() | np.generic():
            yield repr(value).encode()
        case np.ndarray():
            yield f"{value.dtype.str}{value.shape}".encode()
            yield value.tobytes()
        case Mapping():
            yield f"mapping {len(value)}".encode()
            for item in value.items():
                yield from _parts(item)
        case tuple() | list():
            yield f"sequence {len(value)}".encode()
            for each in value:
                yield from _parts(each)
        case frozenset() | set():
            yield from _parts(sorted(value))
        case _ if is_dataclass(value):
            yield type(value).__qualname__.encode()
            for field in fields(value):
                yield from _parts(getattr(value, field.name))
        case _:
            raise TypeError(f"a {type(value).__qualname__} is no data")
