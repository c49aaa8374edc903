"""Memory for the rows of one run after another."""

from paysim.simulation.log import ReusedLog


def test_rows_that_were_taken_stay_where_they_are_when_a_later_run_needs_more_room() -> None:
    log = ReusedLog()
    log.room(10).start[:3] = [1.0, 2.0, 3.0]
    taken = log.take(3)
    log.begin()
    log.room(10_000_000)
    assert taken.start.base is not None
    assert taken.start.base.ctypes.data == taken.start.ctypes.data, "a view of memory that was given back"
    assert taken.start.tolist() == [1.0, 2.0, 3.0]


def test_a_later_run_writes_over_the_rows_of_the_one_before() -> None:
    log = ReusedLog()
    log.room(10).start[:2] = [1.0, 2.0]
    taken = log.take(2)
    log.room(4).start[0] = 3.0
    assert (taken.start.tolist(), log.take(1).start.tolist()) == ([1.0, 2.0], [3.0])
    log.begin()
    log.room(4).start[0] = 4.0
    assert taken.start.tolist() == [4.0, 2.0]
