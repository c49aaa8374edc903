"""Classes of residents: those whom no contract tells apart are counted together."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.contract import Contract, Scope
from paysim.model.population import Population

NONE = -1

_BLOCK_BITS = 8
"""Residents are looked up by blocks of 256."""


@dataclass(frozen=True, eq=False)
class Classes:
    """Residents by class; every class lies in one place. `of_resident` and `place` (of each class) are numbers.

    `of_block` is the class that a block of residents shares, NONE where they differ: residents are numbered place
    after place, and the blocks fit into the processor's cache, which the residents do not. `of_kind` is by place and
    profile.
    """

    of_kind: NDArray[np.int16]
    of_resident: NDArray[np.int16]
    of_block: NDArray[np.int16]
    place: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.place)


def classes_of(population: Population, contracts: Iterable[Contract]) -> Classes:
    """Return the coarsest classes of residents that lie wholly within or wholly outside of every contract's scope."""
    places = np.repeat(np.arange(len(population.places)), population.profiles)
    told_apart = {id(scope.residents): scope.residents for scope in (contract.scope for contract in contracts)}
    masks = [np.asarray(residents).ravel() > 0 for residents in told_apart.values() if residents is not None]
    signatures = np.stack([places, *masks], axis=1)
    _, first, of_kind = np.unique(signatures, axis=0, return_index=True, return_inverse=True)
    of_kind = np.ravel(of_kind).astype(np.int16)
    kind = population.place.astype(np.int64) * population.profiles + population.profile
    of_resident = np.repeat(of_kind[kind], population.residents)
    firsts = np.arange(0, len(of_resident), 1 << _BLOCK_BITS)
    lowest, highest = (extreme.reduceat(of_resident, firsts) for extreme in (np.minimum, np.maximum))
    return Classes(
        of_kind=np.reshape(of_kind, (len(population.places), population.profiles)),
        of_resident=of_resident,
        of_block=np.where(lowest == highest, lowest, NONE).astype(np.int16),
        place=places[first].astype(np.int16),
    )


def in_scope(classes: Classes, population: Population, scope: Scope) -> NDArray[np.bool_]:
    """Return whether each class is within a scope."""
    there = set(scope.places)
    inside = np.array([place in there for place in population.places], dtype=np.bool_)[classes.place]
    if scope.residents is not None:
        covered = np.zeros(len(classes), dtype=np.bool_)
        covered[classes.of_kind[np.asarray(scope.residents) > 0]] = True
        inside &= covered
    return inside


@kernel
def class_at(resident: int | np.integer, of_block: NDArray[np.int16], of_resident: NDArray[np.int16]) -> int:
    """Return the class of a resident."""
    found = of_block[resident >> _BLOCK_BITS]
    return found if found != NONE else of_resident[resident]
