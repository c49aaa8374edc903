"""Hypothesis strategy: other settings for whatever `Running.change` takes."""

from dataclasses import replace

import numpy as np
from featured_systems import flags, follows, limits, needs, patiences, rooms
from generated_systems import OPENINGS, splits, times
from hypothesis import strategies as st

from paysim.model.pathway import Branch, CaseMix, NotAttending, ServiceChoice, Step
from paysim.model.service import Service
from paysim.model.system import System

rates = st.sampled_from([0.0, 0.4, 1.0, 1.0, 1.7, 2.5, 6.0])
capacities = st.integers(0, 4)
openings = st.sampled_from(OPENINGS)
sensitivities = st.sampled_from([0.01, 1.0, 100.0])
factors = st.sampled_from([0.0, 0.5, 1.0, 1.0])
"""At most 1, so that two branches leave a way out."""


@st.composite
def other_settings(draw: st.DrawFn, begun: System) -> System:
    """Draw other settings for a run that began with a system; some are as they were."""
    rate = draw(rates)
    branches, absences = draw(factors), draw(factors)
    pathways = {
        id: replace(
            pathway,
            demand=pathway.demand and replace(pathway.demand, rate=pathway.demand.rate * rate),
            steps=tuple(draw(_step(step, branches, absences)) for step in pathway.steps),
        )
        for id, pathway in begun.pathways.items()
    }
    return replace(
        begun,
        services={id: draw(_service(service)) for id, service in begun.services.items()},
        case_mixes={id: draw(_case_mix(mix)) for id, mix in begun.case_mixes.items()},
        need=begun.need and draw(needs(begun.population.profiles)),
        pathways=pathways,
    )


@st.composite
def _service(draw: st.DrawFn, service: Service) -> Service:
    return replace(
        service,
        capacity=draw(capacities),
        opening=draw(openings) if draw(flags) else service.opening,
        waiting_room=draw(rooms),
        follows_activity=draw(follows),
    )


@st.composite
def _case_mix(draw: st.DrawFn, mix: CaseMix) -> CaseMix:
    entries = zip(mix.entries, mix.entries[::-1] if draw(flags) else mix.entries, strict=True)
    return replace(mix, entries=tuple(replace(one, share=other.share, stay=other.stay) for one, other in entries))


@st.composite
def _step(draw: st.DrawFn, step: Step, branches: float, absences: float) -> Step:
    return replace(
        step,
        service=draw(_choice(step.service)),
        duration=step.duration and draw(times),
        branches=tuple(draw(_branch(branch, branches)) for branch in step.branches),
        patience=draw(patiences),
        unserved=step.unserved if draw(flags) else None,
        not_attending=_less_often(step.not_attending, absences) if draw(flags) else None,
    )


@st.composite
def _choice(draw: st.DrawFn, choice: ServiceChoice) -> ServiceChoice:
    """Waits go on to have a part in a choice, or none: that must not change."""
    return replace(
        choice,
        shares=np.array(draw(splits(len(choice.services)))),
        wait_sensitivity=choice.wait_sensitivity * draw(sensitivities),
    )


@st.composite
def _branch(draw: st.DrawFn, branch: Branch, factor: float) -> Branch:
    """A branch comes to hold no server that it did not, lest services come to be held for each other in a circle."""
    later = draw(factors)
    after = [
        replace(one, over=over, probability=one.probability * later)
        for one, over in zip(branch.after_wait, draw(limits), strict=False)
    ]
    return replace(
        branch,
        probability=branch.probability * factor,
        delay=draw(times),
        after_wait=tuple(after),
        holds=branch.holds and draw(flags),
    )


def _less_often(absence: NotAttending | None, factor: float) -> NotAttending | None:
    return absence and replace(absence, probability=absence.probability * factor)
