"""Hypothesis strategies: systems that use everything both engines model, and runs that pause and change course."""

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

import numpy as np
from generated_systems import TIMES, systems
from hypothesis import strategies as st
from small_systems import by_kind

from paysim.model.activity import Activity
from paysim.model.need import Need
from paysim.model.pathway import AfterWait, Branch, NotAttending, Step
from paysim.model.population import Population
from paysim.model.service import FollowsActivity, Service
from paysim.model.system import System
from paysim.simulation.running import Running

SEGMENTS = ("well", "frail")
LIMITS = (0.01, 0.5, 3.0)

probabilities = st.sampled_from([0.45, 0.2, 0.05, 0.0])
times = st.sampled_from(TIMES)
rooms = st.sampled_from([None, None, 0, 1, 3])


class Course(NamedTuple):
    """A run in pieces: a system, how many months pass, then another system, and so on."""

    seed: int
    sample: float
    pieces: tuple[tuple[System, int], ...]


def follow(course: Course, engine: str, stops: bool = True) -> Activity:
    """Return the activity of a course; without `stops`, all of it under its first system in one go."""
    first = course.pieces[0][0]
    running = Running(first, years=1, seed=course.seed, sample=course.sample, engine=engine)
    if not stops:
        running.advance(12)
        return running.activity()
    for number, (system, months) in enumerate(course.pieces):
        if number > 0:
            running.change(system)
        running.advance(months)
        if months % 2:
            running.activity()
    running.advance(12)
    return running.activity()


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Draw a system with everything in it, and up to three changes of its settings."""
    system = draw(featured())
    pieces = [(system, draw(st.integers(0, 5)))]
    for _ in range(draw(st.integers(0, 3))):
        pieces.append((draw(other_settings(pieces[-1][0])), draw(st.integers(0, 5))))
    return Course(draw(st.integers(0, 2**63 - 1)), draw(st.sampled_from([1.0, 0.6])), tuple(pieces))


@st.composite
def featured(draw: st.DrawFn) -> System:
    """Draw a system and add to it what the plain strategy leaves out."""
    plain = draw(systems())
    steps = list(plain.steps.values())
    by_wait = draw(st.sampled_from([0.0, 0.0, 1.0, 20.0]))
    changed = {step.id: draw(_featured_step(step, steps[number + 1 :], by_wait)) for number, step in enumerate(steps)}
    services = {id: draw(_featured_service(service)) for id, service in plain.services.items()}
    pathways = {
        id: replace(pathway, steps=tuple(changed[step.id] for step in pathway.steps))
        for id, pathway in plain.pathways.items()
    }
    system = _without_circles(replace(plain, services=services, pathways=pathways))
    return _told_apart(system, draw(_needs(plain.population))) if draw(st.booleans()) else system


def _without_circles(system: System) -> System:
    """Return the system without the holds by which services could come to be held for each other in a circle."""
    held: dict[str, set[str]] = {service: set() for service in system.services}

    def awaited(id: str) -> set[str]:
        step = system.steps[id]
        instead = {step.unserved, step.not_attending and step.not_attending.instead} - {None}
        return set(step.service.services).union(*map(awaited, instead))

    def may_hold(step: Step, branch: Branch) -> bool:
        if not branch.holds or branch.to is None:
            return False
        after = awaited(branch.to)
        more = {service: after - {service} for service in step.service.services}
        joined = {service: held[service] | more.get(service, set()) for service in held}
        try:
            TopologicalSorter(joined).prepare()
        except CycleError:
            return False
        held.update(joined)
        return True

    pathways = {
        id: replace(
            pathway,
            steps=tuple(
                replace(step, branches=tuple(replace(each, holds=may_hold(step, each)) for each in step.branches))
                for step in pathway.steps
            ),
        )
        for id, pathway in system.pathways.items()
    }
    return replace(system, pathways=pathways)


def _told_apart(system: System, need: dict[str, object]) -> System:
    """Return the system with every table by resident told apart by segment of need."""

    def wide(table: np.ndarray) -> np.ndarray:
        return np.repeat(table, len(SEGMENTS), axis=1) * np.tile([1.0, 0.7], table.shape[1])

    def step(one: Step) -> Step:
        absence = one.not_attending
        return replace(
            one,
            branches=tuple(
                replace(
                    branch,
                    probability=wide(branch.probability),
                    after_wait=tuple(
                        replace(after, probability=wide(after.probability)) for after in branch.after_wait
                    ),
                )
                for branch in one.branches
            ),
            not_attending=absence and replace(absence, probability=wide(absence.probability)),
        )

    pathways = {
        id: replace(
            pathway,
            steps=tuple(step(one) for one in pathway.steps),
            demand=pathway.demand and replace(pathway.demand, rate=wide(pathway.demand.rate)),
        )
        for id, pathway in system.pathways.items()
    }
    return replace(system, pathways=pathways, **need)


@st.composite
def _needs(draw: st.DrawFn, population: Population) -> dict[str, object]:
    told_apart = replace(population, profile=(population.profile * len(SEGMENTS)).astype(np.int16), segments=SEGMENTS)
    moves = draw(st.sampled_from([0.0, 0.3, 1.0]))
    death = np.full((2, told_apart.profiles), draw(st.sampled_from([0.0, 0.1, 0.9])))
    return {"population": told_apart, "need": Need(np.array([[1 - moves, moves], [0.25, 0.75]]), death)}


@st.composite
def _featured_service(draw: st.DrawFn, service: Service) -> Service:
    follows = st.builds(FollowsActivity, st.integers(1, 2), st.integers(1, 3), st.sampled_from([1.0, 0.7]))
    return replace(
        service,
        waiting_room=draw(rooms),
        follows_activity=draw(st.sampled_from([None, None, None, draw(follows)])),
    )


@st.composite
def _featured_step(draw: st.DrawFn, step: Step, later: list[Step], by_wait: float) -> Step:
    """Only later steps follow at once where somebody is not seen, so that nobody goes in circles in no time."""
    onward = st.sampled_from([one.id for one in later]) if later else st.none()
    instead = draw(onward)
    absence = NotAttending(by_kind(*(draw(probabilities) for _ in range(4))), instead) if instead else None
    return replace(
        step,
        service=replace(step.service, wait_sensitivity=by_wait if len(step.service.services) > 1 else 0.0),
        branches=tuple(draw(_featured_branch(branch)) for branch in step.branches),
        patience=draw(st.one_of(st.none(), times)),
        unserved=draw(st.one_of(st.none(), onward)),
        not_attending=draw(st.sampled_from([None, absence])),
    )


@st.composite
def _featured_branch(draw: st.DrawFn, branch: Branch) -> Branch:
    limits = sorted(draw(st.sets(st.sampled_from(LIMITS), max_size=2)))
    after = tuple(AfterWait(limit, by_kind(*(draw(probabilities) for _ in range(4)))) for limit in limits)
    return replace(branch, after_wait=after, holds=draw(st.booleans()))


@st.composite
def other_settings(draw: st.DrawFn, system: System) -> System:
    """Draw other capacities, rates, probabilities, durations and shares for a system."""
    services = {
        id: replace(service, capacity=draw(st.integers(0, 4)), waiting_room=draw(rooms))
        for id, service in system.services.items()
    }
    factor = draw(st.sampled_from([0.0, 0.4, 1.0, 1.0, 1.7, 2.5]))
    less = draw(st.sampled_from([0.0, 0.5, 1.0]))
    pathways = {
        id: replace(
            pathway,
            demand=pathway.demand and replace(pathway.demand, rate=pathway.demand.rate * factor),
            steps=tuple(draw(_other_step(step, less)) for step in pathway.steps),
        )
        for id, pathway in system.pathways.items()
    }
    return replace(system, services=services, pathways=pathways)


@st.composite
def _other_step(draw: st.DrawFn, step: Step, less: float) -> Step:
    branches = tuple(
        replace(branch, probability=branch.probability * less, delay=draw(times)) for branch in step.branches
    )
    return replace(step, branches=branches, duration=step.duration and draw(times))
