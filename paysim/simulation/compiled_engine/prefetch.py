"""Asking the processor for a record before it is needed, so that the event loop need not wait for memory."""

from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

_READ, _KEEP, _DATA = 0, 3, 1


def prefetch(records: Any, index: int | np.unsignedinteger[Any]) -> None:
    """Ask for the cache line of a record, if there is such a record; without compilation there is nothing to ask."""


@intrinsic
def _prefetch(typing_context: Any, records: Any, index: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        from llvmlite import ir

        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        byte = ir.IntType(8).as_pointer()
        flag = ir.IntType(32)
        address = builder.bitcast(builder.gep(array.data, [arguments[1]]), byte)
        function_type = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        function = cgutils.get_or_insert_function(builder.module, function_type, "llvm.prefetch.p0i8")
        builder.call(function, [address, flag(_READ), flag(_KEEP), flag(_DATA)])
        return context.get_dummy_value()

    return types.void(records, types.int64), generate


@overload(prefetch, inline="always")
def _compile_prefetch(records, index):  # type: ignore[no-untyped-def]
    return lambda records, index: _prefetch(records, index)  # type: ignore[call-arg]
