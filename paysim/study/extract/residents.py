"""Patients as residents: every patient of a place is one of its residents, of the same age and sex as far as known."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.population import QUINTILES, SEXES, Population

NOBODY = -1
UNKNOWN = -1


def age_bands(population: Population, age: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return the number of the age band of each age in years, UNKNOWN where there is none."""
    firsts = population.first_ages().reshape(len(population.age_bands), -1)[:, 0]
    band = np.searchsorted(firsts, np.nan_to_num(age, nan=-1.0), side="right") - 1
    return band.astype(np.int16)


def residents_for(
    population: Population,
    patient: NDArray[np.int64],
    place: NDArray[np.int16],
    band: NDArray[np.int16],
    sex: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Return the resident that stands for the patient of each row: the same one in all rows of a patient in a place.

    Age band and sex are those of the patient's first row there. Patients take residents of their age band and sex in
    the order in which they come, and any other of their place where those are used up or the two are not known; NOBODY
    where the place has more patients than residents.
    """
    key = patient * len(population.places) + place
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    chosen = first[order]
    found = np.full(len(chosen), NOBODY, dtype=np.int64)
    free = np.ones(population.total, dtype=np.bool_)
    kind_of_resident, place_of_resident = _kinds(population)
    wanted = np.where(
        (band[chosen] >= 0) & (sex[chosen] >= 0),
        (place[chosen].astype(np.int64) * len(population.age_bands) + band[chosen]) * len(SEXES) + sex[chosen],
        UNKNOWN,
    )
    _take(found, wanted, kind_of_resident, free)
    _take(found, np.where(found == NOBODY, place[chosen].astype(np.int64), UNKNOWN), place_of_resident, free)
    return np.asarray(found[rank][np.ravel(number)], dtype=np.int32)


def _kinds(population: Population) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each resident's number of place, age band and sex as one, and that of the place alone."""
    by_band_and_sex = population.profile.astype(np.int64) // (len(QUINTILES) * len(population.segments))
    kinds = population.place.astype(np.int64) * len(population.age_bands) * len(SEXES) + by_band_and_sex
    return np.repeat(kinds, population.residents), np.repeat(population.place.astype(np.int64), population.residents)


def _take(
    found: NDArray[np.int64], wanted: NDArray[np.int64], kind: NDArray[np.int64], free: NDArray[np.bool_]
) -> None:
    """Give everyone who wants a resident of some kind a free one of that kind, as long as there are any."""
    seekers = np.flatnonzero(wanted != UNKNOWN)
    residents = np.flatnonzero(free)
    seekers = seekers[np.argsort(wanted[seekers], kind="stable")]
    residents = residents[np.argsort(kind[residents], kind="stable")]
    asked, offered = wanted[seekers], kind[residents]
    for one in np.unique(asked).tolist():
        asking = seekers[slice(*np.searchsorted(asked, [one, one + 1]))]
        there = residents[slice(*np.searchsorted(offered, [one, one + 1]))]
        matched = min(len(asking), len(there))
        found[asking[:matched]] = there[:matched]
        free[there[:matched]] = False
