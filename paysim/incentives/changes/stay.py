"""Steps take longer or shorter."""

from dataclasses import replace

from paysim.incentives.changes.moved import Changes, factor_of
from paysim.incentives.changes.steps import step_of, with_steps
from paysim.model.lever import StayEffect
from paysim.model.pathway import CaseMix, Duration
from paysim.model.system import System


def with_stay(system: System, changes: Changes[StayEffect]) -> System:
    """Return the system with the mean durations of steps times 1 + the change; how they vary around it stays.

    A step whose codes decide the duration gets a case mix of its own, with the same codes in the same shares.
    """
    factors: dict[str, float] = {}
    for change in changes:
        for id in change.effect.steps:
            factors[step_of(system, change, id).id] = factors.get(id, 1.0) * factor_of(change, "stay")
    steps, mixes = {}, dict(system.case_mixes)
    for id, factor in factors.items():
        step = system.steps[id]
        if step.duration is not None:
            steps[id] = replace(step, duration=scaled(step.duration, factor))
        elif step.case_mix is not None:
            mix = _scaled_mix(system.case_mixes[step.case_mix], factor)
            mixes[mix.id] = mix
            steps[id] = replace(step, case_mix=mix.id)
    return with_steps(replace(system, case_mixes=mixes), steps) if steps else system


def scaled(duration: Duration, factor: float) -> Duration:
    """Return a duration whose every quantile is so many times as long."""
    return replace(duration, mean=duration.mean * factor)


def _scaled_mix(mix: CaseMix, factor: float) -> CaseMix:
    """Return a case mix with other stays, under an id of its own, since other steps may share the first."""
    entries = tuple(
        entry if entry.stay is None else replace(entry, stay=scaled(entry.stay, factor)) for entry in mix.entries
    )
    return CaseMix(f"{mix.id} (stays x {factor!r})", entries)
