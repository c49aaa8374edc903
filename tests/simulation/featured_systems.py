"""Hypothesis strategies: systems that use everything both engines model."""

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from itertools import product

import numpy as np
from generated_systems import TIMES, systems
from hypothesis import strategies as st
from small_systems import by_kind

from paysim.model.need import Need
from paysim.model.pathway import AfterWait, Branch, NotAttending, Step
from paysim.model.population import Population
from paysim.model.service import FollowsActivity, Service
from paysim.model.system import System

SEGMENTS = ("well", "frail")
LIMITS = ((), (), (0.01,), (0.5,), (3.0,), (0.01, 3.0), (0.5, 3.0))
PROBABILITIES = (
    by_kind(0.2, 0.2, 0.2, 0.2),
    by_kind(0.0, 0.0, 0.45, 0.45),
    by_kind(0.45, 0.05, 0.45, 0.05),
    by_kind(0.45, 0.2, 0.0, 0.05),
)
"""The same for everybody, by place, by age, and by both; at most 0.45, so that two branches leave a way out."""
FOLLOWS = [FollowsActivity(*each) for each in product((1, 2), (1, 2, 3), (1.0, 0.7))]

probabilities = st.sampled_from(PROBABILITIES)
limits = st.sampled_from(LIMITS)
patiences = st.sampled_from([*[None] * len(TIMES), *TIMES])
rooms = st.sampled_from([None, None, 0, 1, 3])
follows = st.sampled_from([*[None] * 3 * len(FOLLOWS), *FOLLOWS])
flags = st.booleans()


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
    return _told_apart(system, draw(_needs(plain.population))) if draw(flags) else system


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
    return {"population": told_apart, "need": draw(needs(told_apart.profiles))}


@st.composite
def needs(draw: st.DrawFn, profiles: int) -> Need:
    """Draw how segments change from year to year, and how many die in each."""
    moves = draw(_moves)
    death = [draw(_deaths) for _ in SEGMENTS]
    return Need(np.array([[1 - moves, moves], [0.25, 0.75]]), np.tile(death, (2, profiles // len(SEGMENTS))))


_moves = st.sampled_from([0.0, 0.3, 1.0])
_deaths = st.sampled_from([0.0, 0.0, 0.1, 0.5])


@st.composite
def _featured_service(draw: st.DrawFn, service: Service) -> Service:
    return replace(service, waiting_room=draw(rooms), follows_activity=draw(follows))


@st.composite
def _featured_step(draw: st.DrawFn, step: Step, later: list[Step], by_wait: float) -> Step:
    """Only later steps follow at once where somebody is not seen, so that nobody goes in circles in no time."""
    onward = st.sampled_from([None, *(one.id for one in later)])
    instead = draw(onward)
    return replace(
        step,
        service=replace(step.service, wait_sensitivity=by_wait if len(step.service.services) > 1 else 0.0),
        branches=tuple(draw(_featured_branch(branch)) for branch in step.branches),
        patience=draw(patiences),
        unserved=draw(onward),
        not_attending=NotAttending(draw(probabilities), instead) if instead and draw(flags) else None,
    )


@st.composite
def _featured_branch(draw: st.DrawFn, branch: Branch) -> Branch:
    after = tuple(AfterWait(limit, draw(probabilities)) for limit in draw(limits))
    return replace(branch, after_wait=after, holds=draw(flags))
