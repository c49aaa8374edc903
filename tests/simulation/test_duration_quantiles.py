"""Durations by inversion: the quantiles of SciPy, the mean and the spread that were asked for, whole ticks."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from paysim.model.calendar import TICKS_PER_DAY
from paysim.model.pathway import Duration
from paysim.simulation.durations import parameters, sample
from paysim.simulation.normal import normal_quantile

TICK = 1.0 / TICKS_PER_DAY
DURATIONS = [
    Duration("constant", 2.0, 0.0),
    Duration("exponential", 2.0, 1.0),
    Duration("lognormal", 2.0, 0.25),
    Duration("lognormal", 5.0, 2.0),
    Duration("normal", 8.0, 0.1),
    Duration("uniform", 2.0, 0.3),
    Duration("uniform", 2.0, 1 / math.sqrt(3.0)),
]


def quantiles(duration, u):
    kind, a, b = parameters(duration)
    return np.array([sample(kind, a, b, one) for one in u])


def scipys(duration):
    mean, cv = duration.mean, duration.cv
    sigma = math.sqrt(math.log(1 + cv**2))
    width = mean * cv * math.sqrt(12.0)
    return {
        "exponential": stats.expon(scale=mean),
        "lognormal": stats.lognorm(sigma or 1.0, scale=mean * math.exp(-(sigma**2) / 2)),
        "normal": stats.norm(mean, mean * cv or 1.0),
        "uniform": stats.uniform(mean - width / 2, width),
    }[duration.distribution]


def test_normal_quantile_is_scipys():
    u = np.concatenate([np.geomspace(2.0**-53, 0.5, 20_001), 1.0 - np.geomspace(2.0**-53, 0.5, 20_001)])
    ours = np.array([normal_quantile(one) for one in u])
    np.testing.assert_allclose(ours, special.ndtri(u), rtol=2e-15, atol=1e-15)


@pytest.mark.parametrize("duration", DURATIONS, ids=str)
def test_mean_and_coefficient_of_variation(duration):
    # Integrals over u, with u = Phi(z): the trapezium rule is then exact to many digits, tails included.
    z = np.linspace(-8.2, 8.2, 4_001)
    weight = stats.norm.pdf(z) * (z[1] - z[0])
    values = quantiles(duration, special.ndtr(z))
    mean = (values * weight).sum()
    assert mean == pytest.approx(duration.mean, rel=2e-6)
    spread = math.sqrt(((values - mean) ** 2 * weight).sum())
    assert spread == pytest.approx(duration.mean * duration.cv, rel=2e-4, abs=1e-6)


@pytest.mark.parametrize("duration", DURATIONS[1:], ids=str)
def test_quantiles_are_scipys_to_half_a_tick_or_half_a_float32(duration):
    u = np.concatenate([np.geomspace(2.0**-53, 0.5, 500), 1.0 - np.geomspace(2.0**-50, 0.5, 500)])
    expected = scipys(duration).ppf(u)
    np.testing.assert_allclose(quantiles(duration, u), expected, rtol=2.0**-24, atol=TICK / 2 * (1 + 1e-9))


def test_a_normal_is_cut_off_at_zero():
    wide = Duration("normal", 1.0, 1.0)
    u = np.array([2.0**-53, 0.1, stats.norm.cdf(-1.0), 0.5])
    assert quantiles(wide, u).tolist() == [0.0, 0.0, 0.0, 1.0]


@settings(deadline=None)
@given(
    st.sampled_from(["constant", "exponential", "lognormal", "normal", "uniform"]),
    st.floats(0, 5_000) | st.floats(0, 1e-3),
    st.floats(0, 0.577),
    st.integers(0, 2**52 - 1),
)
def test_durations_are_whole_ticks_that_activity_can_hold(distribution, mean, cv, word):
    kind, a, b = parameters(Duration(distribution, mean, cv))
    days = sample(kind, a, b, (word + 0.5) * 2.0**-52)
    assert days >= 0.0
    assert days * TICKS_PER_DAY == int(days * TICKS_PER_DAY)
    assert float(np.float32(days)) == days
