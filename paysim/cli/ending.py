"""How a run ends that is told to end, or whose terminal is closed: as by Ctrl-C, so that it leaves no drafts behind."""

import atexit
import os
import signal
import sys
from threading import Timer
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

SIGNAL = 128
"""A run that a signal ends leaves with this and the signal's number."""

_IGNORED: dict[int, Timer] = {}
"""Signals that Python has ignored, by their codes, and what sends them again."""


def end_in_order() -> None:
    """Let signals that end a run do so by an exception; what it was started to ignore, as by `nohup`, it ignores."""
    for number in (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP")):
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)
    sys.unraisablehook = _end_all_the_same


def code_of(end: BaseException | None) -> int | None:
    """Return the code to leave with if a signal is behind an exception, else None.

    Python and libraries raise others in its place, as where it comes while a class is made, or later on because of it.
    """
    while end is not None:
        match end:
            case KeyboardInterrupt():
                return SIGNAL + signal.SIGINT
            case SystemExit(code=int(code)) if code > SIGNAL:
                # Typer makes an exit code of Ctrl-C.
                return code
        end = end.__cause__ or end.__context__
    return next(iter(_IGNORED), None)


def leave_interrupted(code: int) -> NoReturn:
    """Leave with the code of a signal, once what was to be done at the end is done.

    Left to itself Python sends itself one last interrupt, and dies of it, if one has passed through `exec`.
    """
    for again in _IGNORED.values():
        again.cancel()
    print("paysim: interrupted; nothing was written", file=sys.stderr, flush=True)
    atexit._run_exitfuncs()
    os._exit(code)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(SIGNAL + number)


def _end_all_the_same(ignored: "UnraisableHookArgs") -> None:
    """End a moment later where Python ignores all exceptions, as in what compilation calls back."""
    match ignored.exc_value:
        case KeyboardInterrupt():
            _send_again(signal.SIGINT)
        case SystemExit(code=int(code)) if code > SIGNAL:
            _send_again(code - SIGNAL)
        case _:
            sys.__unraisablehook__(ignored)


def _send_again(number: int) -> None:
    _IGNORED[SIGNAL + number] = Timer(0.1, signal.raise_signal, [number])
    _IGNORED[SIGNAL + number].start()
