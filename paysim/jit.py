"""The one decorator for compiled functions, with a cache that cannot return a stale answer.

Numba keys its cache by the file that holds a function, so a function whose callee was edited in another file would
go on with the old callee. Here compiled code is kept in a folder named by a digest of every source file that kernels
may import, of the versions of Python and Numba, and of the processor.
"""

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from llvmlite import binding
from numba.core import caching
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).parent
_KERNEL_FLOORS = ("jit.py", "radix_sort.py", "model", "simulation", "payment", "incentives")
_DIGITS = 20
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "fastmath": False,
    "error_model": "numpy",
    "_nrt": False,
    "no_cfunc_wrapper": True,
}
_KEPT_SECONDS = 30 * 86400.0
"""Compiled code that no process has started with for so long is removed."""


def kernel(function: Function) -> Function:
    """Return `function` compiled by Numba on first use: no Python objects, no fast-math, no GIL.

    A kernel makes no arrays, it fills those it is given: so none of their references need counting, which would cost
    more than many an event.
    """
    return _compiled(function)


def inlined_kernel(function: Function) -> Function:
    """Return a kernel that becomes part of the code of each that calls it."""
    return _compiled(function, forceinline=True)


def inlined(function: Function) -> Function:
    """Return a part of kernels, which becomes part of the code of each that calls it; outside of them, plain Python.

    Compiling it for Python to call, too, would take a third longer.
    """
    if _interpreted():
        return _wrapping_around(function)
    return register_jitable(forceinline=True, **_OPTIONS)(function)


def _compiled(function: Function, **options: Any) -> Function:
    if _interpreted():
        return _wrapping_around(function)
    compiled: Any = numba.njit(**_OPTIONS, **options)(function)
    if _cache_folder() is not None:
        compiled._cache = _KernelCache(function)  # type: ignore[no-untyped-call]
    return cast(Function, compiled)


def _interpreted() -> bool:
    return bool(numba.config.DISABLE_JIT)  # type: ignore[attr-defined]


def _wrapping_around(function: Function) -> Function:
    """Return a function whose whole numbers wrap around by design, which NumPy's scalars would report."""
    return np.errstate(over="ignore")(function)


def compiled_note(what: str) -> Path | None:
    """Return the file that says, once it exists, that `what` has been compiled; None where nothing is kept."""
    folder = None if _interpreted() else _cache_folder()
    return None if folder is None else Path(folder) / f"{what}.compiled"


@cache
def code_digest() -> str:
    """Return the SHA-256 of all that compiled code depends on: source files, Python, Numba and the processor."""
    digest = hashlib.sha256()
    for floor in _KERNEL_FLOORS:
        root = _PACKAGE / floor
        for path in [root] if root.is_file() else sorted(root.rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    processor = (binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten())
    digest.update(repr((sys.implementation.cache_tag, numba.__version__, *processor)).encode())
    return digest.hexdigest()


@cache
def _cache_folder() -> str | None:
    """Return the folder for compiled code, or None where nothing can be written."""
    home = Path(os.environ.get("PAYSIM_CACHE_DIR") or platformdirs.user_cache_dir("paysim")) / "kernels"
    folder = home / code_digest()[:_DIGITS]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _remove_unused(home)
    except OSError:
        return None
    return str(folder) if os.access(folder, os.W_OK) else None


def _remove_unused(home: Path) -> None:
    """Remove the folders that no process has started with for a long time; Numba can do with files that disappear."""
    for folder in home.glob("[0-9a-f]" * _DIGITS):
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


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
    """Numba's cache, which no broken file and no full disk ends a run in."""

    _impl_class = _KernelCacheImpl

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what is kept, None where there is nothing or it cannot be read: then it is written over."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:
            # A broken file may raise anything.
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep what was compiled, if there is room."""
        with suppress(OSError):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
