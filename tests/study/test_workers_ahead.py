"""Workers that start before there is work: whoever asks for as many gets these, and they know what was named."""

from multiprocessing import active_children

import pytest

from paysim.study.executor import workers_map
from paysim.study.workers import pool_of, started


def test_who_asks_for_as_many_gets_those_that_were_started_and_who_asks_for_others_does_not() -> None:
    with started(2, ()):
        with pool_of(2) as once, pool_of(2) as again, pool_of(3) as more:
            assert once is again
            assert more is not once
        with pool_of(2) as later:
            assert later is once
            assert later.submit(int, "7").result() == 7
    with pool_of(2) as after:
        assert after is not once


def test_they_import_what_was_named() -> None:
    known = "'colorsys' in __import__('sys').modules"
    with started(2, ["colorsys"]), workers_map(2) as run:
        assert list(run(eval, [known] * 4)) == [True] * 4


def test_one_is_this_process() -> None:
    with started(1, ["a module that nobody has"]), workers_map(1) as run:
        assert run is map


@pytest.mark.parametrize("fit", [1, 2])
def test_they_end_where_memory_does_not_hold_as_many(fit: int) -> None:
    with started(3, ()), workers_map(3, fit) as run:
        assert list(run(abs, [-1, -2, -3, -4])) == [1, 2, 3, 4]
        assert len(active_children()) <= fit
        with workers_map(3) as later:
            assert list(later(abs, [-1])) == [1]


def test_they_end_with_what_they_were_started_for() -> None:
    with pytest.raises(ZeroDivisionError), started(2, ()), pool_of(2) as pool:
        raise ZeroDivisionError
    with pytest.raises(RuntimeError):
        pool.submit(int)
