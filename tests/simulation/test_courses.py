"""Everything that both engines model, in generated systems: the same rows from both, with pauses and other settings."""

from collections import Counter

from generated_courses import Course, courses, follow
from hypothesis import Phase, given, settings
from parts_of_courses import PARTS, without

from paysim.model.activity import COLUMNS

ENOUGH = 3
"""Courses that something must matter to, of 200; what does so is then looked at no longer."""


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


def test_generated_courses_are_worth_testing():
    """Whatever courses are made of matters to some, or the tests above would prove little: without it, other rows."""
    seen = Counter(dict.fromkeys([*PARTS, "rows of a third year"], 0))

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(course=courses())
    def look(course: Course):
        rare = [part for part in PARTS if seen[part] < ENOUGH]
        if not rare:
            return
        rows = follow(course, "compiled")
        seen["rows of a third year"] += bool((rows.start > 2 * 366).any())
        seen.update(part for part in rare if not same(rows, follow(without(course, part), "compiled")))

    look()
    assert min(seen.values()) >= ENOUGH, seen
