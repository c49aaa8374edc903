"""Piles: keys dealt in any order come back in order of their time."""

import numpy as np
import pytest

from paysim.jit import kernel
from paysim.simulation.piles import Memory, bits_within, deal, in_order, room_for

TIME_BITS = 23


@kernel
def deal_all(piles, keys):
    for key in keys:
        deal(piles, key)


@pytest.mark.parametrize("number", [0, 1, 50, 40_000, 400_000])
@pytest.mark.parametrize("shift", [3, 38])
def test_keys_come_in_order_of_time_and_of_dealing(number, shift):
    """The bits below the time, here without any order, count for nothing; equal times are frequent."""
    draws = np.random.default_rng(1)
    times = np.sort(draws.integers(0, 1 << TIME_BITS, size=number // 3 + 1))[draws.integers(0, number // 3 + 1, number)]
    keys = times << shift | draws.integers(0, 1 << shift, number)
    bits = bits_within(number, TIME_BITS)
    expected = np.bincount(times >> bits, minlength=1 << TIME_BITS - bits).astype(np.float64)
    piles = room_for(expected, shift + bits, Memory())
    deal_all(piles, keys)
    np.testing.assert_array_equal(in_order(piles, bits), keys[np.argsort(times, kind="stable")])


def test_more_keys_lie_on_more_piles():
    assert bits_within(30_000.0, TIME_BITS) == TIME_BITS
    assert 10_000 < 60e6 / (1 << TIME_BITS - bits_within(60e6, TIME_BITS)) < 40_000
