"""The one decorator for compiled functions, with a cache that cannot return a stale answer.

Numba keys its cache by the file that holds a function, so a function whose callee was edited in another file would
go on with the old callee. Here compiled code is kept in a folder named by a digest of every source file that kernels
may import, next to Numba's own keys for its version, the processor and the argument types.
"""

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba.core import caching

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent
_KERNEL_FLOORS = ("jit.py", "model", "simulation", "payment", "incentives")


def kernel(function: Function) -> Function:
    """Return `function` compiled by Numba on first use: no Python objects, no fast-math, no GIL."""
    return _compiled(function)


def tight_kernel(function: Function) -> Function:
    """Return a kernel that makes no arrays, so that none of its arrays' references need counting."""
    return _compiled(function, _nrt=False)


def inlined(function: Function) -> Function:
    """Return a part of tight kernels, which becomes part of the code of each that calls it."""
    return _compiled(function, _nrt=False, forceinline=True)


def _compiled(function: Function, **options: bool) -> Function:
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        # Counter-based random numbers wrap around by design, which NumPy's scalars would report.
        return np.errstate(over="ignore")(function)
    njit: Any = numba.njit
    compiled = njit(nogil=True, fastmath=False, error_model="numpy", **options)(function)
    if _cache_folder() is not None:
        compiled._cache = _KernelCache(function)  # type: ignore[no-untyped-call]
    return cast(Function, compiled)


@cache
def source_digest() -> str:
    """Return the SHA-256 of all source files that compiled code may depend on."""
    digest = hashlib.sha256()
    for floor in _KERNEL_FLOORS:
        root = _PACKAGE / floor
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _cache_folder() -> str | None:
    """Return the folder for compiled code, or None where nothing can be written."""
    home = os.environ.get("PAYSIM_CACHE_DIR") or platformdirs.user_cache_dir("paysim")
    folder = Path(home) / "kernels" / source_digest()[:20]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(folder) if os.access(folder, os.W_OK) else None


class _KernelLocator(caching._CacheLocator):
    """Tells Numba where a kernel's compiled code lies and what makes it out of date."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._file = Path(file)
        self._name = f"{function.__module__}.{function.__qualname__}"

    def get_cache_path(self) -> str:
        folder = _cache_folder()
        assert folder is not None
        return folder

    def get_source_stamp(self) -> str:
        return hashlib.sha256(self._file.read_bytes()).hexdigest()

    def get_disambiguator(self) -> str:
        return hashlib.sha256(self._name.encode()).hexdigest()[:12]

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> "_KernelLocator":
        return cls(function, file)


class _KernelCacheImpl(caching.CompileResultCacheImpl):
    _locator_classes = [_KernelLocator]  # noqa: RUF012


class _KernelCache(caching.FunctionCache):
    _impl_class = _KernelCacheImpl
