"""Ctrl-C belongs to the parent: workers are born with it blocked, so none of them can die of it with a traceback."""

import signal
import sys
from functools import partial

import pytest

from paysim.study.executor import workers_map


@pytest.mark.skipif(sys.platform == "win32", reason="signal masks are POSIX")
def test_workers_are_born_with_interrupts_blocked_and_the_parent_is_not() -> None:
    blocked = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
    with workers_map(2) as run:
        assert list(run(blocked, [(), ()])) == [{signal.SIGINT}] * 2
        assert signal.SIGINT not in blocked(())
        assert list(run(signal.getsignal, [signal.SIGINT])) == [signal.SIG_IGN]
