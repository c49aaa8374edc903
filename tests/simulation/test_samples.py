"""Who is in a sample: every segment, and in it every place and age band, in proportion to within a resident."""

import numpy as np
import pytest
from small_systems import AGE_BANDS, PLACES, population

from paysim.model.population import Population

SEGMENTS = ("ill", "well", "frail")


def town(residents):
    """Return residents by place, age band, sex, quintile and segment."""
    by_cell = np.broadcast_to(residents, (2, 2, 2, 5, 3)).ravel()
    place, profile = np.divmod(np.arange(by_cell.size), by_cell.size // 2)
    lived_in = by_cell > 0
    return Population(
        PLACES,
        AGE_BANDS,
        place[lived_in].astype(np.int16),
        profile[lived_in].astype(np.int16),
        by_cell[lived_in],
        SEGMENTS,
    )


def kept(people, share):
    """Return the residents that a sample keeps, by place, age band, sex, quintile and segment."""
    cells = people.cell_of(people.sample(share))
    counts = np.zeros((2, people.profiles))
    np.add.at(counts, (people.place[cells], people.profile[cells]), 1)
    return counts.reshape(2, 2, 2, 5, 3)


@pytest.mark.parametrize("share", [0.1, 0.05])
def test_no_segment_is_lost_where_cells_are_small(share):
    people = town(np.array([1, 8, 1]))
    assert kept(people, share).sum(axis=(0, 1, 2, 3)) == pytest.approx(np.array([40, 320, 40]) * share)


def test_every_age_band_of_a_segment_is_in_proportion():
    residents = np.random.default_rng(1).poisson([0.5, 20.0, 1.5], (2, 2, 2, 5, 3))
    for share in (0.37, 0.1, 0.02):
        missed = kept(town(residents), share) - residents * share
        assert (abs(missed.sum(axis=(2, 3))) < 1.0).all()


def test_numbers_ascend_and_are_those_of_residents():
    people = town(np.array([1, 8, 1]))
    assert (np.diff(people.sample(0.3)) > 0).all()
    assert people.sample(1.0).tolist() == list(range(400))


def test_without_segments_it_is_every_so_manieth_number():
    assert population(3, 4, 5, 8).sample(0.25).tolist() == [1, 5, 9, 13, 17]
