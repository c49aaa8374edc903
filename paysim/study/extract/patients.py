"""Patients: which rows are of the same one, what they say of its age and sex, and which resident stands for it."""

import numpy as np
from numpy.typing import NDArray

from paysim.model.calendar import DAYS_PER_YEAR
from paysim.model.population import Population
from paysim.study.extract.files import Files
from paysim.study.extract.residents import NOBODY, bands_of, of_another_age, residents_for
from paysim.study.extract.rows import NONE
from paysim.study.extract.sifting import same_texts

_YEARS_OFF = 2
"""Ages that cannot be of one patient: a birthday or the day that an age is told for puts them one year off at most."""


def residents_of_patients(population: Population, files: Files) -> NDArray[np.int32]:
    """Return the resident that stands for the patient of each usable row, NOBODY for the others.

    Age and sex of a patient are those of its first row that has one, which all its rows get. Noted are rows that cannot
    be of one patient, patients for whom nobody of their age is left, and those for whom nobody is: their rows are left
    out.
    """
    at = np.flatnonzero(files.rows.usable)
    patient, place = _patients(files)[at], files.rows.place[at]
    age, sex = _ages_and_sexes(files, at, patient)
    files.rows.age[at], files.rows.sex[at] = age, sex
    taken = residents_for(population, patient, place, age, sex)
    resident = np.full(len(files.rows.row), NOBODY, dtype=np.int32)
    resident[at] = taken

    places = np.array(population.places, dtype=np.object_)[place]
    none = taken == NOBODY
    expected = np.full(int(none.sum()), "expected no more patients of a place than it has residents", dtype=np.object_)
    files.refuse(at[none], "residence", "no resident left", expected, left_out=True, found=places[none])

    other = np.flatnonzero(~none)
    other = other[of_another_age(population, taken[other], age[other])]
    ages = np.array([f"{years:g} in " for years in age[other].tolist()], dtype=np.object_)
    bands = np.array(population.age_bands, dtype=np.object_)[bands_of(population, taken[other])]
    expected = "expected no more patients of an age than their place has residents; taken as " + bands
    found = ages + places[other]
    files.refuse(at[other], "age", "no resident of that age", expected, left_out=False, found=found)
    return resident


def _patients(files: Files) -> NDArray[np.int64]:
    """Return a number for the patient of each row; whoever has no pseudonym is someone of their own."""
    patient = same_texts([table.by_role.get("person") for table in files.tables], files.lengths)
    return np.where(patient < 0, len(patient) + np.arange(len(patient)), patient)


def _ages_and_sexes(
    files: Files, at: NDArray[np.int64], patient: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return age and sex of the patient of each of some rows; note the rows that cannot be of the same one."""
    age, sex, start = files.rows.age[at], files.rows.sex[at], files.rows.start[at]
    with_age, with_sex = _first(patient, ~np.isnan(age)), _first(patient, sex != NONE)
    age_of, sex_of = np.append(age, np.nan)[with_age], np.append(sex, np.int8(NONE))[with_sex]
    years = (start - np.append(start, np.nan)[with_age]) / DAYS_PER_YEAR
    for role, unlike, first in (
        ("age", np.abs(age - age_of - years) >= _YEARS_OFF, with_age),
        ("sex", (sex != NONE) & (sex != sex_of), with_sex),
    ):
        row, earlier = at[unlike], at[first[unlike]]
        expected = "expected what agrees with " + files.named(earlier, row) + "; taken as the same patient all the same"
        files.refuse(row, role, "unlike an earlier row", expected, left_out=False)
    return age_of, sex_of


def _first(patient: NDArray[np.int64], known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the position of each row's patient's first row that is known, -1 where none is."""
    first = np.full(int(patient.max(initial=-1)) + 1, -1, dtype=np.int64)
    at = np.flatnonzero(known)[::-1]
    first[patient[at]] = at
    return first[patient]
