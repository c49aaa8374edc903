"""Residents, counted by place, age band, sex, deprivation quintile and segment of need."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from paysim.model.brief import brief
from paysim.model.read_only import keep_read_only

SEXES = ("female", "male")
QUINTILES = (1, 2, 3, 4, 5)
ONE_SEGMENT = ("all",)
"""The segments of a population that is not told apart by need."""

ByResident = NDArray[np.float64]
"""A value for every kind of resident: shape (places, profiles), see `Population.profiles`."""


@dataclass(frozen=True, slots=True)
class Place:
    """An area with a population, such as a London borough."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The residents of a system as cells: one row per place and profile that has anybody in it.

    A profile is an age band, a sex, a national deprivation quintile (1 = most deprived) and a segment of need; profiles
    are numbered ((age band * 2 + sex) * 5 + quintile - 1) * segments + segment. Residents are numbered cell after
    cell, so a resident's number is the same in every replication, sample and scenario. A cell counts residents by the
    segment that they begin in.
    """

    places: tuple[str, ...]
    age_bands: tuple[str, ...]
    place: NDArray[np.int16]
    profile: NDArray[np.int16]
    residents: NDArray[np.int64]
    segments: tuple[str, ...] = ONE_SEGMENT

    __repr__ = brief

    def __post_init__(self) -> None:
        keep_read_only(self, "place", "profile", "residents")

    @property
    def total(self) -> int:
        """The number of residents."""
        return int(self.residents.sum())

    @property
    def profiles(self) -> int:
        """The number of profiles: age bands x 2 sexes x 5 quintiles x segments."""
        return len(self.age_bands) * len(SEXES) * len(QUINTILES) * len(self.segments)

    def profile_labels(self) -> list[tuple[str, str, int, str]]:
        """Return (age band, sex, quintile, segment) of every profile, in the order of their numbers."""
        return list(product(self.age_bands, SEXES, QUINTILES, self.segments))

    def ages_of_bands(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the age in years at which each age band begins, and the first age after it."""
        first = np.array([int(band.partition("-")[0].rstrip("+")) for band in self.age_bands], dtype=np.float64)
        last = [float(band.partition("-")[2] or "inf") for band in self.age_bands]
        return first, np.array(last) + 1

    def mostly_below(self, age: int) -> NDArray[np.bool_]:
        """Return for every profile whether at least half of the ages in its band are below one in years.

        A band without end, '65+', never is.
        """
        first, after = self.ages_of_bands()
        return np.repeat(2 * (age - first) >= after - first, self.profiles // len(self.age_bands))

    def counts(self) -> NDArray[np.int64]:
        """Return the residents by place and profile: shape (places, profiles)."""
        table = np.zeros((len(self.places), self.profiles), dtype=np.int64)
        np.add.at(table, (self.place, self.profile), self.residents)
        return table

    def in_any_segment(self, kinds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the kinds of residents, shape (places, profiles), that differ from those given by segment at most."""
        by_segment = kinds.reshape(len(self.places), -1, len(self.segments))
        return np.broadcast_to(by_segment.any(axis=-1, keepdims=True), by_segment.shape).reshape(kinds.shape)

    def inhabited(self) -> NDArray[np.bool_]:
        """Return the kinds of residents, shape (places, profiles), that there are or may be as segments change."""
        return self.in_any_segment(self.counts() > 0)

    def by_place(self) -> NDArray[np.int64]:
        """Return the residents of each place: shape (places,)."""
        return np.asarray(self.counts().sum(axis=1))

    def cell_of(self, resident: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return the cell that each resident number falls into."""
        return np.searchsorted(np.cumsum(self.residents), resident, side="right")

    def place_of(self, resident: NDArray[np.integer]) -> NDArray[np.int16]:
        """Return the place index of each resident number."""
        return self.place[self.cell_of(resident)]

    def sample(self, share: float) -> NDArray[np.int32]:
        """Return the numbers of the residents that a systematic sample of this share keeps, ascending.

        Residents are taken segment by segment, in each by number. The one at position i is kept where the running
        total (i + 1) * share + 1/2 passes a whole number, so every segment, and in it every place and age band, is
        represented in proportion to within a resident, and no random number is used.
        """
        cells = np.argsort(self.profile % len(self.segments), kind="stable")
        marks = np.floor(np.arange(self.total + 1) * share + 0.5)
        kept = np.flatnonzero(np.diff(marks) > 0)
        passed = np.cumsum(self.residents[cells])
        number_less_position = (np.cumsum(self.residents) - self.residents)[cells] - passed + self.residents[cells]
        return np.sort(kept + number_less_position[np.searchsorted(passed, kept, side="right")]).astype(np.int32)
