"""Measures taken from activity: one function a kind, and the published value beside it."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.measure import Measure
from paysim.model.system import System
from paysim.payment.spells import Spells, spells
from paysim.study.summary import ServiceUse


def take_measures(activity: Activity, use: ServiceUse) -> NDArray[np.float64]:
    """Return the value of every measure of the system, in its order; NaN where nothing was observed."""
    stays = spells(activity)
    return np.array(
        [_TAKE[measure.kind](measure, activity, stays, use) for measure in activity.system.measures.values()]
    )


def reference_value(measure: Measure, system: System) -> float:
    """Return the published value for the system's own residents, NaN where there is none."""
    if measure.target is None:
        return float("nan")
    counts = system.population.counts()
    return float((measure.target * counts).sum() / counts.sum())


def _rate(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    count = np.count_nonzero(_is_step(activity, measure.steps)[activity.step])
    return float(count * activity.weight / activity.system.population.total / activity.run.years)


def _share(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    counts = np.bincount(activity.step, minlength=len(activity.system.steps))
    return _ratio(
        counts[_is_step(activity, measure.steps)].sum(),
        counts[_is_step(activity, measure.base)].sum(),
    )


def _stay(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    chosen = _spells_with(activity, stays, measure.steps)
    return _ratio(stays.length_of_stay[chosen].sum(), np.count_nonzero(chosen))


def _occupancy(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    chosen = np.isin(np.array(activity.system.service_ids), measure.services)
    return _ratio(use.stay_days[chosen].sum(), use.open_server_days[chosen].sum())


def _within(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    episodes = int(activity.episode.max(initial=-1)) + 1
    began = np.full(episodes, np.inf)
    ended = np.full(episodes, np.inf)
    first = _is_step(activity, measure.steps)[activity.step]
    np.minimum.at(began, activity.episode[first], (activity.start - activity.wait)[first])
    # An end before the request belongs to one that came before the run.
    until = _is_step(activity, measure.until)[activity.step] & (activity.end >= began[activity.episode])
    np.minimum.at(ended, activity.episode[until], activity.end[until])
    both = np.isfinite(began) & np.isfinite(ended)
    return _ratio(np.count_nonzero(ended[both] - began[both] <= _limit(measure)), np.count_nonzero(both))


def _readmission(measure: Measure, activity: Activity, stays: Spells, use: ServiceUse) -> float:
    """Take each discharge's next emergency admission of the same resident; the last `limit` days have no follow-up."""
    followed = _spells_with(activity, stays, measure.base) & (stays.discharge < activity.days - _limit(measure))
    emergency = _is_step(activity, measure.steps)[activity.step[stays.first_row]]
    span = activity.days + activity.system.study.warm_up_days + _limit(measure) + 1.0
    # One sorted axis for all residents: a resident's own stretch of time is longer than any follow-up.
    admissions = np.sort(stays.resident[emergency] * span + stays.admission[emergency])
    discharges = stays.resident[followed] * span + stays.discharge[followed]
    before = np.searchsorted(admissions, discharges, side="right")
    after = np.searchsorted(admissions, discharges + _limit(measure), side="right")
    return _ratio(np.count_nonzero(after > before), np.count_nonzero(followed))


_TAKE: dict[str, Callable[[Measure, Activity, Spells, ServiceUse], float]] = {
    "rate": _rate,
    "share": _share,
    "stay": _stay,
    "occupancy": _occupancy,
    "within": _within,
    "readmission": _readmission,
}


def _is_step(activity: Activity, steps: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(np.array(activity.system.step_ids), steps)


def _spells_with(activity: Activity, stays: Spells, steps: Sequence[str]) -> NDArray[np.bool_]:
    """Return which spells contain any of the steps."""
    chosen = np.zeros(len(stays), dtype=np.bool_)
    chosen[stays.spell_of_row[_is_step(activity, steps)[activity.step[stays.rows]]]] = True
    return chosen


def _limit(measure: Measure) -> float:
    assert measure.limit is not None
    return measure.limit


def _ratio(part: float | np.number, whole: float | np.number) -> float:
    return float(part) / float(whole) if whole else float("nan")
