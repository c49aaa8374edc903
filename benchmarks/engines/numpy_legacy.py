"""NumPy's `np.random` as Numba compiles it (MT19937), under the names that `xoshiro` has."""

import numba
import numpy as np


@numba.njit
def state(seed):
    """Seed the generator; it keeps its own state, so what is returned is not used."""
    np.random.seed(seed)  # noqa: NPY002
    return np.empty(0, dtype=np.uint64)


@numba.njit(inline="always")
def uniform(s):
    return np.random.random()  # noqa: NPY002


@numba.njit(inline="always")
def exponential(s, mean):
    return np.random.exponential(mean)  # noqa: NPY002


@numba.njit(inline="always")
def lognormal(s, mu, sigma):
    return np.random.lognormal(mu, sigma)  # noqa: NPY002
