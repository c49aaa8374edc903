"""Room for the rows of a run, and of one run after another."""

import numpy as np
import pytest

from paysim.simulation.log import Log, ReusedLog


@pytest.mark.parametrize("kind", [Log, ReusedLog])
@pytest.mark.parametrize(("expected", "rows"), [(70, 50), (70, 70), (70, 5000), (0, 1), (70, 3_000_000)])
def test_rows_stay_what_they_are_however_many_were_expected(kind: type[Log], expected: int, rows: int) -> None:
    log, written = kind(), 0
    log.expect(expected)
    for more in (rows // 2, rows - rows // 2):
        for column in log.room(written, more):
            column[written : written + more] = np.arange(written, written + more) % 1000
        written += more
    taken = log.take(rows)
    assert all(np.array_equal(column, np.arange(rows) % 1000) for column in taken)
    assert all(column.flags.aligned for column in taken)


@pytest.mark.parametrize("rows", [10, 3_000_000])
def test_rows_that_were_taken_stay_where_they_are_when_a_later_run_needs_more_room(rows: int) -> None:
    log = ReusedLog()
    log.room(0, rows).start[:3] = [1.0, 2.0, 3.0]
    taken = log.take(3)
    log.begin()
    log.room(0, 10_000_000)
    memory = taken.start.base
    assert memory is not None
    assert 0 <= taken.start.ctypes.data - memory.ctypes.data < memory.nbytes, "a view of memory that was given back"
    assert taken.start.tolist() == [1.0, 2.0, 3.0]


def test_a_later_run_writes_over_the_rows_of_the_one_before() -> None:
    log = ReusedLog()
    log.room(0, 10).start[:2] = [1.0, 2.0]
    taken = log.take(2)
    log.room(0, 4).start[0] = 3.0
    assert (taken.start.tolist(), log.take(1).start.tolist()) == ([1.0, 2.0], [3.0])
    log.begin()
    log.room(0, 4).start[0] = 4.0
    assert taken.start.tolist() == [4.0, 2.0]
