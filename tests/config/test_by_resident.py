"""Resident tables: keys left out, 'all', and age bands that are unions of the population's."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paysim.config.resolve.ages import ages, gap_or_overlap, members
from paysim.model.errors import InputError
from paysim.model.population import ByResident
from paysim.model.system import System

RATE = '[pathway.general_practice.demand]\nrate = { file = "tables/own.csv", column = "visits" }'


@pytest.fixture
def rate(variant: Callable[[str], System], folder: Path) -> Callable[[str], ByResident]:
    def rate_from(table: str) -> ByResident:
        (folder / "tables" / "own.csv").write_text(table)
        demand = variant(RATE).pathways["general_practice"].demand
        assert demand is not None
        return demand.rate

    return rate_from


def test_an_age_band_may_be_a_union(rate: Callable[[str], ByResident]) -> None:
    by_age = rate("age_band,visits\n0-64,1\n65+,2\n").reshape(2, 3, 2, 5)
    np.testing.assert_array_equal(by_age[0, :, 0, 0], [1, 1, 2])
    np.testing.assert_array_equal(by_age[1, :, 1, 4], [1, 1, 2])
    assert by_age[0, :, :, 1:].max() == 0, "nobody lives in the other quintiles of hill"
    assert rate("age_band,visits\n0+,1\n").max() == 1
    assert rate("age_band,visits\n0-17,1\n18+,3\n").max() == 3


def test_all_and_a_column_left_out_hold_for_everybody(rate: Callable[[str], ByResident]) -> None:
    with_all = rate("place,age_band,sex,quintile,visits\nhill,all,all,1,1\nvale,all,female,all,2\nvale,all,male,5,3\n")
    assert with_all.reshape(2, 3, 2, 5)[1, 0, :, 4].tolist() == [2, 3]
    by_place = rate("place,visits\nhill,1\nvale,2\n")
    assert by_place.reshape(2, 3, 2, 5)[:, 2, 1, [0, 4]].tolist() == [[1, 0], [0, 2]]


def test_rows_may_come_in_any_order_and_for_nobody(rate: Callable[[str], ByResident]) -> None:
    rows = ["1,1", "5,2", "3,9"]
    one = rate("quintile,visits\n" + "\n".join(rows))
    other = rate("quintile,visits\n" + "\n".join(rows[::-1]))
    np.testing.assert_array_equal(one, other)
    assert one.max() == 2


@pytest.mark.parametrize("band", ["0-16", "10-64", "65-84", "66+", "100+"])
def test_a_band_that_is_no_union_is_refused(band: str, rate: Callable[[str], ByResident]) -> None:
    with pytest.raises(InputError, match=r"row 2, column 'age_band'.*a union of them: 0-17, 18-64, 65\+"):
        rate(f"age_band,visits\n{band},1\n")


@given(cuts=st.sets(st.integers(1, 99), min_size=1, max_size=12), data=st.data())
def test_unions_of_bands_are_exactly_those_that_start_and_end_with_a_band(cuts: set[int], data: st.DataObject) -> None:
    starts = [0, *sorted(cuts)]
    stops = starts[1:]
    bands = [f"{a}-{b - 1}" for a, b in zip(starts, stops, strict=False)] + [f"{starts[-1]}+"]
    assert gap_or_overlap(bands) is None
    first = data.draw(st.integers(0, 99))
    last = data.draw(st.integers(first, 99))
    inside = members(f"{first}-{last}", bands)
    if first in starts and last + 1 in stops:
        assert inside == list(range(starts.index(first), stops.index(last + 1) + 1))
    else:
        assert inside is None


@pytest.mark.parametrize("text", ["", "5", "9-5", "-5", "a-b", "0 - 4", "0-4+", "٣-٤"])
def test_text_that_is_no_age_band(text: str) -> None:
    assert ages(text) is None
