"""Choices of provider: shares by place, and maps that must name every place or option."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.tariff import SHARE_TOLERANCE
from paysim.config.schema.care import Choice


def complete(
    document: Document, path: KeyPath, kind: str, written: Mapping[str, str], known: Collection[str]
) -> Mapping[str, str]:
    """Return a map that names every one of `known` and nothing else; raise InputError if it does not."""
    for key in written:
        document.known((*path, key), kind, key, dict.fromkeys(known))
    for key in known:
        if key not in written:
            raise document.refuse(path, f"found nothing for {kind} {key!r}", f"expected every {kind}")
    return written


def shares(document: Document, path: KeyPath, choice: Choice, places: Collection[str]) -> NDArray[np.float64]:
    """Return the share of each option by place, shape (places, options); raise InputError unless rows add up to 1."""
    for number, option in enumerate(choice.options):
        if option in choice.options[:number]:
            raise document.refuse((*path, "options", number), f"found {option!r} again", "expected each option once")
    complete(document, (*path, "shares"), "place", dict.fromkeys(choice.shares, ""), places)
    table = np.zeros((len(places), len(choice.options)))
    for row, place in enumerate(places):
        for option, share in choice.shares[place].items():
            document.known((*path, "shares", place, option), "option", option, dict.fromkeys(choice.options))
            table[row, choice.options.index(option)] = share
        if abs(table[row].sum() - 1) > SHARE_TOLERANCE:
            found = f"found shares that add up to {table[row].sum():.6g}"
            raise document.refuse((*path, "shares", place), found, "expected 1")
    return table
