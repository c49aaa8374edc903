"""Philox4x64-10: a counter-based random number generator, four 64-bit words from a key and a counter.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). NumPy's `Philox` is the
same function with its counter advanced before each block.
"""

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic, overload

from paysim.jit import inlined_kernel

MULTIPLIER_0 = np.uint64(0xD2E7470EE14C6C93)
MULTIPLIER_1 = np.uint64(0xCA5A826395121157)
WEYL_0 = np.uint64(0x9E3779B97F4A7C15)
WEYL_1 = np.uint64(0xBB67AE8584CAA73B)
ROUNDS = 10


def multiply_wide(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return the high and low 64 bits of a 64 x 64 bit product."""
    product = int(a) * int(b)
    return np.uint64(product >> 64), np.uint64(product & 0xFFFFFFFFFFFFFFFF)


@intrinsic
def _multiply_wide(typing_context: Any, a: Any, b: Any) -> Any:
    signature = types.UniTuple(types.uint64, 2)(types.uint64, types.uint64)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        from llvmlite import ir

        wide = ir.IntType(128)
        word = ir.IntType(64)
        product = builder.mul(builder.zext(arguments[0], wide), builder.zext(arguments[1], wide))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        low = builder.trunc(product, word)
        return context.make_tuple(builder, sig.return_type, (high, low))

    return signature, generate


@overload(multiply_wide, inline="always")
def _compile_multiply_wide(a, b):  # type: ignore[no-untyped-def]
    return lambda a, b: _multiply_wide(a, b)  # type: ignore[call-arg]


@inlined_kernel
def philox(key_0, key_1, counter_0, counter_1, counter_2, counter_3):  # type: ignore[no-untyped-def]
    """Return the four 64-bit words of one block. All arguments are uint64."""
    for _ in range(ROUNDS):
        high_0, low_0 = multiply_wide(MULTIPLIER_0, counter_0)
        high_1, low_1 = multiply_wide(MULTIPLIER_1, counter_2)
        counter_0 = high_1 ^ counter_1 ^ key_0
        counter_1 = low_1
        counter_2 = high_0 ^ counter_3 ^ key_1
        counter_3 = low_0
        key_0 = key_0 + WEYL_0
        key_1 = key_1 + WEYL_1
    return counter_0, counter_1, counter_2, counter_3
