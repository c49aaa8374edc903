"""Everything that both engines model, in generated systems: the same rows from both, with pauses and other settings."""

from generated_courses import Course, courses, follow
from hypothesis import given, settings

from paysim.model.activity import COLUMNS


def same(one, other):
    differ = [column for column in COLUMNS if getattr(one, column).tobytes() != getattr(other, column).tobytes()]
    return differ == [] and one.in_progress == other.in_progress


@settings(max_examples=300, deadline=None)
@given(course=courses())
def test_both_engines_write_the_same_rows_whatever_is_changed_on_the_way(course: Course):
    assert same(follow(course, "compiled"), follow(course, "simpy"))


@settings(max_examples=60, deadline=None)
@given(course=courses())
def test_stopping_and_going_on_is_as_not_stopping(course: Course):
    begun = course.pieces[0][0]
    stopping = course._replace(pieces=tuple((begun, months) for _, months in course.pieces))
    in_one_go = course._replace(pieces=((begun, 12 * course.years),))
    for engine in ("compiled", "simpy"):
        assert same(follow(stopping, engine), follow(in_one_go, engine))
