"""Hypothesis strategy: runs of one to three years that pause and take other settings on the way."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from featured_systems import featured
from hypothesis import strategies as st
from other_settings import other_settings

from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.system import System
from paysim.simulation.running import Running
from paysim.simulation.simpy_engine import Process

pauses = st.one_of(st.integers(0, 14), st.just(MONTHS_PER_YEAR))


class Course(NamedTuple):
    """A run in pieces: a system, how many months pass, then another system, and so on; the last one to the end."""

    years: int
    seed: int
    sample: float
    pieces: tuple[tuple[System, int], ...]


def follow(course: Course, engine: str, processes: Mapping[str, Process] | None = None) -> Activity:
    """Return the activity of a course, with steps by processes of one's own where given."""
    running = Running(
        course.pieces[0][0],
        years=course.years,
        seed=course.seed,
        sample=course.sample,
        engine=engine,
        processes=processes,
    )
    for number, (system, passing) in enumerate(course.pieces):
        if number > 0:
            running.change(system)
        running.advance(passing)
        if passing % 2:
            running.activity()
    running.advance(running.months)
    return running.activity()


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Draw a system with everything in it, the fewer residents the more years, and up to three changes of it."""
    years = draw(st.integers(1, 3))
    system = draw(featured())
    begun = replace(system, population=replace(system.population, residents=system.population.residents // years))
    changes = draw(st.lists(st.tuples(other_settings(begun), pauses), max_size=3))
    pieces = ((begun, draw(pauses)), *changes)
    return Course(years, draw(st.integers(0, 2**63 - 1)), draw(st.sampled_from([1.0, 0.6])), pieces)
