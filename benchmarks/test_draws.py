"""Random numbers: blocks of Philox, and durations by inversion, beside NumPy's own generator."""

import numpy as np
import pytest

from paysim.jit import kernel
from paysim.model.pathway import Duration
from paysim.simulation import draws
from paysim.simulation.durations import parameters, sample
from paysim.simulation.philox import philox

NUMBER = {"small": 1_000_000, "full": 10_000_000}
MEAN = 2.0


@kernel
def _blocks(number, total):
    """Add up the words of so many blocks, modulo 2**64."""
    zero = np.uint64(0)
    for index in range(number):
        a, b, c, d = philox(np.uint64(1), zero, np.uint64(index), zero, zero, zero)
        total += a + b + c + d
    return total


@kernel
def _uniforms(number):
    """Return the mean of four uniforms a block."""
    total = 0.0
    for index in range(number):
        a, b, c, d = draws.uniforms(1, 0, draws.VISIT, index, 0, 0)
        total += a + b + c + d
    return total / (4 * number)


@kernel
def _durations(number, kind, a, b):
    """Return the mean of so many durations, each from a block of its own as a visit has it."""
    total = 0.0
    for index in range(number):
        total += sample(kind, a, b, draws.uniforms(1, 0, draws.VISIT, index, 0, 0)[1])
    return total / number


def measure(benchmark, number, function, *arguments):
    """Return the result of a benchmarked call, after one that compiles; tells how many a second."""
    function(*arguments)
    result = benchmark.pedantic(function, args=arguments, rounds=5)
    benchmark.extra_info["million_a_second"] = number / benchmark.stats.stats.median / 1e6
    return result


@pytest.mark.benchmark(group="draws: blocks of four words")
def test_philox_blocks(benchmark, size) -> None:
    """All words together are those of NumPy's Philox, which advances its counter before each block."""
    number = NUMBER[size]
    total = measure(benchmark, number, _blocks, number, np.uint64(0))
    numpys = np.random.Philox(key=[1, 0], counter=[2**64 - 1] * 4)
    assert int(total) == int(numpys.random_raw(4 * number).sum(dtype=np.uint64))


@pytest.mark.benchmark(group="draws: blocks of four words")
def test_numpy_philox_words(benchmark, size) -> None:
    """NumPy's own Philox, which need not say which block it wants."""
    number = NUMBER[size]
    generator = np.random.Philox(key=[1, 0])
    words = measure(benchmark, number, generator.random_raw, 4 * number)
    assert len(words) == 4 * number


@pytest.mark.benchmark(group="draws: blocks of four uniforms")
def test_uniforms(benchmark, size) -> None:
    number = NUMBER[size]
    mean = measure(benchmark, number, _uniforms, number)
    assert mean == pytest.approx(0.5, abs=5 / np.sqrt(12 * 4 * number))


@pytest.mark.benchmark(group="draws: blocks of four uniforms")
def test_numpy_uniforms(benchmark, size) -> None:
    number = NUMBER[size]
    generator = np.random.Generator(np.random.Philox(key=[1, 0]))
    assert measure(benchmark, number, generator.random, 4 * number).mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.benchmark(group="draws: durations")
@pytest.mark.parametrize("distribution", ["exponential", "lognormal"])
def test_durations(benchmark, size, distribution: str) -> None:
    """A block and the inversion of one of its words; a tick is 1/16384 day, so means are those of the distribution."""
    number = NUMBER[size]
    mean = measure(benchmark, number, _durations, number, *parameters(Duration(distribution, MEAN, 1.0)))
    assert mean == pytest.approx(MEAN, abs=5 * MEAN / np.sqrt(number))


@pytest.mark.benchmark(group="draws: durations")
@pytest.mark.parametrize("distribution", ["exponential", "lognormal"])
def test_numpy_durations(benchmark, size, distribution: str) -> None:
    """NumPy's ziggurat over Philox: no inversion, so not reproducible draw by draw."""
    number = NUMBER[size]
    generator = np.random.Generator(np.random.Philox(key=[1, 0]))
    sigma = np.sqrt(np.log(2))
    arguments = (MEAN, number) if distribution == "exponential" else (np.log(MEAN) - sigma**2 / 2, sigma, number)
    durations = measure(benchmark, number, getattr(generator, distribution), *arguments)
    assert durations.mean() == pytest.approx(MEAN, abs=5 * MEAN / np.sqrt(number))
