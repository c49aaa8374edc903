"""Changes of need from year to year, and deaths."""

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document
from paysim.config.resolve.by_resident import by_resident, check_columns
from paysim.config.schema.setting import Need
from paysim.model import need as model
from paysim.model.errors import InputError
from paysim.model.population import Population

_KEYS = ("from_segment", "to_segment")

TRANSITION_TOLERANCE = 1e-4
"""How far the probabilities from a segment may be from adding up to 1: published ones carry about six decimals."""


def need(document: Document, written: Need | None, population: Population) -> model.Need | None:
    """Return the yearly transitions between segments and the probabilities of dying, or None without a [need] block.

    Raises InputError for unknown segments, pairs given twice, and probabilities that do not add up to 1.
    """
    if written is None:
        return None
    segments = population.segments
    transitions = np.eye(len(segments))
    if written.transitions is not None:
        transitions = _transitions(document, written.transitions.column, segments)
    return model.Need(transitions, by_resident(document, ("need", "death"), written.death, population, 1.0))


def _transitions(document: Document, column: str, segments: tuple[str, ...]) -> NDArray[np.float64]:
    path = ("need", "transitions")
    table = document.table(path)
    table.require(_KEYS, table.columns)
    check_columns(document, path, column, table, _KEYS)
    transitions = np.full((len(segments), len(segments)), np.nan)
    for row in table.rows:
        pair = tuple(segments.index(row.known(key, "segment", segments)) for key in _KEYS)
        if not np.isnan(transitions[pair]):
            raise row.refuse("to_segment", f"found {row.cells['to_segment']!r} again", "expected each pair once")
        transitions[pair] = row.number_from(column, 0.0, 1.0)
    transitions = np.nan_to_num(transitions)
    totals = transitions.sum(axis=1)
    for segment, total in zip(segments, totals, strict=True):
        if abs(total - 1) > TRANSITION_TOLERANCE:
            found = f"found probabilities from {segment!r} that add up to {total:.6g}"
            raise InputError(str(table.file), f"column {column!r}", found, "expected 1")
    return np.asarray(transitions / totals[:, None])
