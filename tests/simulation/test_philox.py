"""The generator against its authors' known answers and against NumPy; the uniforms made of its words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paysim.simulation import draws
from paysim.simulation.philox import multiply_wide, philox

WORD = 2**64 - 1
words = st.integers(0, WORD)

# Random123 (Salmon and others, 2011), tests/kat_vectors, philox4x64 with 10 rounds: counter, key, answer.
KNOWN_ANSWERS = [
    (
        (0, 0, 0, 0),
        (0, 0),
        (0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B),
    ),
    (
        (WORD, WORD, WORD, WORD),
        (WORD, WORD),
        (0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0),
    ),
    (
        (0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89),
        (0x452821E638D01377, 0xBE5466CF34E90C6C),
        (0xA528F45403E61D95, 0x38C72DBD566E9788, 0xA5A1610E72FD18B5, 0x57BD43B5E52B7FE6),
    ),
]


def block(counter, key):
    return tuple(int(word) for word in philox(*map(np.uint64, (*key, *counter))))


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_known_answers(counter, key, answer):
    assert block(counter, key) == answer


@settings(deadline=None)
@given(st.tuples(words, words, words, words), st.tuples(words, words))
def test_numpy_gives_the_same_words_one_count_later(counter, key):
    low_first = sum(word << 64 * position for position, word in enumerate(counter))
    numpys = np.random.Philox(counter=(low_first - 1) % 2**256, key=key[0] | key[1] << 64)
    assert block(counter, key) == tuple(int(word) for word in numpys.random_raw(4))


@given(words, words)
def test_wide_product_of_plain_python(a, b):
    high, low = multiply_wide(np.uint64(a), np.uint64(b))
    assert int(high) << 64 | int(low) == a * b


def test_uniforms_lie_within_the_open_interval():
    least, most = draws.open_uniform(np.uint64(0)), draws.open_uniform(np.uint64(WORD))
    assert least == 2.0**-53
    assert most == 1.0 - 2.0**-53
    assert draws.open_uniform(np.uint64(1 << 63)) == 0.5 + 2.0**-53


def test_every_part_of_the_key_matters():
    key = {"seed": 1, "replication": 2, "purpose": draws.VISIT, "resident": 3, "stream": 4, "index": 5}
    drawn = {draws.uniforms(*key.values())}
    for part, other in [*((part, 77) for part in key if part != "purpose"), ("purpose", draws.CHOICE)]:
        drawn.add(draws.uniforms(*(key | {part: other}).values()))
    assert len({value for four in drawn for value in four}) == 4 * (1 + len(key))


def test_streams_of_all_episodes_differ():
    streams = {
        int(draws.episode_stream(pathway, year, ordinal))
        for pathway in (0, 1, 2, 2**31 - 1)
        for year in (-10, -1, 0, 1, 99)
        for ordinal in (0, 1, 2, 500)
    }
    assert len(streams) == 4 * 5 * 4
