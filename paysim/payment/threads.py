"""Work in threads: kernels let others run, so that several can share the processor's cores."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

Result = TypeVar("Result")


def shared_out(first: int, stop: int, threads: int) -> list[tuple[int, int]]:
    """Return parts of the whole numbers from `first` to before `stop`, one a thread."""
    return list(pairwise(first + (stop - first) * number // threads for number in range(threads + 1)))


def in_threads(work: Callable[..., Result], parts: Sequence[tuple[int, ...]]) -> list[Result]:
    """Return what comes of each part, in their order; each has a thread of its own."""
    if len(parts) == 1:
        return [work(*parts[0])]
    with ThreadPoolExecutor(len(parts)) as pool:
        return list(pool.map(lambda part: work(*part), parts))
