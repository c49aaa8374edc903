"""Kinds of residents in words, and which of them there are."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.population import Population

ALL = "all"
"""What a table's key column says where a row holds for everybody."""


def kind_of_resident(population: Population, place: int, profile: int) -> str:
    """Return the name of a place and profile: 'hill, 65+, female, quintile 1'."""
    band, sex, quintile, segment = population.profile_labels()[profile]
    need = f", segment {segment}" if len(population.segments) > 1 else ""
    return f"{population.places[place]}, {band}, {sex}, quintile {quintile}{need}"


def in_any_segment(population: Population, kinds: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the kinds of residents, shape (places, profiles), that differ from those given by no more than segment."""
    by_segment = kinds.reshape(len(population.places), -1, len(population.segments))
    return np.broadcast_to(by_segment.any(axis=-1, keepdims=True), by_segment.shape).reshape(kinds.shape)


def inhabited(population: Population) -> NDArray[np.bool_]:
    """Return the kinds of residents, shape (places, profiles), that there are or may be after a change of segment."""
    return in_any_segment(population, population.counts() > 0)
