"""Keyed draws: every uniform is a pure function of (seed, replication, purpose, resident, stream, index).

So a resident's life is the same in every scenario except where the scenario touches it, whatever the engine, the
number of workers or the order of events (common random numbers by construction).
"""

from hashlib import blake2b

import numpy as np

from paysim.jit import inlined_kernel, kernel
from paysim.simulation.philox import philox

ARRIVALS = np.uint64(1)
CHOICE = np.uint64(2)
VISIT = np.uint64(3)
ATTENDANCE = np.uint64(4)
NEED = np.uint64(5)
THINNING = np.uint64(6)
CUSTOM = np.uint64(7)
RECODING = np.uint64(8)
"""Purposes. The four words of a visit's block decide its code, its duration, the way on and the delay before it; the
first two of its attendance whether the resident comes at all and for how long they would wait. Custom ones belong to
processes and choices of a researcher's own; those of recoding to steps that a lever has recorded with another code."""

_SHIFT = np.uint64(12)
_ONE = np.uint64(0x3FF0000000000000)
_CENTRE = 1.0 - 2.0**-53


@inlined_kernel
def open_uniform(word):  # type: ignore[no-untyped-def]
    """Return a float in (0, 1): the word's upper 52 bits, centred in their cell.

    With 53 bits the centre of the last cell would not fit a float64 and round to 1. As the fraction of a float in
    [1, 2) the bits need no conversion, which takes long; the difference is exact.
    """
    return np.uint64(word >> _SHIFT | _ONE).view(np.float64) - _CENTRE


def name_key(name: str) -> int:
    """Return the 31-bit key of a pathway or choice: a digest of its id, so that it does not depend on the others.

    Two of a thousand ids share a key with a probability of 0.0002; `compile` refuses a system in which that happens.
    """
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest(), "little") & 0x7FFFFFFF


@kernel
def episode_stream(pathway, year, ordinal):  # type: ignore[no-untyped-def]
    """Return the stream number of a resident's ordinal-th episode on a pathway in a year (year -1 is the warm-up).

    The pathway's key takes 31 bits, the year (from -128) 8 bits, the ordinal what remains.
    """
    return np.uint64(pathway) | (np.uint64(year + 128) << np.uint64(32)) | (np.uint64(ordinal) << np.uint64(40))


@inlined_kernel
def uniforms(seed, replication, purpose, resident, stream, index):  # type: ignore[no-untyped-def]
    """Return four independent floats in (0, 1)."""
    a, b, c, d = philox(
        np.uint64(seed), np.uint64(replication), np.uint64(resident), np.uint64(stream), np.uint64(index), purpose
    )
    return open_uniform(a), open_uniform(b), open_uniform(c), open_uniform(d)
