"""Patients as residents: every patient of a place is one of its residents, of the same age and sex as far as known."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.population import QUINTILES, SEXES, Population

NOBODY = -1
UNKNOWN = -1


def of_another_age(
    population: Population, resident: NDArray[np.integer], age: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return whether each age in years, NaN where not known, is outside the age band of a resident."""
    first, after = population.ages_of_bands()
    band = bands_of(population, resident)
    return (age < first[band]) | (age >= after[band])


def bands_of(population: Population, resident: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the number of each resident's age band."""
    return _bands_and_sexes(population)[population.cell_of(resident)] // len(SEXES)


def residents_for(
    population: Population,
    patient: NDArray[np.int64],
    place: NDArray[np.int16],
    age: NDArray[np.float64],
    sex: NDArray[np.int8],
) -> NDArray[np.int32]:
    """Return the resident that stands for the patient of each row: the same one in all rows of a patient in a place.

    Age in years (NaN where not known) and sex (UNKNOWN) are the patient's, the same in all its rows. Patients take
    residents in the order in which they come: first of their age band and sex, then of their age band, then of the band
    nearest to it that has any left, and last, where their age is not known, any other of their place. No resident is
    taken twice: NOBODY stands for those for whom the place has none left.
    """
    _, first, number = np.unique(patient * len(population.places) + place, return_index=True, return_inverse=True)
    in_turn = np.argsort(first, kind="stable")
    chosen = first[in_turn]
    bands = len(population.age_bands)
    band, home, of_sex = _bands(population, age[chosen]), place[chosen].astype(np.int64), sex[chosen]
    known = band != UNKNOWN
    cells = population.place.astype(np.int64) * (bands * len(SEXES)) + _bands_and_sexes(population)
    stop = np.cumsum(population.residents)
    free = stop - population.residents
    found = np.full(len(chosen), NOBODY, dtype=np.int64)
    alike = known & (of_sex != UNKNOWN)
    _take(found, np.where(alike, (home * bands + band) * len(SEXES) + of_sex, UNKNOWN), cells, free, stop)
    for away in sorted(range(1 - bands, bands), key=lambda away: (abs(away), -away)):
        left = known & (found == NOBODY)
        if not left.any():
            break
        there = left & (band + away >= 0) & (band + away < bands)
        _take(found, np.where(there, home * bands + band + away, UNKNOWN), cells // len(SEXES), free, stop)
    _take(found, np.where(known, UNKNOWN, home), population.place.astype(np.int64), free, stop)
    taken = np.empty(len(chosen), dtype=np.int32)
    taken[in_turn] = found
    return np.asarray(taken[np.ravel(number)])


def _bands(population: Population, age: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of the age band of each age, or of the one nearest to it, UNKNOWN where there is no age."""
    first, _ = population.ages_of_bands()
    return np.where(np.isnan(age), UNKNOWN, np.maximum(np.searchsorted(first, age, side="right") - 1, 0))


def _bands_and_sexes(population: Population) -> NDArray[np.int64]:
    """Return the age band and sex of each cell as one number."""
    return population.profile.astype(np.int64) // (len(QUINTILES) * len(population.segments))


def _take(
    found: NDArray[np.int64],
    wanted: NDArray[np.int64],
    kind: NDArray[np.int64],
    free: NDArray[np.int64],
    stop: NDArray[np.int64],
) -> None:
    """Give everyone who wants a resident of some kind of cell one that is free, as long as there are any.

    Those from `free` on are, up to the `stop` of their cell.
    """
    seekers = np.flatnonzero(wanted != UNKNOWN)
    seekers = seekers[np.argsort(wanted[seekers], kind="stable")]
    kinds, begin = np.unique(wanted[seekers], return_index=True)
    for one, asking in zip(kinds.tolist(), np.split(seekers, begin[1:]), strict=False):
        cells = np.flatnonzero(kind == one)
        left = stop[cells] - free[cells]
        given = np.clip(len(asking) - (np.cumsum(left) - left), 0, left)
        number = int(given.sum())
        before = np.cumsum(given) - given
        found[asking[:number]] = np.repeat(free[cells] - before, given) + np.arange(number)
        free[cells] += given
