"""Age bands: '0-4', '65+'; and coarser bands as unions of finer ones."""

import math
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

Ages = tuple[float, float]
"""The first age of a band and the first age after it."""


@cache
def ages(band: str) -> Ages | None:
    """Return the ages of a band, or None if the text is no age band."""
    match = re.fullmatch(r"(\d{1,3})(?:-(\d{1,3})|\+)", band, re.ASCII)
    if not match:
        return None
    first, stop = int(match[1]), math.inf if match[2] is None else int(match[2]) + 1
    return (first, stop) if first < stop else None


def gap_or_overlap(bands: Sequence[str]) -> tuple[str, str] | None:
    """Return the first two neighbours, of bands in order of age, where one does not begin as the other ends."""
    for younger, older in pairwise(bands):
        if _ages(younger)[1] != _ages(older)[0]:
            return younger, older
    return None


def members(band: str, bands: Sequence[str]) -> list[int] | None:
    """Return the positions of the `bands` that make up `band`, or None if it is no union of whole bands.

    `bands` are in order of age, without gaps.
    """
    span = ages(band)
    if span is None:
        return None
    spans = [_ages(part) for part in bands]
    inside = [number for number, (first, stop) in enumerate(spans) if span[0] <= first and stop <= span[1]]
    if not inside or (spans[inside[0]][0], spans[inside[-1]][1]) != span:
        return None
    return inside


def _ages(band: str) -> Ages:
    """Return the ages of a band that is known to be one."""
    span = ages(band)
    assert span is not None
    return span
