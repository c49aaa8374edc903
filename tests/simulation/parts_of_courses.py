"""What generated courses are made of, each part with a way to take it out: what it matters to has other rows then."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from generated_courses import Course

from paysim.model.system import System

Edit = Callable[[Any, Any], Any]
"""Returns a part of a system as it is to be, from how it was when the run began and how it is now."""


def without(course: Course, part: str) -> Course:
    """Return a course without one of the PARTS."""
    begun = course.pieces[0][0]
    return course._replace(pieces=tuple((PARTS[part](begun, system), months) for system, months in course.pieces))


def _set(**values: object) -> Edit:
    return lambda _, now: replace(now, **values)


def _as_begun(name: str) -> Edit:
    return lambda begun, now: replace(now, **{name: getattr(begun, name)})


def _services(edit: Edit) -> Edit:
    def whole(begun: System, now: System) -> System:
        return replace(now, services={id: edit(begun.services[id], one) for id, one in now.services.items()})

    return whole


def _pathways(edit: Edit) -> Edit:
    def whole(begun: System, now: System) -> System:
        return replace(now, pathways={id: edit(begun.pathways[id], one) for id, one in now.pathways.items()})

    return whole


def _steps(edit: Edit) -> Edit:
    return _pathways(lambda begun, now: replace(now, steps=tuple(map(edit, begun.steps, now.steps))))


def _choices(edit: Edit) -> Edit:
    return _steps(lambda begun, now: replace(now, service=edit(begun.service, now.service)))


def _branches(edit: Edit) -> Edit:
    return _steps(lambda begun, now: replace(now, branches=tuple(map(edit, begun.branches, now.branches))))


def _needs(edit: Edit) -> Edit:
    return lambda begun, now: replace(now, need=now.need and edit(begun.need, now.need))


def _even_months(_: System, now: System) -> System:
    return replace(now, timings={id: replace(one, months=(1.0,) * 12) for id, one in now.timings.items()})


PARTS: dict[str, Edit] = {
    "holds": _branches(_set(holds=False)),
    "after a wait": _branches(_set(after_wait=())),
    "patience": _steps(_set(patience=None)),
    "unserved": _steps(_set(unserved=None)),
    "not attending": _steps(_set(not_attending=None)),
    "waiting room": _services(_set(waiting_room=None)),
    "follows activity": _services(_set(follows_activity=None)),
    "choice by wait": _choices(_set(wait_sensitivity=0.0)),
    "transitions": _needs(_set(transitions=np.eye(2))),
    "death": _needs(lambda _, now: replace(now, death=0.0 * now.death)),
    "uneven months": _even_months,
    "other capacity": _services(_as_begun("capacity")),
    "other opening": _services(_as_begun("opening")),
    "other waiting room": _services(_as_begun("waiting_room")),
    "other following": _services(_as_begun("follows_activity")),
    "other rates": _pathways(_as_begun("demand")),
    "other case mix": _as_begun("case_mixes"),
    "other shares": _choices(_as_begun("shares")),
    "other sensitivity": _choices(_as_begun("wait_sensitivity")),
    "other duration": _steps(_as_begun("duration")),
    "other patience": _steps(_as_begun("patience")),
    "other unserved": _steps(_as_begun("unserved")),
    "other not attending": _steps(_as_begun("not_attending")),
    "other probability": _branches(_as_begun("probability")),
    "other after a wait": _branches(_as_begun("after_wait")),
    "other delay": _branches(_as_begun("delay")),
    "other holds": _branches(_as_begun("holds")),
    "other transitions": _needs(_as_begun("transitions")),
    "other death": _needs(_as_begun("death")),
}
