"""Kinds of residents whom something holds for."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from paysim.config.document import Document, KeyPath
from paysim.config.resolve.ages import members
from paysim.config.resolve.by_resident import by_resident
from paysim.config.resolve.lists import listed
from paysim.config.schema.residents import Residents
from paysim.model.population import QUINTILES, SEXES, ByResident, Population


def residents(
    document: Document, path: KeyPath, written: Residents, places: Collection[str], population: Population
) -> NDArray[np.bool_]:
    """Return which kinds of residents of these places meet what is written, shape (places, profiles)."""
    inside = np.ones((len(population.places), population.profiles), dtype=np.bool_)
    if written.ages is not None:
        inside &= _of_ages(document, (*path, "ages"), written.ages, population)
    if written.segments is not None:
        known = dict.fromkeys(population.segments)
        named = listed(document, (*path, "segments"), "segment", written.segments, known)
        inside &= np.tile([segment in named for segment in population.segments], inside.shape[1] // len(known))
    if written.residents is not None:
        table = by_resident(document, (*path, "residents"), written.residents, population, 1.0)
        if between := [value for value in np.unique(table).tolist() if value not in (0.0, 1.0)]:
            found = f"found {between[0]:g} in column {written.residents.column!r}"
            raise document.refuse((*path, "residents"), found, "expected 1 for residents in scope and 0 for others")
        inside &= table == 1
    return np.asarray(inside & np.array([[place in places] for place in population.places]))


def some_residents(document: Document, path: KeyPath, written: Residents, population: Population) -> ByResident:
    """Return 1 for the kinds of residents who meet what is written and 0 for others; raise InputError for nobody."""
    places: Collection[str] = population.places
    if written.places is not None:
        places = listed(document, (*path, "places"), "place", written.places, dict.fromkeys(places))
    inside = residents(document, path, written, places, population)
    if not (inside & population.inhabited()).any():
        raise document.refuse(path, "found nobody", "expected residents")
    return inside.astype(np.float64)


def _of_ages(document: Document, path: KeyPath, bands: list[str], population: Population) -> NDArray[np.bool_]:
    """Return which profiles are of some age bands, or unions of bands."""
    chosen = np.zeros(len(population.age_bands), dtype=np.bool_)
    for number, band in enumerate(bands):
        positions = members(band, population.age_bands)
        if positions is None:
            whole = f"expected one of the population's age bands or a union of them: {', '.join(population.age_bands)}"
            raise document.refuse((*path, number), f"found {band!r}", whole)
        chosen[positions] = True
    return np.repeat(chosen, len(SEXES) * len(QUINTILES) * len(population.segments))
