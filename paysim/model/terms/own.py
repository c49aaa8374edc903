"""A researcher's own kinds of term: Python files that register them, run when a config names them.

A file is run once in a process, however often a config is loaded, unless it changes. Its module is named by its path
and content, so that worker processes which run the same file can read the terms that they are sent.
"""

import hashlib
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from paysim.model.errors import InputError
from paysim.model.terms.term import KINDS, Term, add_kind

_EXPECTED = "expected a Python file that registers a kind of term by paysim.register_term"

_REGISTERED: dict[str, tuple[type[Term], ...]] = {}
"""The kinds of term that each module has registered."""


def forget_own_terms() -> None:
    """Make room for the kinds of another config: those that files have registered are known by name no more.

    Systems that hold such terms still can be settled.
    """
    for kinds in _REGISTERED.values():
        for kind in kinds:
            if KINDS.get(kind.KIND) is kind:
                del KINDS[kind.KIND]


def load_own_terms(file: str | Path) -> None:
    """Make the kinds of term known that a Python file registers.

    Raises InputError if it cannot be run, registers nothing, or registers a kind whose name is taken.
    """
    try:
        content = Path(file).read_bytes()
        name = _module_name(file, content)
        if name not in _REGISTERED:
            _REGISTERED[name] = _run(name, str(file), content)
        else:
            for kind in _REGISTERED[name]:
                add_kind(kind)
    # Whatever a file may raise, its author should be told where.
    except (Exception, SystemExit) as error:
        raise InputError(str(file), _line(error, str(file)), _in_words(error), _EXPECTED) from error
    if not _REGISTERED[name]:
        del _REGISTERED[name], sys.modules[name]
        raise InputError(str(file), "", "found no kind of term", _EXPECTED)


def file_of(kind: type[Term]) -> str:
    """Return the file that registered a kind of term, '' for a kind that none has."""
    modules = (sys.modules[name] for name, kinds in _REGISTERED.items() if kind in kinds)
    return next((str(module.__file__) for module in modules), "")


def refuse_changed(files: Iterable[str]) -> None:
    """Raise InputError for a file that has changed since its terms were loaded: worker processes would run another."""
    for file in files:
        if not Path(file).is_file() or _module_name(file, Path(file).read_bytes()) not in _REGISTERED:
            raise InputError(file, "", "found a file that changed since the config was loaded", "expected the same")


def _module_name(file: str | Path, content: bytes) -> str:
    digest = hashlib.sha256(str(Path(file).resolve()).encode() + b"\0" + content).hexdigest()
    return f"paysim_own_terms_{digest[:16]}"


def _run(name: str, file: str, content: bytes) -> tuple[type[Term], ...]:
    """Return the kinds of term that a file registers."""
    before = dict(KINDS)
    module = ModuleType(name)
    module.__file__ = file
    sys.modules[name] = module
    try:
        exec(compile(content, file, "exec", dont_inherit=True), module.__dict__)
    except BaseException:
        del sys.modules[name]
        KINDS.clear()
        KINDS.update(before)
        raise
    return tuple(kind for word, kind in KINDS.items() if word not in before)


def _line(error: BaseException, file: str) -> str:
    """Return the line of the file that an error comes from."""
    if isinstance(error, SyntaxError) and error.lineno:
        return f"line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return f"line {lines[-1]}" if lines else ""


def _in_words(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"found {type(error).__name__}: {text}".partition("\n")[0]
