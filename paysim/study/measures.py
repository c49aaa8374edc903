"""Measures taken from activity: one function a kind, and the published value beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.measure import Measure
from paysim.model.system import System
from paysim.payment.episodes import days_between
from paysim.payment.spells import Spells, spells
from paysim.study.summary import ServiceUse

_BLOCK_ROWS = 2**16


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """An activity and what more than one measure asks of it."""

    activity: Activity
    use: ServiceUse
    stays: Spells
    rows_of_step: NDArray[np.int64]

    def count(self, steps: Sequence[str]) -> int:
        """Return the number of rows of the steps."""
        return int(self.rows_of_step[_is_step(self.activity, steps)].sum())


def take_measures(activity: Activity, use: ServiceUse) -> NDArray[np.float64]:
    """Return the value of every measure of the system, in its order; NaN where nothing was observed."""
    seen = _Seen(activity, use, spells(activity), _rows_by_step(activity))
    return np.array([_TAKE[measure.kind](measure, seen) for measure in activity.system.measures.values()])


def reference_value(measure: Measure, system: System) -> float:
    """Return the published value for the system's own residents, NaN where there is none."""
    if measure.target is None:
        return float("nan")
    counts = system.population.counts()
    return float((measure.target * counts).sum() / counts.sum())


def _rate(measure: Measure, seen: _Seen) -> float:
    activity = seen.activity
    count, years = seen.count(measure.steps), activity.periods / MONTHS_PER_YEAR
    return float(count * activity.weight / activity.system.population.total / years)


def _share(measure: Measure, seen: _Seen) -> float:
    return _ratio(seen.count(measure.steps), seen.count(measure.base))


def _stay(measure: Measure, seen: _Seen) -> float:
    chosen = _spells_with(seen, measure.steps)
    return _ratio(seen.stays.length_of_stay[chosen].sum(), np.count_nonzero(chosen))


def _occupancy(measure: Measure, seen: _Seen) -> float:
    chosen = np.isin(np.array(seen.activity.system.service_ids), measure.services)
    return _ratio(seen.use.stay_days[chosen].sum(), seen.use.open_server_days[chosen].sum())


def _within(measure: Measure, seen: _Seen) -> float:
    days = days_between(seen.activity, _is_step(seen.activity, measure.steps), _is_step(seen.activity, measure.until))
    return _ratio(np.count_nonzero(days <= _limit(measure)), len(days))


def _readmission(measure: Measure, seen: _Seen) -> float:
    """Take each discharge's next emergency admission of the same resident; the last `limit` days have no follow-up."""
    activity, stays = seen.activity, seen.stays
    followed = _spells_with(seen, measure.base) & (stays.discharge < activity.days - _limit(measure))
    emergency = _is_step(activity, measure.steps)[activity.step[stays.first_row]]
    span = activity.days + activity.system.study.warm_up_days + _limit(measure) + 1.0
    # One sorted axis for all residents: a resident's own stretch of time is longer than any follow-up.
    admissions = np.sort(stays.resident[emergency] * span + stays.admission[emergency])
    discharges = np.sort(stays.resident[followed] * span + stays.discharge[followed])
    before = np.searchsorted(admissions, discharges, side="right")
    after = np.searchsorted(admissions, discharges + _limit(measure), side="right")
    return _ratio(np.count_nonzero(after > before), np.count_nonzero(followed))


_TAKE: dict[str, Callable[[Measure, _Seen], float]] = {
    "rate": _rate,
    "share": _share,
    "stay": _stay,
    "occupancy": _occupancy,
    "within": _within,
    "readmission": _readmission,
}


def _rows_by_step(activity: Activity) -> NDArray[np.int64]:
    counts = np.zeros(len(activity.system.steps), dtype=np.int64)
    # Block by block, since NumPy counts in copies of 8 bytes a row.
    for start in range(0, len(activity), _BLOCK_ROWS):
        counts += np.bincount(activity.step[start : start + _BLOCK_ROWS], minlength=len(counts))
    return counts


def _is_step(activity: Activity, steps: Sequence[str]) -> NDArray[np.bool_]:
    return np.isin(np.array(activity.system.step_ids), steps)


def _spells_with(seen: _Seen, steps: Sequence[str]) -> NDArray[np.bool_]:
    """Return which spells contain any of the steps."""
    stays = seen.stays
    chosen = np.zeros(len(stays), dtype=np.bool_)
    chosen[stays.spell_of_row[_is_step(seen.activity, steps)[seen.activity.step[stays.rows]]]] = True
    return chosen


def _limit(measure: Measure) -> float:
    assert measure.limit is not None
    return measure.limit


def _ratio(part: float | np.number, whole: float | np.number) -> float:
    return float(part) / float(whole) if whole else float("nan")
