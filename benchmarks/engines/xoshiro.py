"""xoshiro256++, inlined: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021)."""

import math

import numba
import numpy as np

_UNIT = 1.0 / 2.0**53
_INCREMENT, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def state(seed: int) -> np.ndarray:
    """Return the four words of state and one spare normal deviate's bits, from a seed, by splitmix64."""
    words = []
    for _ in range(4):
        seed = (seed + _INCREMENT) & (2**64 - 1)
        word = seed
        word = ((word ^ (word >> 30)) * _MIX_1) & (2**64 - 1)
        word = ((word ^ (word >> 27)) * _MIX_2) & (2**64 - 1)
        words.append(word ^ (word >> 31))
    return np.array(words, dtype=np.uint64)


@numba.njit(inline="always")
def uniform(s):
    """Return a float in [0, 1) and advance the state."""
    total = s[0] + s[3]
    word = ((total << np.uint64(23)) | (total >> np.uint64(41))) + s[0]
    shifted = s[1] << np.uint64(17)
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = (s[3] << np.uint64(45)) | (s[3] >> np.uint64(19))
    return np.float64(word >> np.uint64(11)) * _UNIT


@numba.njit(inline="always")
def exponential(s, mean):
    return -mean * math.log(1.0 - uniform(s))


@numba.njit
def normal(s):
    """Return a standard normal deviate by the polar method, without keeping the second of the pair."""
    while True:
        x = 2.0 * uniform(s) - 1.0
        y = 2.0 * uniform(s) - 1.0
        square = x * x + y * y
        if 0.0 < square < 1.0:
            return x * math.sqrt(-2.0 * math.log(square) / square)


@numba.njit(inline="always")
def lognormal(s, mu, sigma):
    return math.exp(mu + sigma * normal(s))
