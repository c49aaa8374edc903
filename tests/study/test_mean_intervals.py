"""Intervals against SciPy's, and what is said where nothing can be said."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from paysim.intervals import mean_interval

values = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=40)


@given(values)
def test_students_t(observed):
    found = mean_interval(np.array(observed))
    error = stats.sem(observed)
    assert found.mean == pytest.approx(np.mean(observed), abs=1e-6)
    if error > 0:
        low, high = stats.t.interval(0.95, len(observed) - 1, loc=np.mean(observed), scale=error)
        assert (found.low, found.high) == pytest.approx((low, high), rel=1e-9, abs=1e-6)
    else:
        assert found.low == found.mean == found.high


def test_a_paired_difference():
    one, other = np.random.default_rng(1).normal(size=(2, 12))
    expected = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert mean_interval(one - other)[1:] == pytest.approx(tuple(expected))


def test_coverage():
    draws = np.random.default_rng(1).exponential(size=(4_000, 30))
    intervals = [mean_interval(row) for row in draws]
    covered = np.mean([low < 1.0 < high for _, low, high in intervals])
    assert 0.915 < covered < 0.955


def test_what_was_not_observed_is_left_out():
    some = np.array([1.0, math.nan, 3.0, math.nan, 8.0])
    assert mean_interval(some) == mean_interval(np.array([1.0, 3.0, 8.0]))


def test_one_value_has_no_interval_and_none_no_mean():
    mean, low, high = mean_interval(np.array([4.0, math.nan]))
    assert (mean, math.isnan(low), math.isnan(high)) == (4.0, True, True)
    assert all(map(math.isnan, mean_interval(np.array([math.nan]))))
    assert all(map(math.isnan, mean_interval(np.array([]))))
