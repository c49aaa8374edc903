"""Spells that follow an earlier one of the same resident within some days."""

import numpy as np
from numpy.typing import NDArray

from paysim.jit import kernel
from paysim.model.activity import Activity
from paysim.payment.lookups import NONE
from paysim.payment.spells import Spells
from paysim.payment.threads import in_threads, shared_out
from paysim.payment.valuation import Readmissions
from paysim.radix_sort import sorted_by_bits

_SPELL_BITS = 31


def readmitted(activity: Activity, spells: Spells, asked: Readmissions, threads: int = 1) -> NDArray[np.bool_]:
    """Return whether each spell is a readmission as it was asked for.

    Its currency is one of `of`; it begins at or after the discharge of an earlier spell of the same resident, in a
    currency of `after`, by no more than so many days; and neither its code is exempt nor the resident too young. A
    discharge before the run began is not known, so the first days of a run hold fewer readmissions. Each thread takes
    the residents from one number to before another.
    """
    system = activity.system
    currencies, codes = list(system.currencies), list(system.codes)
    may_follow = _among(spells.currency, currencies, asked.of)
    may_follow &= ~_among(spells.code, codes, asked.exempt)
    candidates = np.flatnonzero(may_follow)
    may_follow[candidates] = _old_enough(activity, spells.resident[candidates], asked.youngest)
    leads = _among(spells.currency, currencies, asked.after)
    found = np.zeros(len(spells), dtype=np.bool_)

    def follow(first: int, stop: int) -> None:
        keys = np.empty(len(spells), dtype=np.int64)
        keys = keys[: _keys(spells.resident, first, stop, keys)]
        keys = sorted_by_bits(keys, _SPELL_BITS, (stop - first).bit_length())
        order = np.bitwise_and(keys, (1 << _SPELL_BITS) - 1, out=keys)
        _follow(order, spells.resident, spells.admission, spells.discharge, leads, may_follow, asked.within_days, found)

    in_threads(follow, shared_out(0, int(spells.resident.max(initial=-1)) + 1, threads))
    return found


def _among(numbers: NDArray[np.int16], names: list[str], wanted: tuple[str, ...] | None) -> NDArray[np.bool_]:
    """Return whether each number is that of a wanted name; all are that have one, where `wanted` is None."""
    if wanted is None:
        return np.asarray(numbers != NONE)
    return np.isin(numbers, [names.index(name) for name in wanted if name in names])


def _old_enough(activity: Activity, resident: NDArray[np.int32], youngest: int) -> NDArray[np.bool_]:
    """Return whether each resident's age band begins at that age or above."""
    population = activity.system.population
    return np.asarray(population.first_ages()[population.profile[population.cell_of(resident)]] >= youngest)


@kernel
def _keys(resident: NDArray[np.int32], first: int, stop: int, keys: NDArray[np.int64]) -> int:
    """Write the resident, from `first` on, and the number of each spell in the range; return how many there are."""
    count = 0
    for spell in range(len(resident)):
        if first <= resident[spell] < stop:
            keys[count] = (np.int64(resident[spell]) - first) << _SPELL_BITS | spell
            count += 1
    return count


@kernel
def _follow(
    order: NDArray[np.int64],
    resident: NDArray[np.int32],
    admission: NDArray[np.float64],
    discharge: NDArray[np.float64],
    leads: NDArray[np.bool_],
    may_follow: NDArray[np.bool_],
    within: int,
    found: NDArray[np.bool_],
) -> None:
    """Mark the readmissions; `order` puts each resident's spells together."""
    opening = 0
    while opening < len(order):
        stop = opening
        while stop < len(order) and resident[order[stop]] == resident[order[opening]]:
            stop += 1
        for later in order[opening:stop]:
            if may_follow[later]:
                for earlier in order[opening:stop]:
                    gap = admission[later] - discharge[earlier]
                    # Of two without length at one moment, the first episode's comes first.
                    before = discharge[earlier] < discharge[later] or earlier < later
                    if before and leads[earlier] and 0.0 <= gap <= within:
                        found[later] = True
                        break
        opening = stop
