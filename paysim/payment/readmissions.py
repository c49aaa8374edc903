"""Spells that follow an earlier one of the same resident within some days."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.payment.spells import Spells
from paysim.payment.threads import in_threads, shared_out
from paysim.payment.valuation import Readmissions


def readmitted(activity: Activity, spells: Spells, asked: Readmissions, threads: int = 1) -> NDArray[np.bool_]:
    """Return whether each spell is a readmission as it was asked for.

    Its currency is one of `of`; it begins at or after the discharge of an earlier spell of the same resident, in a
    currency of `after`, by no more than so many days; and neither its code is exempt nor the resident too young. A
    discharge before the run began is not known, so the first days of a run hold fewer readmissions. Each thread takes
    the residents of a part of the spells.
    """
    system, population = activity.system, activity.system.population
    currencies, codes = list(system.currencies), list(system.codes)
    found = np.zeros(len(spells), dtype=np.bool_)

    def follow(first: int, stop: int) -> None:
        _follow(
            first,
            stop,
            spells.resident,
            spells.currency,
            spells.code,
            spells.admission,
            spells.discharge,
            _among(currencies, asked.after),
            _among(currencies, asked.of),
            _among(codes, asked.exempt),
            np.cumsum(population.residents),
            population.first_ages()[population.profile] >= asked.youngest,
            asked.within_days,
            found,
        )

    in_threads(follow, shared_out(0, len(spells), threads))
    return found


def _among(names: list[str], wanted: tuple[str, ...] | None) -> NDArray[np.bool_]:
    """Return whether each name is wanted, by its number; all are where `wanted` is None. The last is for no name."""
    return np.array([*(wanted is None or name in wanted for name in names), False])


@kernel
def _follow(
    first: int,
    stop: int,
    resident: NDArray[np.int32],
    currency: NDArray[np.int16],
    code: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    follows: NDArray[np.bool_],
    exempt: NDArray[np.bool_],
    cell_end: NDArray[np.int64],
    old_enough: NDArray[np.bool_],
    within: int,
    found: NDArray[np.bool_],
) -> None:
    """Mark the readmissions of the residents whose spells begin from `first` to before `stop`; they stand together."""
    opening = first
    while 0 < opening < stop and resident[opening] == resident[opening - 1]:
        opening += 1
    cell = 0
    while opening < stop:
        after = opening + 1
        while after < len(resident) and resident[after] == resident[opening]:
            after += 1
        if after > opening + 1:
            while resident[opening] >= cell_end[cell]:
                cell += 1
            if old_enough[cell]:
                for later in range(opening, after):
                    if follows[currency[later]] and not exempt[code[later]]:
                        found[later] = _comes_after(
                            later, opening, after, currency, admission, discharge, leads, within
                        )
        opening = after


@kernel
def _comes_after(
    later: int,
    opening: int,
    after: int,
    currency: NDArray[np.int16],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    within: int,
) -> bool:
    """Return whether a spell begins so soon after one of the same resident, whose spells end before `after`."""
    for earlier in range(opening, after):
        gap = admission[later] - discharge[earlier]
        # Of two without length at one moment, the first episode's comes first.
        before = discharge[earlier] < discharge[later] or earlier < later
        if before and leads[currency[earlier]] and 0.0 <= gap <= within:
            return True
    return False
